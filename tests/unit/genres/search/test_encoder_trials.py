"""The search with a tiny encoder: killed in its fifth trial and started again, it ends as one that was not killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from optuna.distributions import FloatDistribution

from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films, Reads, Training
from trailerflow.genres.search.encoder_trials import EncoderTrials
from trailerflow.genres.search.spaces import SPACES
from trailerflow.search.rounds import search
from trailerflow.search.space import Space
from unit.genres.tiny_encoder import fetched_minilm, told_films

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[3]
RATES = FloatDistribution(1e-4, 0.1, log=True)
"""Rates that a tiny encoder tells apart."""
SPACE = Space({**SPACES["report"].choices, "learning_rate": RATES}, trials=6, epochs=1)
FILMS = told_films(24)


def trials(models_folder: Path) -> EncoderTrials:
    films = Films(
        movies=list(FILMS["movie"]),
        texts={"transcript": list(FILMS["text"])},
        genres=FILMS[list(GENRES)].to_numpy(dtype=bool),
    )
    settings = {"encoder": "minilm-distilbert", "epochs": 1, "learning_rate": 0.01, "tokens": 8, "batch": 4}
    learnt = np.arange(24) < 16
    return EncoderTrials(
        Reads(texts=("transcript",)),
        settings | {"precision": "float32"},
        models_folder,
        Training(films.at(learnt)),
        films.at(~learnt),
        seed=0,
        threads=1,
    )


def searched(models_folder: Path, journal: Path, made: Any = None) -> pd.DataFrame:
    return search(made or trials(models_folder), SPACE, journal, facts={}, seed=0)


def killed_in_trial_4(models_folder: Path, journal: Path) -> None:
    """Called in a process of its own, which ends here."""
    begun: list[int] = []
    made = trials(models_folder)

    def dying(choices: Mapping[str, Any], tell: Callable[[float], bool]) -> None:
        begun.append(1)

        def told(value: float) -> bool:
            if len(begun) == 5:
                os.kill(os.getpid(), signal.SIGKILL)
            return tell(value)

        made(choices, told)

    searched(models_folder, journal, dying)


def test_a_search_that_was_killed_in_trial_4_ends_with_the_same_trials_and_best(tmp_path):
    fetched_minilm(tmp_path / "models")
    whole = searched(tmp_path / "models", tmp_path / "whole")
    program = (
        "from pathlib import Path\n"
        "from unit.genres.search.test_encoder_trials import killed_in_trial_4\n"
        f"killed_in_trial_4(Path({str(tmp_path / 'models')!r}), Path({str(tmp_path / 'killed')!r}))"
    )
    ended = subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path()})
    assert ended.returncode == -signal.SIGKILL
    pd.testing.assert_frame_equal(searched(tmp_path / "models", tmp_path / "killed"), whole)
    assert whole["value"].nunique() > 1


def path() -> str:
    return os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])


def test_before_and_after_are_told_on_films_that_no_trial_saw(tmp_path):
    fetched_minilm(tmp_path)
    made = trials(tmp_path)
    untouched = made.validation
    told = made.on_untouched({"before": {}, "after": {"epochs": 12, "linear_start": True}}, untouched)
    assert list(told["arm"]) == ["before", "after"]
    assert list(told.columns) == ["arm", "map", "micro_f1", "macro_f1"]
    assert told["map"][1] == 1.0
    assert told["micro_f1"][1] == 1.0
