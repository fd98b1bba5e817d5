"""The rows that genre systems are compared with: a constant, chance and an oracle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Floats
from trailerflow.row_kinds import CHANCE, CONSTANT, ORACLE

CONSTANT_GENRES = ("Drama", "Comedy")
"""The two most frequent genres of MovieLens-100K, said of every film."""


def references(movies: Sequence[str], table: pd.DataFrame) -> dict[str, Floats]:
    """What each row to compare with says of some films.

    Args:
        movies: Ids of the films, n of them.
        table: One bool column per genre of all scored films of the run, by movie: chance names each genre as often as they
            have it.

    Returns:
        Name of a row to 0 or 1, or to the probability with which it names a genre, shape (n, 18).
    """
    genres = table[list(GENRES)].astype(float)
    constant = np.array([float(genre in CONSTANT_GENRES) for genre in GENRES])
    return {
        f"{CONSTANT} ({', '.join(CONSTANT_GENRES)})": np.tile(constant, (len(movies), 1)),
        CHANCE: np.tile(genres.to_numpy().mean(axis=0), (len(movies), 1)),
        ORACLE: genres.loc[list(movies)].to_numpy(),
    }
