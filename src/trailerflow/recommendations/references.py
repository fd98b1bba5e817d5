"""What rankings are compared with: a random order, and the right one. Neither is a ranker, and neither needs a fit."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from trailerflow.row_kinds import CHANCE, ORACLE

UNIT = ["fold", "seed", "user"]
"""What one figure is made for: a user in one fold and by one tie seed."""


def _chance(truth: pd.DataFrame) -> pd.DataFrame:
    """Every candidate has the same score: metrics give the exact expectation of a random order."""
    return truth.assign(score=0.0, order=1, tied=truth["films"] - 1, status="ok")


def _oracle(truth: pd.DataFrame) -> pd.DataFrame:
    """The true ratings are the scores, and the truth stands before all other candidates."""
    others = truth.groupby(UNIT, sort=False, observed=True)["movie"].transform("size") - 1
    return truth.assign(score=truth["rating"], order=1, tied=others, status="ok")


REFERENCES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {CHANCE: _chance, ORACLE: _oracle}
"""By name: from the truth (the columns of `UNIT`, movie, rating, films) to its score, order, tied and status."""
