"""The texts that genres are read from: the finished summaries of one model and prompt."""

from __future__ import annotations

import pandas as pd

NO_SUMMARY = "there is no summary by this model and prompt"


def summaries_of(summaries: pd.DataFrame, movies: pd.Series) -> pd.DataFrame:
    """Find the summary of each movie, or why it has none.

    Args:
        summaries: movie, status, reason and summary, by one model and prompt.
        movies: Ids of the movies.

    Returns:
        movie, status, reason and summary, one row per movie in their order; ``absent`` where the table has no
        row.
    """
    columns = ["movie", "status", "reason", "summary"]
    table = pd.DataFrame({"movie": movies.astype(str).to_numpy()}).merge(
        summaries[columns], on="movie", how="left", validate="one_to_one"
    )
    missing = table["status"].isna()
    table.loc[missing, "status"] = "absent"
    table.loc[missing, "reason"] = NO_SUMMARY
    return table
