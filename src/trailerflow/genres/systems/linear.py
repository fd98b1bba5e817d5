"""Frozen sentence vectors and logistic regression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from trailerflow.genres.centred import Table
from trailerflow.genres.films import Floats
from trailerflow.genres.systems.embedded import EmbeddedSystem
from trailerflow.genres.systems.logistic import fit_logistic
from trailerflow.genres.systems.text_system import Arrays, LabelledRows


class LinearSystem(EmbeddedSystem):
    """Logistic regression for each genre on the vectors of a frozen sentence encoder.

    Its setting is ``strength``, the inverse of the L2 penalty.
    """

    kind = "linear"
    family = "frozen embedding, logistic regression"
    defaults: ClassVar[Mapping[str, Any]] = {"strength": 1.0}

    def learn_vectors(self, vectors: Table, rows: LabelledRows) -> Arrays:
        """Fit a regression for each genre."""
        coefficients, offsets = fit_logistic(vectors, rows.labels, rows.weights, self.settings["strength"])
        return {"coefficients": coefficients, "offsets": offsets}

    def score_vectors(self, learnt: Arrays, vectors: Table) -> Floats:
        """The logits of the regressions."""
        scores: Floats = (vectors @ learnt["coefficients"] + learnt["offsets"]).astype(float)
        return scores
