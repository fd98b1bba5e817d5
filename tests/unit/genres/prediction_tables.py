"""Tables of predictions by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.predictions import COLUMN_TYPES


def predictions_of(
    system: str,
    named: Mapping[str, Sequence[str] | None],
    *,
    part: str = "all",
    fold: int | None = None,
    inner_fold: int | None = None,
    seed: int | None = None,
    family: str = "language model",
    arm: str = "transcript, masked",
    probability: Mapping[str, Mapping[str, float]] | None = None,
) -> pd.DataFrame:
    """The rows of a system that names genres of films; None for a film that failed. Scores are 1 where a genre is named."""
    rows = []
    for movie, genres in named.items():
        for genre in GENRES:
            said = None if genres is None else genre in genres
            rows.append(
                {
                    "system": system,
                    "family": family,
                    "arm": arm,
                    "fold": fold,
                    "inner_fold": inner_fold,
                    "seed": seed,
                }
                | {
                    "part": part,
                    "movie": movie,
                    "genre": genre,
                    "score": None if said is None else float(said),
                }
                | {"probability": None if probability is None else probability[movie].get(genre, 0.0)}
                | {
                    "predicted_global": said,
                    "predicted_per_genre": said,
                    "status": "failed" if said is None else "ok",
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
