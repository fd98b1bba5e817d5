"""An archive of the size of MovieLens-1M, made of MovieLens-100K, to measure time and memory of rankers with.

    python benchmarks/bigger_archive.py ../shared/data/ml-100k.zip run/bigger.zip
    python benchmarks/rankings.py --archive run/bigger.zip --splits leave_last --rankers ease --output run/bigger

Each film becomes two or three, with its genres and its year. Each user has the ratings of one or two users, and of each film
one of its copies, drawn at random. So users have as many ratings as those of MovieLens-1M, and films as unequal shares of
them; what the rankers get right on them means nothing.
"""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.catalogue.frames import read_archive
from trailerflow.files import replacing
from trailerflow.genre_names import GENRES

USERS, FILMS, RATINGS = 6_040, 3_706, 1_000_209
"""Sizes of MovieLens-1M."""


def bigger_ratings(ratings: pd.DataFrame, films: int, rng: np.random.Generator) -> pd.DataFrame:
    """Ratings of `USERS` users.

    Args:
        ratings: user, movie (a place among the films), rating, timestamp.
        films: How many films there are.
        rng: Draws whose ratings each user has, and which copy of a film.

    Returns:
        userId, movieId (1 and more), rating, timestamp; a film once a user.
    """
    owners = ratings["user"].unique()
    second = min(1.0, max(0.0, RATINGS / (len(ratings) / len(owners)) / USERS - 1))
    first = pd.DataFrame({"userId": np.arange(USERS) + 1, "user": rng.choice(owners, USERS)})
    more = first[rng.random(USERS) < second].assign(user=lambda rows: rng.choice(owners, len(rows)))
    whole = pd.concat([first, more]).merge(ratings, on="user")
    copies = np.where(whole["movie"] < FILMS - 2 * films, 3, 2)
    whole["movieId"] = whole["movie"] + films * rng.integers(0, copies) + 1
    columns = ["userId", "movieId", "rating", "timestamp"]
    return whole.drop_duplicates(["userId", "movieId"])[columns].sort_values(["userId", "timestamp"])


def bigger_movies(movies: pd.DataFrame) -> pd.DataFrame:
    """Every film and its copies.

    Args:
        movies: title, year and the genres.

    Returns:
        movieId, title, genres.
    """
    genres = [
        "|".join(name for name in GENRES if row[name]) for row in movies[list(GENRES)].to_dict("records")
    ]
    parts = []
    for copy in range(3):
        title = movies["title"] + f" copy {copy} (" + movies["year"].astype("string").fillna("1990") + ")"
        ids = np.arange(len(movies)) + copy * len(movies) + 1
        parts.append(pd.DataFrame({"movieId": ids, "title": title, "genres": genres}))
    return pd.concat(parts).head(FILMS)


def main() -> None:
    """Read the archive, write the bigger one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path, help="MovieLens-100K")
    parser.add_argument("output", type=Path, help="archive to write")
    arguments = parser.parse_args()
    read = read_archive(arguments.archive)
    places = pd.Series(range(len(read.movies)), index=read.movies["movie"])
    ratings = read.ratings.assign(movie=read.ratings["movie"].map(places).astype(int))
    made = bigger_ratings(ratings, len(read.movies), np.random.default_rng(0))
    with replacing(arguments.output) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bigger/movies.csv", bigger_movies(read.movies).to_csv(index=False))
        archive.writestr("bigger/ratings.csv", made.to_csv(index=False))
    print(f"{made['userId'].nunique():,} users, {made['movieId'].nunique():,} films, {len(made):,} ratings")


if __name__ == "__main__":
    main()
