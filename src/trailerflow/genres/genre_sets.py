"""The table of conformal sets: do they keep their promises on films that had no part in them, and how large are they?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.genres.conformal import (
    FEW_MISSING,
    NONE_MISSING,
    PROMISES,
    Promise,
    choose_threshold,
    untied,
)
from trailerflow.genres.drawn import film_weights
from trailerflow.genres.films import Flags
from trailerflow.genres.judged import Judged
from trailerflow.genres.metrics.contract import mean_of_films
from trailerflow.genres.predictions import CROSS_VALIDATION, HELD_OUT
from trailerflow.row_kinds import REFERENCE
from trailerflow.statistics import percentile_interval
from trailerflow.tables import read_table

SAYS_NOTHING = 16
"""Genres from which on a set says nothing: all of the 18, or almost all."""

SHARES = 5
"""Shares of a part that was predicted by one fit: each is tested with the thresholds of the others."""

_MEASURED = ("coverage", "missing", "size", "constant_size", "smaller")

COLUMN_TYPES = {
    "system": str,
    "row_kind": str,
    "family": str,
    "arm": str,
    "seed": "Int64",
    "part": str,
    "promise": str,
    "most": float,
    "threshold": float,
    **{f"{name}{end}": float for name in _MEASURED for end in ("", "_low", "_high")},
    "says_nothing": float,
    "movies": "Int64",
    "calibrated_on": "Int64",
}
"""One row a system, arm, seed, part and promise. ``coverage`` is the share of films whose genres are all in the set,
``missing`` the mean share of a film's genres that are not, ``most`` the most that is promised of it (of none missing: the
share of films). ``size`` is the mean number of genres in a set, ``constant_size`` that of the sets that name the most
frequent genres for every film and keep the same promise, ``smaller`` the difference. ``says_nothing`` is the share of films
with `SAYS_NOTHING` genres or more in their sets. ``threshold`` is for new films: of the scores, by all films of the part."""


@dataclass(frozen=True)
class Sets:
    """Sets of n films, and what they are of.

    Attributes:
        truth: Genres of the films, shape (n, 18).
        films: Which film each is, shape (n,).
        system: By a system's scores, shape (n, 18).
        constant: By how frequent genres are, the same for all films but for ties, the same shape.
    """

    truth: Flags
    films: npt.NDArray[np.object_]
    system: Flags
    constant: Flags


def sets_of(known: Judged, asked: Judged, promise: Promise, seed: int) -> Sets:
    """Make the sets of some films with thresholds that are chosen on others.

    Args:
        known: The films to choose by.
        asked: The films to make sets for, predicted by the same system.
        promise: What is promised.
        seed: Seed of the draw that breaks ties.
    """
    count = len(known.movies)
    frequency = known.truth.sum(axis=0).astype(float)
    found = []
    for scores in (
        np.concatenate([known.scores, asked.scores]),
        np.tile(frequency, (count + len(asked.movies), 1)),
    ):
        told = untied(scores, seed)
        found.append(told[count:] >= choose_threshold(known.truth, told[:count], promise))
    return Sets(asked.truth, asked.films, *found)


def genre_sets(judged: Sequence[Judged], seed: int) -> pd.DataFrame:
    """Measure the sets of every system.

    A fold is tested with the thresholds of the other folds, the held-out films with those of all folds. Films of a part that
    one fit predicted are shared out at random, film by film, and each share is tested with the thresholds of the others.

    Args:
        judged: From `trailerflow.genres.judged.judge`; rows to compare with are left out.
        seed: Seed of all draws.

    Returns:
        See `COLUMN_TYPES`.
    """
    systems = [one for one in judged if one.row_kind != REFERENCE]
    by_names = {_key(one, one.part): one for one in systems}
    rows = []
    for one in systems:
        known = by_names.get(_key(one, CROSS_VALIDATION), one) if one.part == HELD_OUT else one
        turns = [(known, one)] if known is not one else _turns(one, seed)
        rows += [_row(known, turns, promise, seed) | {**one.names} for promise in PROMISES]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def with_sets(predictions: pd.DataFrame, path: Path, system: str, arm: str) -> pd.DataFrame:
    """Add sets of genres to predictions of new films.

    Args:
        predictions: One row a film and genre: score and probability.
        path: The table of conformal sets, as written.
        system: Name of the system that predicted.
        arm: What it reads.

    Returns:
        The same with a bool column for each promise: whether the genre is in the film's set. Thresholds are those of the
        part with most films.

    Raises:
        TrailerflowError: The table is missing or damaged, or has no sets of this system.
    """
    table = read_table(path)
    if missing := [name for name in COLUMN_TYPES if name not in table.columns]:
        raise TrailerflowError(
            f"{path} lacks the column {missing[0]}; name the conformal.csv of score_genres."
        )
    own = table[(table["system"] == system) & (table["arm"] == arm)]
    if own.empty:
        raise TrailerflowError(
            f"{path} has no sets of {system} ({arm}); score the system in a run, or leave the sets out."
        )
    chosen = own.sort_values("movies", ascending=False, kind="stable").drop_duplicates("promise")
    values = predictions["probability"].fillna(predictions["score"])
    return predictions.assign(**{row.promise: values >= row.threshold for row in chosen.itertuples()})


def _key(one: Judged, part: str) -> tuple[str, ...]:
    """Names of a system's predictions, in one part or another."""
    return tuple(map(str, ({**one.names, "part": part}).values()))


def _turns(one: Judged, seed: int) -> list[tuple[Judged, Judged]]:
    """The films of a part as those to choose by and those to test, so that each is tested once."""
    shares = one.folds
    if one.part != CROSS_VALIDATION:
        names, film = np.unique(one.films, return_inverse=True)
        shares = np.random.default_rng(seed).permutation(len(names))[film] % SHARES
    return [
        (one.at(np.flatnonzero(shares != share)), one.at(np.flatnonzero(shares == share)))
        for share in np.unique(shares)
    ]


def _row(
    known: Judged, turns: Sequence[tuple[Judged, Judged]], promise: Promise, seed: int
) -> dict[str, object]:
    """What one promise came to; ``known`` are all films that a threshold for new films is chosen by."""
    made = [sets_of(*turn, promise, seed) for turn in turns]
    sets = Sets(*(np.concatenate([getattr(each, part.name) for each in made]) for part in fields(Sets)))
    return {
        "row_kind": known.row_kind,
        "promise": promise.name,
        "most": promise.most,
        "threshold": choose_threshold(known.truth, known.scores, promise),
        **_measured(sets, seed),
        "says_nothing": float((sets.system.sum(axis=1) >= SAYS_NOTHING).mean()),
        "movies": len(sets.films),
        "calibrated_on": round(float(np.mean([len(chosen_by.movies) for chosen_by, _ in turns]))),
    }


def _measured(sets: Sets, seed: int) -> dict[str, float]:
    """The mean of each figure over films, with its interval."""
    size, constant_size = (each.sum(axis=1).astype(float) for each in (sets.system, sets.constant))
    of_films = dict(
        zip(
            _MEASURED,
            (
                1 - NONE_MISSING.losses(sets.truth, sets.system),
                FEW_MISSING.losses(sets.truth, sets.system),
                size,
                constant_size,
                constant_size - size,
            ),
            strict=True,
        )
    )
    weights = film_weights(tuple(sets.films.tolist()), seed)
    measured: dict[str, float] = {}
    for name, values in of_films.items():
        drawn = mean_of_films(values, weights)
        low, high = percentile_interval(drawn[1:])
        measured |= {name: float(drawn[0]), f"{name}_low": low, f"{name}_high": high}
    return measured
