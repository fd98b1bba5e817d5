"""The second pass: the rankers that another reads score the union of what all of them retrieved.

Retrievers write their best films alone, so a film that one of them found has no score by the others. The union is small
enough to be scored by all, and is what a fusion or a reranker ranks.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from trailerflow.recommendations.split_tables import Key
from trailerflow.tables import read_rows

FILM = ["protocol", *Key._fields, "user", "movie"]
"""What names a film of a question."""


def retrieved_films(tables: Iterable[Path]) -> pd.DataFrame:
    """The union of what rankers retrieved, each film once: the columns of `FILM`.

    Rows that a ranker wrote for the place of a held-out film are not among it.

    Args:
        tables: Tables of ``rank_films``.
    """
    films = [read_rows(path, columns=FILM, retrieved=True) for path in tables]
    return pd.concat(films, ignore_index=True).drop_duplicates(ignore_index=True)


def scores_of_rankers(tables: Iterable[Path]) -> pd.DataFrame:
    """What rankers say of the union: the columns of `FILM`, ranker and score.

    Args:
        tables: Tables of ``rank_pool``; the stem is the ranker's name.
    """
    return pd.concat(
        [read_rows(path, columns=[*FILM, "score"]).assign(ranker=path.stem) for path in tables],
        ignore_index=True,
    )


def at_part(frame: pd.DataFrame, key: Key) -> pd.DataFrame:
    """The rows of one part."""
    return frame[(frame["part"] == key.part) & (frame["fold"] == key.fold) & (frame["seed"] == key.seed)]
