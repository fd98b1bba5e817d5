"""The rows that genre systems are compared with: a constant, chance and an oracle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Flags, Floats
from trailerflow.row_kinds import CHANCE, CONSTANT, ORACLE

CONSTANT_GENRES = ("Drama", "Comedy")
"""The two most frequent genres of MovieLens-100K, said of every film."""

CONSTANT_NAME = f"{CONSTANT} ({', '.join(CONSTANT_GENRES)})"


@dataclass(frozen=True)
class Reference:
    """What a row to compare with says of n films.

    Attributes:
        decided: 0 or 1, or the probability with which it names a genre, shape (n, 18).
        scores: The higher, the likelier, the same shape.
    """

    decided: Floats
    scores: Floats


def references(truth: Flags, all_films: Flags) -> dict[str, Reference]:
    """The rows to compare with, by their names.

    The constant ranks the genres of every film by how frequent they are. Chance names each genre as often as films have it,
    and ranks none above another.

    Args:
        truth: Genres of the n films.
        all_films: Genres of all films of this kind, which tell how frequent each is, shape (films, 18).
    """
    films = len(truth)
    constant = np.array([float(genre in CONSTANT_GENRES) for genre in GENRES])
    frequency = all_films.mean(axis=0)
    return {
        CONSTANT_NAME: Reference(np.tile(constant, (films, 1)), np.tile(frequency, (films, 1))),
        CHANCE: Reference(np.tile(frequency, (films, 1)), np.zeros(truth.shape)),
        ORACLE: Reference(truth.astype(float), truth.astype(float)),
    }
