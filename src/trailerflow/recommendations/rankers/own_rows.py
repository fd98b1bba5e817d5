"""The rows of a table beside the ratings, one for each user or film."""

from __future__ import annotations

import pandas as pd


def own_rows(table: pd.DataFrame, column: str, ids: pd.Index) -> pd.DataFrame:
    """The row of each id, the first where there are several, and one of missing values where there is none.

    Args:
        table: A table of `trailerflow.recommendations.rankers.contract.Side`.
        column: Its column of ids, ``user`` or ``movie``.
        ids: Ids of users or films, by their codes.

    Returns:
        The other columns, in the order of ``ids``, with their places as index.
    """
    rows = table.drop_duplicates(column).set_index(column)
    rows.index = rows.index.astype(str)
    return rows.reindex(ids.astype(str)).reset_index(drop=True)
