"""For how many users a ranker has no answer yet, or none at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from trailerflow.outcomes import STATUSES
from trailerflow.recommendations.ranking_files import ranking_file
from trailerflow.recommendations.splits.contract import TEST
from trailerflow.tables import read_rows

LATER = "later"
_WITHOUT = [status for status in STATUSES if status != "ok"]

COLUMN_TYPES = {"split": str, "ranker": str, "asked": int, "unranked": int, "later": int}
"""One row a split and ranker. ``asked``: users that it was asked about; ``unranked``: those of them with a film that it has
no score for; ``later``: those for whom it may come in the next run."""


def unranked(rankings: Iterable[Path]) -> pd.DataFrame:
    """Count the users of every ranker's test parts.

    Args:
        rankings: Tables of ``rank_films``.

    Returns:
        See `COLUMN_TYPES`.

    Raises:
        TrailerflowError: A table is missing or damaged.
    """
    rows: list[dict[str, object]] = []
    for path in rankings:
        users = {
            status: set(read_rows(path, columns=["user"], part=TEST, status=status)["user"])
            for status in _WITHOUT
        }
        row: dict[str, object] = dict(ranking_file(path)._asdict())
        row["asked"] = read_rows(path, columns=["user"], part=TEST)["user"].nunique()
        rows.append(row | {"unranked": len(set().union(*users.values())), "later": len(users[LATER])})
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
