"""The genres that a system of this run predicts, as rankers read them."""

from __future__ import annotations

import pandas as pd

from trailerflow.genre_names import GENRES

_PARTS = ("all", "cross-validation", "held-out")
"""Parts of a table of predictions in which a film of the run is predicted by a fit that has not seen it."""


def predicted_genres(predictions: pd.DataFrame) -> pd.DataFrame:
    """One row a film.

    Args:
        predictions: Table of ``predict_genres``: movie, genre, part, predicted_per_genre (by a threshold of each genre) and
            status, a row a film and genre.

    Returns:
        movie, and a bool column for each genre; films without a prediction are left out.
    """
    rows = predictions[predictions["part"].isin(_PARTS) & (predictions["status"] == "ok")]
    rows = rows.astype({"movie": object, "genre": object}).drop_duplicates(["movie", "genre"])
    wide = rows.pivot(index="movie", columns="genre", values="predicted_per_genre").reindex(
        columns=list(GENRES)
    )
    return wide.fillna(False).astype(bool).rename_axis(columns=None).reset_index()
