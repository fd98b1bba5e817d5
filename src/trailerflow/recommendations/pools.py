"""The second pass: the rankers that another reads score the union of what all of them retrieved.

Retrievers write their best films alone, so a film that one of them found has no score by the others. The union is small
enough to be scored by all, and is what a fusion or a reranker ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from trailerflow.recommendations.ranking_files import ranking_file
from trailerflow.recommendations.split_tables import Key
from trailerflow.tables import read_rows

FILM = ["protocol", *Key._fields, "user", "movie"]
"""What names a film of a question."""

_WORDS = ("protocol", "part", "user", "movie", "ranker")


ReadFilms = Callable[[int, int], pd.DataFrame]
"""From a fold and a seed to its rows: those of all at once take gigabytes."""


def retrieved_films(tables: Iterable[Path], fold: int, seed: int) -> pd.DataFrame:
    """The union of what rankers retrieved in a fold and seed, each film once: the columns of `FILM`.

    Rows that a ranker wrote for the place of a held-out film are not among it.

    Args:
        tables: Tables of ``rank_films``.
        fold: Number of the fold.
        seed: Seed of the ties.
    """
    films = [read_rows(path, columns=FILM, retrieved=True, fold=fold, seed=seed) for path in tables]
    return _together(films).drop_duplicates(ignore_index=True)


def scores_of_rankers(tables: Iterable[Path], fold: int, seed: int) -> pd.DataFrame:
    """What rankers say of the films that they show in a fold and seed: the columns of `FILM`, ranker and score.

    Args:
        tables: Tables of ``rank_pool`` or ``rank_films``.
        fold: Number of the fold.
        seed: Seed of the ties.
    """
    columns = [*FILM, "score"]
    return _together(
        [
            read_rows(path, columns=columns, retrieved=True, fold=fold, seed=seed).assign(
                ranker=ranking_file(path).ranker
            )
            for path in tables
        ]
    )


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables below each other, their words as categories: there are millions of rows, and few words."""
    frames = [frame.astype({name: "category" for name in _WORDS if name in frame}) for frame in frames]
    for name in [name for name in _WORDS if name in frames[0]]:
        words: dict[str, None] = {}
        for frame in frames:
            words |= dict.fromkeys(frame[name].cat.categories)
        kind = pd.CategoricalDtype(list(words))
        frames = [frame.assign(**{name: frame[name].astype(kind)}) for frame in frames]
    return pd.concat(frames, ignore_index=True)


def at_part(frame: pd.DataFrame, key: Key) -> pd.DataFrame:
    """The rows of one part."""
    return frame[(frame["part"] == key.part) & (frame["fold"] == key.fold) & (frame["seed"] == key.seed)]
