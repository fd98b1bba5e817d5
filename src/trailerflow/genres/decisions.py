"""From scores to genres at two operating points, by films that no decision is about: their own genres tell nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.calibration import Calibration, fit_calibration
from trailerflow.genres.films import Floats
from trailerflow.genres.predictions import (
    CROSS_VALIDATION,
    EXTRA,
    HELD_OUT,
    INNER,
    VALIDATION,
    as_matrix,
)
from trailerflow.genres.thresholds import Thresholds, choose_thresholds

DECISIONS = ("predicted_global", "predicted_per_genre")
"""The two decisions of a table of predictions: one threshold for all genres, and one for each."""

EXPECTED = 0.8
"""Part of the expected F1 in what thresholds on calibrated probabilities are chosen by."""


@dataclass(frozen=True)
class OperatingPoints:
    """How the scores of a system become genres.

    Attributes:
        calibration: Makes probabilities of scores; None for a system that gives probabilities.
        thresholds: The probabilities from which a film has a genre.
    """

    calibration: Calibration | None
    thresholds: Thresholds


def decide(predictions: pd.DataFrame, movies: pd.DataFrame) -> tuple[pd.DataFrame, OperatingPoints | None]:
    """Calibrate the scores of a system that gives no probabilities, and fill the decisions of one that takes none.

    The curves and thresholds of a fold come from its inner folds where there are any, else from the out-of-fold scores of
    the other folds; those of the held-out films and of extra texts from all out-of-fold scores, or from the extra texts of
    the validation part where no film lies in a fold. Only what is scored is decided.

    Args:
        predictions: Of one system, from the out-of-fold loop.
        movies: movie and one bool column per genre.

    Returns:
        The same rows with probabilities and decisions, and the operating points of the last seed for new films: None for a
        system that decides by itself.
    """
    truth = movies.set_index("movie")[list(GENRES)].astype(bool)
    decided = predictions.copy()
    ok = decided[decided["status"] == "ok"]
    if ok["predicted_global"].notna().any():
        return decided, None
    points = None
    for seed in ok["seed"].unique():
        own = ok[ok["seed"] == seed]
        cross = own[own["part"] == CROSS_VALIDATION]
        inner = own[own["part"] == INNER]
        for fold in cross["fold"].unique():
            nested = inner[inner["fold"] == fold]
            learnt = nested if len(nested) else cross[cross["fold"] != fold]
            _apply(decided, cross[cross["fold"] == fold], _points(learnt, truth))
        points = _points(cross if len(cross) else own[own["part"] == VALIDATION], truth)
        _apply(decided, own[own["part"].isin([HELD_OUT, EXTRA])], points)
    return decided, points


def decide_new(predictions: pd.DataFrame, points: OperatingPoints) -> pd.DataFrame:
    """Fill probabilities and decisions by operating points that were saved; films that are not ``ok`` have none."""
    decided = predictions.copy()
    _apply(decided, decided[decided["status"] == "ok"], points)
    return decided


def _points(rows: pd.DataFrame, truth: pd.DataFrame) -> OperatingPoints:
    """The operating points by films whose genres are known; each film stands in the rows once.

    Thresholds on calibrated probabilities have the highest F1 that is to be expected by them, which hangs less on single
    films (Lipton, Elkan & Naryanaswamy, Optimal Thresholding of Classifiers to Maximize F1 Measure, ECML PKDD 2014); a part
    is the F1 on the films themselves.
    """
    told = truth.loc[as_matrix(rows, "score").index].to_numpy()
    if rows["probability"].notna().any():
        return OperatingPoints(None, choose_thresholds(told, _values(rows, "probability")))
    scores = _values(rows, "score")
    calibration = fit_calibration(told, scores)
    probabilities = calibration.probabilities(scores)
    surely = EXPECTED * probabilities + (1 - EXPECTED) * told
    return OperatingPoints(calibration, choose_thresholds(surely, probabilities))


def _apply(table: pd.DataFrame, rows: pd.DataFrame, points: OperatingPoints) -> None:
    """Write probabilities and decisions of some rows into the table that they are from."""
    if rows.empty:
        return
    probabilities = _probabilities(rows, points.calibration)
    table.loc[rows.index, "probability"] = probabilities.ravel()
    thresholds = points.thresholds
    flags = (thresholds.apply_shared(probabilities), thresholds.apply_per_genre(probabilities))
    for column, decisions in zip(DECISIONS, flags, strict=True):
        table.loc[rows.index, column] = decisions.ravel()


def _probabilities(rows: pd.DataFrame, calibration: Calibration | None) -> Floats:
    if calibration is None:
        return _values(rows, "probability")
    return calibration.probabilities(_values(rows, "score"))


def _values(rows: pd.DataFrame, column: str) -> Floats:
    """A column as films by genres, shape (n, 18); the genres of a film lie in their order."""
    values: Floats = rows[column].to_numpy(dtype=float).reshape(-1, len(GENRES))
    return values
