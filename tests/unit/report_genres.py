"""Tables of genre scores for the tests of the report: made by the stage itself, from made-up predictions of real forms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.breakdowns import by_text, calibration, stand_ins, worst_films
from trailerflow.genres.comparisons import compare
from trailerflow.genres.described import DescribedFilms
from trailerflow.genres.genre_sets import genre_sets
from trailerflow.genres.judged import judge, true_genres
from trailerflow.genres.predictions import COLUMN_TYPES
from trailerflow.genres.scoring import score
from trailerflow.row_kinds import LANGUAGE_MODEL, PUBLISHED

PUBLISHED_ROWS = [
    {
        "system": "published (student report, Llama-3.1-8B)", "row_kind": PUBLISHED, "part": "all", "label": label,
        "f1": value, "movies": 1633, "note": "scored on its own training rows",
    }
    for label, value in (("micro", 0.603), ("macro", 0.565))
]  # fmt: skip

TABLES = ("metrics", "comparisons", "conformal", "calibration", "by_text", "stand_ins", "worst")


def said_of(
    movies: pd.DataFrame,
    system: str,
    part: str,
    *,
    noise: float,
    learns: bool,
    arm: str = "transcript, masked",
    draw: int = 0,
) -> pd.DataFrame:
    """Predictions that are the truth with noise."""
    truth = movies[list(GENRES)].to_numpy(dtype=float)
    rng = np.random.default_rng([draw, len(movies), int(100 * noise)])
    probability = np.clip(0.2 + 0.5 * truth + rng.normal(0, noise, truth.shape), 0.01, 0.99)
    decided = probability > 0.5
    rows = pd.DataFrame(
        {"movie": np.repeat(movies["movie"], len(GENRES)), "genre": list(GENRES) * len(movies)}
    )
    rows = rows.assign(
        system=system, family="made up" if learns else LANGUAGE_MODEL, arm=arm, part=part, status="ok",
        seed=0 if learns else None, fold=np.repeat(np.arange(len(movies)) % 3, len(GENRES)) if part == "cross-validation" else None,
        score=probability.ravel(), probability=probability.ravel() if learns else None,
        predicted_global=decided.ravel(), predicted_per_genre=decided.ravel(),
    )  # fmt: skip
    return rows.reindex(columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def genre_tables(
    movies: pd.DataFrame,
    transcripts: pd.DataFrame,
    synopses: pd.DataFrame,
    predictions: Sequence[pd.DataFrame],
    extra: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """What ``score_genres`` writes, by the name of the table; every third film is held out."""
    split = pd.DataFrame({"movie": movies["movie"], "group": movies["movie"]})
    split["held_out"] = np.arange(len(split)) % 3 == 0
    split["fold"] = np.where(split["held_out"], -1, np.arange(len(split)) % 3)
    judged = judge(predictions, true_genres(movies, split, extra))
    films = DescribedFilms(movies, transcripts, synopses, extra)
    made = (
        score(judged, 0, PUBLISHED_ROWS), compare(judged, 0), genre_sets(judged, 0), calibration(judged),
        by_text(judged, films, 0), stand_ins(judged), worst_films(judged, films),
    )  # fmt: skip
    return dict(zip(TABLES, made, strict=True))
