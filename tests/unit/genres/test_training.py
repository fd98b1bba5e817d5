"""What the job of a configured system reads: the right documents, extra texts with their titles taken out, not too many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.configured import ConfiguredSystem, configured_systems, needs_inner_folds, teachers
from trailerflow.genres.extra.gather import COLUMN_TYPES, TEST, TRAIN, VALIDATION
from trailerflow.genres.films import Films
from trailerflow.genres.training import Readings, Surrounded, drawn, gather_films, train
from trailerflow.outcomes import Outcome, write_outcome

MOVIES = pd.DataFrame(
    {"movie": ["1", "2"], "title": ["Jaws", "Heat"], "year": pd.array([1975, None], dtype="Int64")}
    | {genre: [genre == "Drama", genre == "Crime"] for genre in GENRES}
)
SPLIT = pd.DataFrame({"movie": ["1", "2"], "fold": [-1, -1], "held_out": [True, True]})


def documents() -> list[Path]:
    """A transcript of either film and a summary of the first, each saying where it is from."""
    paths = []
    for rule, folder, column in (
        ("prepare_transcript", "prepare_transcript", "text"),
        ("summarise_movie", "summarise_movie/qwen/zero_shot", "summary"),
    ):
        for movie, title in zip(MOVIES["movie"], MOVIES["title"], strict=True):
            paths.append(Path(f"results/{folder}/{movie}.json"))
            data = {column: f"{rule} of {title} Harbour"}
            write_outcome(Outcome(movie, rule, "ok", data=data), paths[-1])
    return paths


def extra_texts(counts: dict[str, int]) -> pd.DataFrame:
    rows = [
        {
            "movie": f"wiki:{part}-{number}",
            "source": "wiki",
            "title": "Alien",
            "year": 1979 if number else None,
            "text": f"An Alien wakes {number}.",
            "weight": 0.5,
            "part": part,
            "reason": None,
        }
        | {genre: genre == GENRES[number % len(GENRES)] for genre in GENRES}
        for part, count in counts.items()
        for number in range(count)
    ]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def system(**more: object) -> ConfiguredSystem:
    return ConfiguredSystem.from_entry({"name": "words", "kind": "tfidf", "texts": ["transcript"]} | more)


def test_each_text_comes_from_its_own_documents_and_the_title_is_taken_out():
    readings = Readings(MOVIES, SPLIT, documents(), extra_texts({TRAIN: 2, VALIDATION: 1, TEST: 1}))
    found, extra = gather_films(system(texts=["transcript", "summary/qwen/zero_shot"]), readings)
    assert found.films.texts == {
        "transcript": ["prepare_transcript of this film Harbour"] * 2,
        "summary/qwen/zero_shot": ["summarise_movie of this film Harbour"] * 2,
    }
    assert extra.train.texts == {
        "transcript": ["An this film wakes 0.", "An this film wakes 1."],
        "summary/qwen/zero_shot": ["", ""],
    }
    assert (extra.train.sources, list(extra.train.weights)) == (["wiki"] * 2, [0.5] * 2)
    assert (list(extra.validation.movies), list(extra.test.movies)) == (
        ["wiki:validation-0"],
        ["wiki:test-0"],
    )


def test_a_titled_system_reads_titles_with_their_years_and_whole_texts():
    readings = Readings(MOVIES, SPLIT, documents(), extra_texts({TRAIN: 2}))
    found, extra = gather_films(system(titled=True), readings)
    assert found.films.texts["title"] == ["Jaws (1975)", "Heat"]
    assert found.films.texts["transcript"][0] == "prepare_transcript of Jaws Harbour"
    assert extra.train.texts["title"] == ["Alien", "Alien (1979)"]


def test_a_system_without_texts_of_its_own_reads_the_configured_ones_unless_it_reads_predictions():
    entries = [
        {"name": "all", "kind": "ensemble", "predictions": ["words"]},
        {"name": "words", "kind": "tfidf"},
        {"name": "young", "kind": "distilled", "predictions": ["words"], "texts": ["synopsis"]},
    ]
    systems = configured_systems({"texts": ["transcript"], "systems": entries})
    assert list(systems) == ["words", "all", "young"]
    assert [one.texts for one in systems.values()] == [("transcript",), (), ("synopsis",)]
    assert teachers(systems.values()) == {"words"}
    assert needs_inner_folds("words", systems.values()) and not needs_inner_folds("all", systems.values())
    with pytest.raises(ValueError, match="read each other"):
        configured_systems({"texts": ["transcript"], "systems": entries[:1]})


def test_only_so_many_extra_texts_are_drawn_by_seed():
    films = Films([str(number) for number in range(20)])
    one, other = drawn(films, 5, seed=0), drawn(films, 5, seed=1)
    assert len(one) == len(other) == 5
    assert one.movies == drawn(films, 5, seed=0).movies != other.movies
    assert drawn(films, 30, seed=0).movies == films.movies


def trained(**more: object):
    surrounded = Surrounded(Path("models"), None, 0, "code")
    readings = Readings(MOVIES, SPLIT, documents(), extra_texts({TRAIN: 40, VALIDATION: 20, TEST: 6}))
    return train(system(**more), readings, surrounded, inner=False, teaches=False, rule="train_genres")


def test_with_all_films_held_out_a_job_learns_from_the_extra_texts_and_predicts_both():
    result = trained(extra=30)
    rows = result.learnt.tables.predictions
    assert rows.groupby("part", observed=True)["movie"].nunique().to_dict() == {
        "extra": 6, "held-out": 2, "validation": 20,
    }  # fmt: skip
    assert np.isfinite(rows.loc[rows["part"] == "held-out", "probability"].to_numpy(dtype=float)).all()
    assert result.notes == ("words reads transcript, masked and learns from 30 extra texts as well.",)


def test_a_wrong_setting_is_refused_before_anything_is_learnt():
    with pytest.raises(TrailerflowError, match="The genre system words has no setting depth"):
        trained(settings={"depth": 3})
