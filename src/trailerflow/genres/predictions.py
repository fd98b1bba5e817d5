"""The one table that every system's predictions are in, and the small one of what is told of single films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.llm.types import COST_COLUMNS
from trailerflow.tables import read_table

if TYPE_CHECKING:
    from trailerflow.genres.systems.contract import Prediction, System

ALL = "all"
"""Part: every film, by a system that learnt from none."""

CROSS_VALIDATION = "cross-validation"
"""Part: each film by a fit on the films of the other folds."""

INNER = "inner"
"""Part: each film by a fit that knows neither its fold nor the fold that is left out, for what learns from predictions."""

HELD_OUT = "held-out"
"""Part: the held-out films, by the fit on all folds."""

VALIDATION = "validation"
"""Part: extra texts to stop and to choose thresholds by, where no film of the run lies in a fold."""

EXTRA = "extra"
"""Part: extra texts that nothing was learnt from, by the fit on all folds."""

UNLABELLED = "unlabelled"
"""Part: extra texts whose genres are hidden, for a system that learns from these predictions."""

NEW = "new"
"""Part: other films, by a system that was saved."""

_KEYS = {
    "system": "category",
    "family": "category",
    "arm": "category",
    "fold": "Int64",
    "inner_fold": "Int64",
    "seed": "Int64",
    "part": "category",
    "movie": "category",
}

COLUMN_TYPES = _KEYS | {
    "genre": pd.CategoricalDtype(GENRES),
    "score": "float64",
    "probability": "float64",
    "predicted_global": "boolean",
    "predicted_per_genre": "boolean",
    "status": "category",
}
"""One row a film and genre. ``fold`` is the fold that was left out, with the film or, for part `INNER`, beside the film's
own, ``inner_fold``. The two decisions are two operating points, one threshold for all genres and one for each; of a system
that decides by itself they are the same."""

FILM_TYPES = _KEYS | {
    "status": object,
    "reason": object,
    "earliest": object,
    "unreadable": object,
    "cut": "boolean",
    **COST_COLUMNS,
}
"""One row a film: what became of it and, of a language model, what the answer cost."""


@dataclass(frozen=True)
class Place:
    """Where predictions belong.

    Attributes:
        part: One of the parts above.
        fold: Fold that was left out, or None.
        inner_fold: Fold of the films, where another one is left out with them; else None.
        seed: Seed of the fit, or None.
    """

    part: str
    fold: int | None = None
    inner_fold: int | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Tables:
    """Predictions, with their decisions or still without.

    Attributes:
        predictions: See `COLUMN_TYPES`.
        films: See `FILM_TYPES`.
    """

    predictions: pd.DataFrame
    films: pd.DataFrame

    @classmethod
    def together(cls, parts: Sequence[Tables]) -> Tables:
        """Tables below each other."""
        return cls(
            _typed([part.predictions for part in parts], COLUMN_TYPES),
            _typed([part.films for part in parts], FILM_TYPES),
        )


def tables_of(system: System, movies: Sequence[str], prediction: Prediction, place: Place) -> Tables:
    """A system's prediction as rows; decisions are there where it takes them by itself.

    Args:
        system: Who predicts.
        movies: Ids of the films, n of them.
        prediction: What it says of them.
        place: Where the rows belong.
    """
    keys = _keys(system, movies, place)
    told = (
        prediction.films if prediction.films is not None else pd.DataFrame({"status": ["ok"] * len(movies)})
    )
    films = pd.concat([keys, told.reset_index(drop=True)], axis=1)
    return Tables(_rows(keys, films["status"], prediction), _typed([films], FILM_TYPES))


def as_matrix(predictions: pd.DataFrame, column: str) -> pd.DataFrame:
    """One column of predictions as a table of films and genres.

    Args:
        predictions: Rows of one system, arm, part, fold and seed: each film and genre at most once.
        column: score, probability or a decision.

    Returns:
        Index movie, one column a genre, the films in the order of the rows.
    """
    movies = predictions["movie"].astype(object)
    order = pd.unique(movies)
    wide = predictions.assign(movie=movies).pivot(index="movie", columns="genre", values=column)
    return wide.reindex(index=order, columns=list(GENRES))


def read_predictions(path: Path) -> pd.DataFrame:
    """Read a table of predictions.

    Raises:
        TrailerflowError: It is missing or damaged, or lacks a column.
    """
    table = read_table(path)
    if missing := [column for column in COLUMN_TYPES if column not in table.columns]:
        raise TrailerflowError(f"{path} lacks the column {missing[0]}; delete it and run snakemake again.")
    return table


def in_order(tables: Tables, movies: Sequence[str]) -> Tables:
    """The same rows in the order of the films, the rows of part `INNER` last."""
    rank = {movie: place for place, movie in enumerate(movies)}

    def ordered(table: pd.DataFrame, types: dict[str, object]) -> pd.DataFrame:
        keys = pd.DataFrame(
            {"inner": table["part"] == INNER, "place": table["movie"].astype(object).map(rank)},
            index=table.index,
        )
        order = keys.sort_values(["inner", "place"], kind="stable").index
        return _typed([table.loc[order]], types)

    return Tables(ordered(tables.predictions, COLUMN_TYPES), ordered(tables.films, FILM_TYPES))


def _keys(system: System, movies: Sequence[str], place: Place) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "system": system.name,
            "family": system.family,
            "arm": system.arm,
            "fold": place.fold,
            "inner_fold": place.inner_fold,
            "seed": place.seed,
            "part": place.part,
            "movie": pd.Series(list(movies), dtype=object),
        }
    )


def _rows(keys: pd.DataFrame, status: pd.Series, prediction: Prediction) -> pd.DataFrame:
    count = len(keys)
    rows = keys.loc[keys.index.repeat(len(GENRES))].reset_index(drop=True)
    rows["genre"] = list(GENRES) * count
    rows["score"] = prediction.scores.ravel()
    probabilities = prediction.probabilities
    rows["probability"] = np.nan if probabilities is None else probabilities.ravel()
    rows["status"] = np.repeat(status.to_numpy(), len(GENRES))
    decided = pd.array([pd.NA] * len(rows), dtype="boolean")
    if prediction.decided is not None:
        ok = (rows["status"] == "ok").to_numpy()
        decided[ok] = prediction.decided.ravel()[ok]
    rows["predicted_global"] = decided
    rows["predicted_per_genre"] = decided
    return _typed([rows], COLUMN_TYPES)


def _typed(tables: Sequence[pd.DataFrame], types: dict[str, object]) -> pd.DataFrame:
    """Tables below each other with the types of a table, categories in the order of their first rows."""
    frames = [
        table.reindex(columns=list(types)).astype(
            {name: object if kind == "category" else kind for name, kind in types.items()}
        )
        for table in tables
    ]
    if not frames:
        frames = [pd.DataFrame(columns=list(types))]
    whole = pd.concat(frames, ignore_index=True)
    for name, kind in types.items():
        if kind == "category":
            whole[name] = pd.Categorical(whole[name], categories=list(pd.unique(whole[name].dropna())))
        elif kind is object:
            whole[name] = whole[name].astype(object).where(whole[name].notna(), None)
        else:
            whole[name] = whole[name].astype(kind)
    return whole
