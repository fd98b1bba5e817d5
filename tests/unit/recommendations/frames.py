"""Small ratings and splits, made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.recommendations.protocols.contract import LISTED, ORDER, Asked, Settings
from trailerflow.recommendations.split_tables import SplitTables, write_split
from trailerflow.recommendations.splits.coding import coded
from trailerflow.recommendations.splits.contract import TABLES, TEST, TIES_BY_ID, Part

SETTINGS = Settings(held_out=2, history=1, llm_users=1, seed=3)


def ratings_of(rows: Sequence[tuple[str, str, float, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["user", "movie", "rating", "timestamp"])
    return frame.astype({"user": str, "movie": str, "rating": "float32", "timestamp": "int64"})


def coded_ratings(rows: Sequence[tuple[str, str, float, int]], films: Iterable[str] = ()) -> pd.DataFrame:
    """Ratings as a split gets them; ``films`` are known beside those that are rated."""
    return coded(ratings_of(rows), pd.DataFrame({"movie": list(films)}, dtype=str))


def random_ratings(users: int = 12, films: int = 10, seed: int = 0) -> pd.DataFrame:
    """Users who rated six films each."""
    rng = np.random.default_rng(seed)
    return coded_ratings(
        [
            (f"u{user}", f"m{film}", float(rng.integers(1, 6)), place)
            for user in range(users)
            for place, film in enumerate(rng.permutation(films)[:6])
        ],
        [f"m{film}" for film in range(films)],
    )


def asked_about(held_out: pd.DataFrame, *, rule: str = LISTED, films: pd.DataFrame | None = None) -> Asked:
    """Questions about held-out ratings at the time 1000."""
    users = held_out["user"].drop_duplicates().reset_index(drop=True)
    return Asked(
        protocol="asked",
        task=ORDER,
        questions=pd.DataFrame({"user": users, "timestamp": 1000, "rule": rule}),
        candidates=held_out[["user", "movie"]] if films is None else films,
        truth=held_out,
        users=pd.DataFrame({"user": users, "set": "all"}),
    )


def part_of(train: pd.DataFrame, *asked: Asked, part: str = TEST, fold: int = 0) -> Part:
    return Part(part, fold, TIES_BY_ID, train, train.head(0), train.head(0), asked)


def stored(folder: Path, *parts: Part) -> SplitTables:
    """A split that was written and is read again."""
    files = {name: folder / f"{name}.parquet" for name in TABLES}
    write_split(parts, files)
    return SplitTables(files.values())


def movie_table(rows: Sequence[tuple[str, str, int | None, list[str]]]) -> pd.DataFrame:
    frame = pd.DataFrame([row[:3] for row in rows], columns=["movie", "title", "year"])
    frame["year"] = frame["year"].astype("Int64")
    for genre in GENRES:
        frame[genre] = [genre in row[3] for row in rows]
    return frame
