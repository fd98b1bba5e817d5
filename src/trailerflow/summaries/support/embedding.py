"""Support as the likeness of a claim's sentence vector to that of the nearest window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trailerflow.summaries.support.contract import VECTORS, Beside, Score, Support, Surroundings, best_windows

WORDS, STEP = 40, 20
"""Words of a window, some two sentences, and from one window to the next."""


class EmbeddingWindows(Support):
    """The cosine of the vectors of a claim and of the best window of 40 words."""

    name = "embedding"
    needs = frozenset({VECTORS})

    def __init__(self, surroundings: Surroundings) -> None:
        self._vectors = surroundings.vectors()

    def scores(self, films: Sequence[Beside]) -> list[list[Score]]:
        """All texts in one call, so that they go through the encoder by length."""
        return best_windows(films, WORDS, STEP, self._cosines)

    def _cosines(self, claims: Sequence[str], windows: Sequence[str]) -> npt.NDArray[np.float64]:
        if not claims:
            return np.zeros(0)
        texts = list(dict.fromkeys([*claims, *windows]))
        place = {text: number for number, text in enumerate(texts)}
        vectors = self._vectors.of(texts).astype(float)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        first, second = ([place[text] for text in column] for column in (claims, windows))
        cosines: npt.NDArray[np.float64] = np.einsum("nd,nd->n", vectors[first], vectors[second])
        return cosines
