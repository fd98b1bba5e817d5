"""Ratings by hand, for tests."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trailerflow.claim_labels import COLUMNS

NO_LABELS = pd.DataFrame(columns=list(COLUMNS))


def labelled(reader: str, labels: dict[str, str]) -> pd.DataFrame:
    """Labels of the claims of one summary a movie, a letter each."""
    rows = [
        (movie, "m/a", number, number, f"Claim {number}.", label, reader)
        for movie, letters in labels.items()
        for number, label in enumerate(letters)
        if label != "-"
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def rated(
    rater: str,
    kind: str,
    ratings: dict[tuple[str, str], int],
    order: str = "as drawn",
    words: dict[tuple[str, str], int] | None = None,
) -> list[dict[str, Any]]:
    """Ratings of pair and prompt (a film has one pair, of its name) by fluency; prompt a is drawn as the first."""
    return [
        {
            "rater": rater, "kind": kind, "movie": pair, "pair": pair, "model": "m", "prompt": prompt,
            "position": "first" if (prompt == "a") == (order == "as drawn") else "second", "order": order,
            "words": (words or {}).get((pair, prompt)), "criterion": "fluency", "rating": rating,
        }
        for (pair, prompt), rating in ratings.items()
    ]  # fmt: skip
