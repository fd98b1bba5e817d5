"""The benchmark of genre systems: what its arms read, and that no plot of another film is of a film under evaluation."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from trailerflow.genres.extra.same_film import EvaluatedFilms
from trailerflow.movies.movie import Movie

ROOT = Path(__file__).parents[3]


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module("genre_systems")


def test_titled_arms_read_the_title_and_an_ensemble_reads_predictions_alone(benchmark):
    systems = [
        {"name": "words", "kind": "tfidf"},
        {"name": "all", "kind": "ensemble", "predictions": ["words"]},
    ]
    words, ensemble = benchmark._entries(systems, "plots-titled")
    assert (words.titled, words.texts) == (True, ("synopsis",))
    assert (ensemble.titled, ensemble.texts, ensemble.predictions) == (False, (), ("words",))


def test_a_plot_that_may_be_of_a_film_under_evaluation_is_left_out(benchmark, tmp_path):
    rows = pd.DataFrame(
        {
            "ml1m_id": [7, 8],
            "ml_title": ["Hamlet (1990)", "Heat (1986)"],
            "plot": ["A prince.", "A thief."],
            "ml_genres": ["Drama", "Action|Crime"],
        }
    )
    rows.to_parquet(tmp_path / "ml1m_extra_plots.parquet")
    table = benchmark._other_films(
        tmp_path, EvaluatedFilms([Movie("1", "Hamlet", 1991), Movie("2", "Heat", 1995)])
    )
    assert table["part"].tolist() == ["left out", "train"]
    assert table.loc[1, ["title", "year", "Action", "Crime", "Drama"]].tolist() == [
        "Heat",
        1986,
        True,
        True,
        False,
    ]


def test_a_film_without_a_text_is_absent(benchmark, tmp_path):
    pd.DataFrame({"item_id": [2], "plot": ["A thief."]}).to_parquet(tmp_path / "plots.parquet")
    table = benchmark._text_table(tmp_path / "plots.parquet", "plot", pd.Series(["1", "2"]))
    assert table["status"].tolist() == ["absent", "ok"]
    assert table["text"].tolist() == [None, "A thief."]
