"""The texts that genres are read from: the finished summaries of one model and prompt."""

from __future__ import annotations

import pandas as pd

NO_SUMMARY = "there is no summary by this model and prompt"


def summaries_of(summaries: pd.DataFrame, movies: pd.Series, *, model: str, prompt: str) -> pd.DataFrame:
    """Find the summary of each movie, or why it has none.

    Args:
        summaries: movie, model, prompt, status, reason and summary.
        movies: Ids of the movies.
        model: Name of the model that wrote the summaries.
        prompt: Name of the prompt that it was given.

    Returns:
        movie, status, reason and summary, one row per movie in their order; ``absent`` where the table has no
        row.
    """
    chosen = summaries[(summaries["model"] == model) & (summaries["prompt"] == prompt)]
    columns = ["movie", "status", "reason", "summary"]
    table = pd.DataFrame({"movie": movies.astype(str).to_numpy()}).merge(
        chosen[columns], on="movie", how="left", validate="one_to_one"
    )
    missing = table["status"].isna()
    table.loc[missing, "status"] = "absent"
    table.loc[missing, "reason"] = NO_SUMMARY
    return table
