"""Predicted genres as rankers read them."""

from __future__ import annotations

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.recommendations.predicted_genres import predicted_genres


def test_a_film_has_the_genres_of_the_fit_that_has_not_seen_it() -> None:
    rows = [
        ("1", "War", "cross-validation", True, "ok"), ("1", "Drama", "cross-validation", False, "ok"),
        ("1", "Drama", "inner", True, "ok"), ("2", "Drama", "held-out", True, "ok"),
        ("2", "Drama", "held-out", False, "ok"),  # of another seed
        ("3", "War", "held-out", None, "absent"), ("x", "War", "extra", True, "ok"),
    ]  # fmt: skip
    columns = ["movie", "genre", "part", "predicted_per_genre", "status"]
    table = pd.DataFrame(rows, columns=columns).astype(
        {"predicted_per_genre": "boolean", "movie": "category"}
    )
    found = predicted_genres(table.astype({"genre": pd.CategoricalDtype(GENRES)})).set_index("movie")
    assert list(found.columns) == list(GENRES)
    assert {movie: [genre for genre in GENRES if row[genre]] for movie, row in found.iterrows()} == {
        "1": ["War"], "2": ["Drama"],
    }  # fmt: skip
