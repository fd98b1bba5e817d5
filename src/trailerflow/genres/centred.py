"""Vectors of texts from several sources, each source centred on its own mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float32]

ANY = ""
"""Stands for all sources together, for texts of a source that was not met in training."""


def means_by_source(vectors: Table, sources: Sequence[str]) -> dict[str, Table]:
    """The mean vector of each source: what its texts have in common tells no genre.

    Args:
        vectors: Shape (n, dimensions).
        sources: Source of each, n names.

    Returns:
        Source to a mean of shape (dimensions,); `ANY` to that of all.
    """
    names = np.array(sources, dtype=object)
    means = {name: vectors[names == name].mean(axis=0) for name in dict.fromkeys(sources)}
    return {**means, ANY: vectors.mean(axis=0)}


def centred(vectors: Table, sources: Sequence[str], means: Mapping[str, Table]) -> Table:
    """Vectors less the mean of their source, of unit length."""
    rest = vectors - np.stack([means.get(source, means[ANY]) for source in sources])
    lengths = np.linalg.norm(rest, axis=1, keepdims=True)
    unit: Table = np.divide(rest, lengths, out=np.zeros_like(rest), where=lengths > 0)
    return unit
