"""The program of the search: trials, the best settings, and before and after on films that it did not see."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from trailerflow.tables import read_about, write_table
from unit.genres.test_programs import outcomes, program
from unit.genres.tiny_encoder import fetched_minilm, split_of, told_films

pytestmark = pytest.mark.slow


def test_a_search_writes_its_trials_and_what_the_best_settings_are_worth(tmp_path):
    fetched_minilm(tmp_path / "models")
    films = told_films(20)
    write_table(films.drop(columns="text").assign(year=1995), tmp_path / "movies.parquet")
    write_table(split_of(films, folds=4), tmp_path / "splits.csv")
    entry = {
        "name": "tiny",
        "kind": "encoder",
        "texts": ["transcript"],
        "settings": {
            "encoder": "minilm-distilbert",
            "epochs": 1,
            "learning_rate": 0.01,
            "tokens": 8,
            "batch": 4,
        },
    }
    program(
        "search_encoder", tmp_path, outcomes(tmp_path, dict(zip(films["movie"], films["text"], strict=True))),
        movies="movies.parquet", split="splits.csv", system=json.dumps(entry), space="report",
        models_folder="models", seed=0, threads=1, code="x", journal="run/search/tiny.journal",
        output="trials.csv", best="best.json", compared="compared.csv", about="about.json",
    )  # fmt: skip
    trials, compared = pd.read_csv(tmp_path / "trials.csv"), pd.read_csv(tmp_path / "compared.csv")
    assert list(trials["number"]) == list(range(10))
    best = json.loads((tmp_path / "best.json").read_text())
    row = trials.loc[trials[trials["state"] == "complete"]["value"].idxmax()]
    assert best["batch"] == row["batch"]
    assert best["learning_rate"] == pytest.approx(row["learning_rate"], rel=1e-4)
    assert list(compared["arm"]) == ["before", "after"]
    assert compared["map"].between(0, 1).all()
    assert "the search saw training films alone" in read_about(tmp_path / "about.json")["notes"][0]
    assert (tmp_path / "run/search/tiny.journal").read_bytes().count(b"\n") > 10
