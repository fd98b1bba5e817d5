"""Other systems' predictions, as one fit of the loop may see them: made without the genres that it is to predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Floats
from trailerflow.genres.places import PARTS_OF_THE_LAST_FIT, UNLABELLED_TEXT
from trailerflow.genres.predictions import ALL, CROSS_VALIDATION, INNER, NEW, UNLABELLED, as_matrix


def scores_for_fit(
    name: str,
    others: Mapping[str, pd.DataFrame],
    movies: Sequence[str],
    fold: npt.NDArray[np.int_],
    left_out: int | None,
) -> Floats:
    """Scores of another system for the films of one fit.

    A system that learns from predictions must see in training what it will see later: predictions of films by fits that
    did not know them. So the training films of a fit that leaves a fold out come from the inner folds of the other
    system, and its films to predict from that system's own fit without this fold; for the fit on all folds they come from
    the cross-validation and from the held-out films. Extra texts come from their own parts.

    Args:
        name: Name of the other system.
        others: Tables of predictions by name.
        movies: Ids of the films, n of them.
        fold: Fold of each, or a code of `trailerflow.genres.places`, shape (n,).
        left_out: Fold that the fit leaves out, or None.

    Returns:
        Shape (n, 18), the mean over the system's seeds; NaN for what a fit that leaves a fold out does not predict.

    Raises:
        TrailerflowError: The other system is not there, has no inner folds, or lacks a film.
    """
    table = _answered(name, others)
    if (table["part"] == ALL).any():
        return _scores(table[table["part"] == ALL], movies, name, ALL)
    scores: Floats = np.full((len(movies), len(GENRES)), np.nan)
    if left_out is None:
        table = table[table["fold"].isna() | (table["part"] == CROSS_VALIDATION)]
        rows = {part: fold == code for part, code in PARTS_OF_THE_LAST_FIT.items()}
        rows[CROSS_VALIDATION] = fold >= 0
    else:
        table = table[table["fold"] == left_out]
        rows = {
            CROSS_VALIDATION: fold == left_out,
            INNER: (fold >= 0) & (fold != left_out),
            UNLABELLED: fold == UNLABELLED_TEXT,
        }
    for part, films in rows.items():
        if films.any():
            scores[films] = _scores(
                table[table["part"] == part],
                [movies[place] for place in np.flatnonzero(films).tolist()],
                name,
                part,
            )
    return scores


def scores_for_asking(name: str, others: Mapping[str, pd.DataFrame], movies: Sequence[str]) -> Floats:
    """Scores of another system for films that a system which is ready predicts: by one that is ready, too.

    Raises:
        TrailerflowError: The other system is not there, or lacks a film.
    """
    table = _answered(name, others)
    return _scores(table[table["part"].isin([ALL, NEW])], movies, name, NEW)


def predicted_films(name: str, others: Mapping[str, pd.DataFrame]) -> set[str]:
    """Ids of the films that another system has predicted.

    Raises:
        TrailerflowError: The other system is not there.
    """
    return set(_answered(name, others)["movie"].astype(object))


def _answered(name: str, others: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The predictions of another system that are there."""
    if name not in others:
        raise TrailerflowError(
            f"There are no predictions of {name}, which another genre system reads; run it first."
        )
    table = others[name]
    return table[table["status"] == "ok"]


def _scores(table: pd.DataFrame, movies: Sequence[str], name: str, part: str) -> Floats:
    """The mean scores of films over the seeds of a part."""
    seeds = [as_matrix(rows, "score") for _, rows in table.groupby("seed", dropna=False)]
    missing = set(movies) - set(seeds[0].index if seeds else ())
    if missing:
        raise TrailerflowError(
            f"{name} has no prediction of part {part} for movie {min(missing)}, which another genre system reads; "
            "predict it too, or leave the movie out."
        )
    mean: Floats = np.mean([matrix.loc[list(movies)].to_numpy(dtype=float) for matrix in seeds], axis=0)
    return mean
