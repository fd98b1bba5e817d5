"""What systems have in common that read the vectors of sentence encoders."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from trailerflow.genres.centred import ANY, Table, centred, means_by_source
from trailerflow.genres.embedding import text_vectors
from trailerflow.genres.films import Floats, Reads
from trailerflow.genres.systems.contract import Surroundings, Told
from trailerflow.genres.systems.text_system import Arrays, LabelledRows, TextSystem

_MEANS = "means"


class EmbeddedSystem(TextSystem):
    """A system that scores the vectors of rows, each source of texts centred on its own mean.

    A text longer than ``window`` words is read in windows, and its vector is their mean. With several sentence encoders the
    centred vectors of a row are joined, so that its likeness to another row is the mean of the encoders' cosines.
    """

    _common: ClassVar[Mapping[str, Any]] = {
        **TextSystem._common,
        "embedders": ("bge-small",),
        "window": None,
    }

    def __init__(
        self, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> None:
        super().__init__(name, reads, settings, surroundings, seed)
        self._vectors = [text_vectors(one, surroundings) for one in self.settings["embedders"]]

    def learn(self, rows: LabelledRows) -> Arrays:
        """Centre the vectors, and learn from them."""
        sources = [*dict.fromkeys(rows.sources), ANY]
        means: Arrays = {}
        parts = []
        for vectors in self._vectors:
            found = vectors.pooled(rows.texts, self.settings["window"])
            own = means_by_source(found, rows.sources)
            means[f"{_MEANS}.{vectors.name}"] = np.stack([own[source] for source in sources])
            parts.append(centred(found, rows.sources, own))
        return {**self.learn_vectors(_joined(parts), rows), **means, "sources": np.array(sources)}

    def score(self, learnt: Arrays, texts: Sequence[str], sources: Sequence[str]) -> Floats:
        """Centre the vectors by the means that were learnt, and score them."""
        places = {source: place for place, source in enumerate(learnt["sources"].tolist())}
        parts = []
        for vectors in self._vectors:
            table = learnt[f"{_MEANS}.{vectors.name}"]
            means = {source: table[place] for source, place in places.items()}
            parts.append(centred(vectors.pooled(texts, self.settings["window"]), sources, means))
        return self.score_vectors(learnt, _joined(parts))

    @abstractmethod
    def learn_vectors(self, vectors: Table, rows: LabelledRows) -> Arrays:
        """All that is learnt from the centred vectors of rows, shape (n, dimensions)."""

    @abstractmethod
    def score_vectors(self, learnt: Arrays, vectors: Table) -> Floats:
        """Scores of n centred vectors, shape (n, 18)."""

    def told(self) -> Told:
        """The sentence encoders."""
        return Told(
            packages=("onnxruntime", "scikit-learn", "scipy", "tokenizers", "torch", "transformers"),
            models=tuple(vectors.model for vectors in self._vectors),
        )


def _joined(parts: Sequence[Table]) -> Table:
    """Unit vectors side by side, the whole of unit length too."""
    joined: Table = np.hstack(parts) / np.float32(np.sqrt(len(parts)))
    return joined
