"""The search for a ranker's settings: what a trial sees and is judged by, and what the program writes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.ranker_trials import trials_of
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Scores, Side
from trailerflow.recommendations.rankers.ease import Ease
from trailerflow.recommendations.rankers.popularity import Popularity
from trailerflow.recommendations.split_tables import write_split
from trailerflow.recommendations.splits.contract import TABLES
from trailerflow.recommendations.splits.leave_last import LeaveLast
from trailerflow.search.choices import Between
from unit.recommendations.frames import random_ratings

ROOT = Path(__file__).parents[3]
RATINGS = random_ratings(users=20, films=12)
COMMON = Settings(held_out=2, history=1, llm_users=0, seed=0, tie_seeds=2)


def tables(folder: Path, blocks: int = 1) -> list[Path]:
    files = {name: folder / f"{name}.parquet" for name in TABLES}
    split = LeaveLast({"blocks": blocks, "negatives": 3})
    write_split(split.split(RATINGS, pd.DataFrame({"movie": []}), COMMON), files)
    return list(files.values())


class Guess(Ranker):
    """Scores of which the setting says how right they are."""

    source = "made up for a test"
    defaults = {"right": 0.0}  # noqa: RUF012
    space = {"right": Between(0.0, 1.0)}  # noqa: RUF012

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        last = RATINGS.groupby("user", observed=True).tail(4).groupby("user", observed=True).head(2)
        assert len(train) == len(RATINGS) - 4 * 20  # neither the test nor the block
        return Guessed(last if self.settings["right"] > 0.5 else last.head(0))


class Guessed(Fitted):
    def __init__(self, truth: pd.DataFrame) -> None:
        self._truth = set(zip(truth["user"].astype(str), truth["movie"].cat.codes, strict=True))

    def score(self, questions: Questions) -> Iterator[Scores]:
        for question in questions:
            right = [(question.user, film) in self._truth for film in question.candidates]
            yield Scores(question.number, np.array(right, dtype=float))


def test_a_trial_knows_what_precedes_the_block_and_is_judged_by_the_block(tmp_path: Path) -> None:
    trials = trials_of(Guess, {}, tables(tmp_path), "full", {}, threads=1)
    assert trials.measure.key == ("ndcg", 10)
    assert trials.figure({"right": 1.0}) == 1.0
    assert trials.figure({"right": 0.0}) < 0.6


@pytest.mark.parametrize(
    ("kind", "protocol", "blocks", "words"),
    [
        (Popularity, "full", 1, "Popularity has no settings that are searched"),
        (Ease, "full", 0, "no block block_1 before its test"),
        (Ease, "whole", 1, "asks no whole; choose one of temporal, full, sampled"),
    ],
)
def test_what_cannot_be_searched_is_told(
    tmp_path: Path, kind: type[Ranker], protocol: str, blocks: int, words: str
) -> None:
    with pytest.raises(TrailerflowError, match=words):
        trials_of(kind, {}, tables(tmp_path, blocks), protocol, {}, threads=1)


@pytest.mark.slow
def test_the_program_writes_settings_that_a_ranker_takes_and_keeps_those_that_are_given(
    tmp_path: Path,
) -> None:
    given = [
        "--ranker=ease",
        f"--settings={json.dumps({'half_life': None})}",
        "--protocol=full",
        "--trials=3",
    ]
    given += [
        "--seed=0",
        "--threads=1",
        "--code=x",
        "--journal=journal",
        "--best=best.yaml",
        "--output=trials.csv",
    ]
    script = [
        sys.executable,
        str(ROOT / "scripts/search_rankers.py"),
        "--tables",
        *map(str, tables(tmp_path)),
    ]
    done = subprocess.run(
        [*script, *given, "--about=about.json"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "best.yaml").read_text()
    found = Ease(yaml.safe_load(text)).settings
    trials = pd.read_csv(tmp_path / "trials.csv")
    assert found["half_life"] is None
    assert found["penalty"] == pytest.approx(trials.loc[trials["value"].idxmax(), "penalty"], rel=1e-5)
    assert text.startswith("# ease: ndcg@10 of ")
