"""From probabilities to genres at two operating points, with thresholds that no film had a part in choosing for itself."""

from __future__ import annotations

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.predictions import CROSS_VALIDATION, HELD_OUT, INNER, as_matrix
from trailerflow.genres.thresholds import Thresholds, choose_thresholds

DECISIONS = ("predicted_global", "predicted_per_genre")
"""The two decisions of a table of predictions: one threshold for all genres, and one for each."""


def decide(predictions: pd.DataFrame, movies: pd.DataFrame) -> tuple[pd.DataFrame, Thresholds]:
    """Fill the decisions of a system that gives probabilities.

    The thresholds of a fold come from its inner folds where there are any, else from the out-of-fold probabilities of the
    other folds; those of the held-out films from all out-of-fold probabilities. Inner folds themselves are not decided.

    Args:
        predictions: Of one system, from the out-of-fold loop.
        movies: movie and one bool column per genre.

    Returns:
        The same rows with their decisions, and the thresholds of the last seed's fit on all folds, for new films.
    """
    truth = movies.set_index("movie")[list(GENRES)].astype(bool)
    decided = predictions.copy()
    ok = decided[decided["status"] == "ok"]
    for seed in ok["seed"].unique():
        own = ok[ok["seed"] == seed]
        cross = own[own["part"] == CROSS_VALIDATION]
        inner = own[own["part"] == INNER]
        for fold in cross["fold"].unique():
            nested = inner[inner["fold"] == fold]
            learnt = nested if len(nested) else cross[cross["fold"] != fold]
            _apply(decided, cross[cross["fold"] == fold], _chosen(learnt, truth))
        thresholds = _chosen(cross, truth)
        _apply(decided, own[own["part"] == HELD_OUT], thresholds)
    return decided, thresholds


def decide_new(predictions: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Fill the decisions of films by thresholds that were saved; films that are not ``ok`` have none."""
    decided = predictions.copy()
    _apply(decided, decided[decided["status"] == "ok"], thresholds)
    return decided


def _chosen(rows: pd.DataFrame, truth: pd.DataFrame) -> Thresholds:
    probabilities = as_matrix(rows, "probability")
    return choose_thresholds(truth.loc[probabilities.index].to_numpy(), probabilities.to_numpy(dtype=float))


def _apply(table: pd.DataFrame, rows: pd.DataFrame, thresholds: Thresholds) -> None:
    """Write the decisions of some rows into the table that they are from; the genres of a film lie in their order."""
    if rows.empty:
        return
    probabilities = rows["probability"].to_numpy(dtype=float).reshape(-1, len(GENRES))
    flags = (thresholds.apply_shared(probabilities), thresholds.apply_per_genre(probabilities))
    for column, decided in zip(DECISIONS, flags, strict=True):
        table.loc[rows.index, column] = decided.ravel()
