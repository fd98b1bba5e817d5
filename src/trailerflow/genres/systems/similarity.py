"""How near a text is to the name of each genre: it learns from no film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from trailerflow.genre_names import GENRES
from trailerflow.genres.embedding import text_vectors
from trailerflow.genres.films import Floats, Reads
from trailerflow.genres.systems.contract import Surroundings, Told
from trailerflow.genres.systems.text_system import Arrays, LabelledRows, TextSystem

QUESTION = "This is a {genre} film."


class SimilaritySystem(TextSystem):
    """The cosine between a text's vector and that of ``This is a horror film.``

    What the 18 sentences have in common is taken off. It learns nothing; in the out-of-fold loop its scores are calibrated
    as those of other systems are.
    """

    kind = "similarity"
    family = "frozen embedding, likeness to the genre's name"
    learns = False
    defaults: ClassVar[Mapping[str, Any]] = {"embedder": "bge-small", "window": None}

    def __init__(
        self, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> None:
        super().__init__(name, reads, settings, surroundings, seed)
        self._vectors = text_vectors(self.settings["embedder"], surroundings)
        self._arrays = {}

    def learn(self, rows: LabelledRows) -> Arrays:
        """Nothing."""
        return {}

    def score(self, learnt: Arrays, texts: Sequence[str], sources: Sequence[str]) -> Floats:
        """The cosines."""
        vectors = self._vectors.pooled(texts, self.settings["window"])
        names = self._vectors.of([QUESTION.format(genre=genre.lower()) for genre in GENRES])
        names = names - names.mean(axis=0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True) * np.linalg.norm(names, axis=1)
        cosines: Floats = (vectors @ names.T / lengths).astype(float)
        return cosines

    def told(self) -> Told:
        """The sentence encoder."""
        return Told(
            packages=("onnxruntime", "tokenizers", "torch", "transformers"), models=(self._vectors.model,)
        )
