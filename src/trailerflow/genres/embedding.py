"""The vectors of texts, shared by the systems of a process."""

from __future__ import annotations

from functools import cache

from trailerflow.embedding import TextVectors
from trailerflow.genres.systems.contract import Surroundings


def text_vectors(name: str, surroundings: Surroundings) -> TextVectors:
    """The vectors of texts by a sentence encoder, shared by all systems of the process that read it."""
    folder = surroundings.vectors
    known = folder and folder / f"{name}.npz"
    return _shared(name, surroundings.models_folder, known)


_shared = cache(TextVectors)
