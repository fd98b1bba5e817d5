"""A small archive, made by hand, and a ranker that was saved of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from trailerflow.recommendations.rankers.ease import Ease
from trailerflow.recommendations.recommending.recommender import Recommender
from trailerflow.recommendations.saved import load_ranker, save_ranker
from trailerflow.recommendations.splits.coding import coded
from unit.recommendations.frames import movie_table, ratings_of

ARCHIVE = movie_table(
    [
        ("1", "Alien", 1979, ["Horror", "Sci-Fi"]),
        ("2", "Aliens", 1986, ["Action", "Sci-Fi"]),
        ("3", "Usual Suspects, The", 1995, ["Crime", "Thriller"]),
        ("4", "Heat", 1995, ["Crime", "Thriller"]),
        ("5", "Sabrina", 1954, ["Comedy", "Romance"]),
        ("6", "Sabrina", 1995, ["Comedy", "Romance"]),
        ("7", "Aliens (Alien 2)", 1986, ["Action", "Sci-Fi"]),
    ]
)
ARCHIVE["duplicate_of"] = [None] * 6 + ["2"]
RATINGS = ratings_of(
    [
        (f"u{user}", film, rating, 10 * user + place)
        for user, films in enumerate(
            [
                {"1": 5, "2": 5},
                {"1": 4, "7": 4, "4": 2},
                {"1": 4, "2": 3},
                {"3": 5, "4": 5},
                {"3": 4, "4": 4, "5": 5},
            ]
        )
        for place, (film, rating) in enumerate(films.items())
    ]
)


def recommender_of(
    folder: Path, archive: pd.DataFrame = ARCHIVE, ratings: pd.DataFrame = RATINGS
) -> Recommender:
    """EASE of this archive."""
    train = coded(ratings, archive)
    about = {"name": "ease", "kind": "ease", "settings": {"penalty": 1.0}}
    save_ranker(Ease({"penalty": 1.0}).fit(train, train.head(0), {}), about, folder)
    return Recommender(load_ranker(folder), archive, ratings)


def more(*rows: tuple[str, str, float, int]) -> pd.DataFrame:
    """Ratings beside the archive's."""
    return ratings_of(rows)
