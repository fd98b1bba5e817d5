"""Where a system's errors lie: by the text it read, genre beside genre, probability by probability, and the worst films."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.described import DescribedFilms
from trailerflow.genres.drawn import film_weights
from trailerflow.genres.films import Flags
from trailerflow.genres.judged import Judged
from trailerflow.genres.metrics.calibration import calibration_curve
from trailerflow.genres.metrics.contract import MICRO, Said
from trailerflow.genres.metrics.decisions import F1, f1_of_films
from trailerflow.genres.metrics.ranking import micro_average_precision, ranking_losses
from trailerflow.row_kinds import REFERENCE
from trailerflow.statistics import centred_interval

WORST = 10
"""Films with the worst errors that are told of each system and part."""

LENGTHS = (25, 50, 100, 200)
"""Words up to which texts are told apart."""

_NAMES = {"system": str, "row_kind": str, "family": str, "arm": str, "seed": "Int64", "part": str}

CALIBRATION_TYPES = _NAMES | {
    "low": float,
    "high": float,
    "decisions": "Int64",
    "probability": float,
    "share": float,
}
"""One row a system, arm, seed, part and bin of probabilities with decisions in it: its bounds, how many there are, their
mean probability, and the share of them that are right."""

TEXT_TYPES = _NAMES | {
    "by": str,
    "group": str,
    "movies": "Int64",
    **{f"{name}{end}": float for name in ("f1", "average_precision") for end in ("", "_low", "_high")},
}
"""One row a system, arm, seed, part and kind of text: films by the source (``by`` is ``source``) or the length of the text
that was read, their micro F1 (at one threshold for each genre, or by own decisions) and micro average precision."""

STAND_IN_TYPES = _NAMES | {"missed": str, "named": str, "movies": "Int64", "share": float}
"""One row a system, arm, seed, part and pair of genres: films that have ``missed`` and not ``named``, and of which the
system said the reverse; ``share`` is that of all films of which it missed ``missed``."""

WORST_TYPES = _NAMES | {
    "rank": "Int64",
    "movie": str,
    "title": str,
    "year": "Int64",
    "true": str,
    "predicted": str,
    "f1": float,
    "ranking_loss": float,
    "source": str,
    "words": "Int64",
    "beginning": str,
}
"""One row a system, arm, seed, part and film with the worst errors: lowest F1 first, of these the highest ranking loss."""


def calibration(judged: Sequence[Judged]) -> pd.DataFrame:
    """The calibration curve of every system that gives probabilities; see `CALIBRATION_TYPES`."""

    def rows(one: Judged) -> Iterator[dict[str, object]]:
        if one.probabilities is not None:
            yield from map(vars, calibration_curve(one.truth, one.probabilities))

    return _table(judged, rows, CALIBRATION_TYPES)


def by_text(judged: Sequence[Judged], films: DescribedFilms, seed: int) -> pd.DataFrame:
    """Scores by the source and by the length of the text; see `TEXT_TYPES`. ``seed`` is that of the draws of films."""

    def rows(one: Judged) -> Iterator[dict[str, object]]:
        told = films.read_in(str(one.names["arm"])).loc[list(one.movies)]
        for by, groups in (
            ("source", told["source"]),
            ("length", told["words"].map(_length, na_action="ignore")),
        ):
            for group in sorted(groups.dropna().unique(), key=_order):
                own = one.at(np.flatnonzero((groups == group).fillna(False)))
                yield {"by": by, "group": group, "movies": len(own.movies)} | _scores(own, seed)

    return _table(judged, rows, TEXT_TYPES)


def stand_ins(judged: Sequence[Judged]) -> pd.DataFrame:
    """Which genre was named in the place of which; see `STAND_IN_TYPES`."""

    def rows(one: Judged) -> Iterator[dict[str, object]]:
        decided = _decided(one)
        missed, wrong = one.truth & ~decided, decided & ~one.truth
        together = missed.T.astype(int) @ wrong.astype(int)
        for place, other in zip(*np.nonzero(together), strict=True):
            yield {
                "missed": GENRES[place],
                "named": GENRES[other],
                "movies": together[place, other],
                "share": together[place, other] / missed[:, place].sum(),
            }

    return _table(judged, rows, STAND_IN_TYPES)


def worst_films(judged: Sequence[Judged], films: DescribedFilms) -> pd.DataFrame:
    """The films with the worst errors; see `WORST_TYPES`."""

    def rows(one: Judged) -> Iterator[dict[str, object]]:
        told = films.read_in(str(one.names["arm"]))
        decided = _decided(one)
        f1 = f1_of_films(one.truth, decided)
        loss = ranking_losses(Said(one.truth, one.scores, one.folds))
        for rank, place in enumerate(np.lexsort((-loss, f1))[:WORST].tolist(), start=1):
            movie = one.movies[place]
            yield {
                "rank": rank,
                "movie": movie,
                "true": _names(one.truth[place]),
                "predicted": _names(decided[place]),
                "f1": f1[place],
                "ranking_loss": loss[place],
                **told.loc[movie].to_dict(),
            }

    return _table(judged, rows, WORST_TYPES)


def _table(
    judged: Sequence[Judged], rows: Callable[[Judged], Iterator[dict[str, object]]], types: dict[str, object]
) -> pd.DataFrame:
    """The rows of every system, with its names."""
    found = [
        {**one.names, "row_kind": one.row_kind, **row}
        for one in judged
        if one.row_kind != REFERENCE
        for row in rows(one)
    ]
    return pd.DataFrame(found, columns=list(types)).astype(types)


def _decided(one: Judged) -> Flags:
    """Its decisions at one threshold for each genre, or its own."""
    return next(iter(one.decisions.values())).astype(bool)


def _scores(one: Judged, seed: int) -> dict[str, object]:
    """Micro F1 and micro average precision with their intervals."""
    weights = film_weights(tuple(one.films.tolist()), seed)
    decided = Said(one.truth, next(iter(one.decisions.values())), one.folds)
    scored = Said(one.truth, one.scores, one.folds)
    drawn = {
        "f1": F1().figures(decided, weights)[MICRO],
        "average_precision": micro_average_precision(scored, weights),
    }
    found: dict[str, object] = {}
    for name, figures in drawn.items():
        value = float(figures[0])
        low, high = centred_interval(value, figures[1:])
        found |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return found


def _length(words: int) -> str:
    """Name of the lengths that a text is counted among.

    >>> _length(25), _length(26), _length(500)
    ('1 to 25 words', '26 to 50 words', 'more than 200 words')
    """
    first = 1
    for last in LENGTHS:
        if words <= last:
            return f"{first} to {last} words"
        first = last + 1
    return f"more than {LENGTHS[-1]} words"


def _order(group: str) -> tuple[int, str]:
    """Lengths from the shortest, everything else by name."""
    numbers = [int(word) for word in group.split() if word.isdigit()]
    return (numbers[-1] + group.startswith("more") if numbers else 0, group)


def _names(flags: Flags) -> str:
    """Genres in a cell."""
    return ", ".join(genre for genre, flag in zip(GENRES, flags, strict=True) if flag)
