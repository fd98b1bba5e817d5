"""The share of films that have each genre, said of every film."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trailerflow.genres.films import Floats
from trailerflow.genres.systems.text_system import Arrays, LabelledRows, TextSystem


class ConstantSystem(TextSystem):
    """What nobody who reads a text should fall below."""

    kind = "constant"
    family = "constant"

    def learn(self, rows: LabelledRows) -> Arrays:
        """Count the genres of the films of the run."""
        return {"shares": rows.labels[rows.of_run].mean(axis=0)}

    def score(self, learnt: Arrays, texts: Sequence[str], sources: Sequence[str]) -> Floats:
        """The shares, whatever the text."""
        return np.tile(learnt["shares"], (len(texts), 1))
