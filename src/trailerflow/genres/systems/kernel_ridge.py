"""Frozen sentence vectors and kernel ridge regression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from scipy.linalg import cholesky, solve, solve_triangular
from sklearn.metrics.pairwise import rbf_kernel

from trailerflow.genres.centred import Table
from trailerflow.genres.films import Floats
from trailerflow.genres.systems.embedded import EmbeddedSystem
from trailerflow.genres.systems.text_system import Arrays, LabelledRows

_NUDGE = 1e-3
"""Added to the landmarks' kernel, so that equal texts among them do not make it singular."""


class KernelRidgeSystem(EmbeddedSystem):
    """Ridge regression of the genres on likenesses to training texts, by a Gaussian of the vectors' distance.

    The kernel of two texts is exp(2 * width * (cosine - 1)). With more rows than landmarks the regression is on the
    likenesses to some of the rows, the films' own first, the others drawn by seed (subset of regressors; Rasmussen &
    Williams, Gaussian Processes for Machine Learning, 2006, chapter 8).

    Its settings are ``width``, ``ridge`` and ``landmarks``, the most rows that others are compared with.
    """

    kind = "kernel_ridge"
    family = "frozen embedding, kernel ridge"
    defaults: ClassVar[Mapping[str, Any]] = {"width": 1.0, "ridge": 1.0, "landmarks": 2000}

    def learn_vectors(self, vectors: Table, rows: LabelledRows) -> Arrays:
        """Solve the regression."""
        landmarks = vectors[self._landmarks(rows)]
        means = np.average(rows.labels, axis=0, weights=rows.weights)
        among = self._likeness(landmarks, landmarks).astype(float)
        root = cholesky(among + _NUDGE * np.eye(len(landmarks)), lower=True).astype(np.float32)
        features = solve_triangular(root, self._likeness(vectors, landmarks).T, lower=True)
        weighted = features * rows.weights.astype(np.float32)
        penalty = np.float32(self.settings["ridge"]) * np.eye(len(landmarks), dtype=np.float32)
        found = solve(
            weighted @ features.T + penalty,
            weighted @ (rows.labels - means).astype(np.float32),
            assume_a="pos",
        )
        coefficients = solve_triangular(root, found, lower=True, trans="T")
        return {"landmarks": landmarks.astype(np.float16), "coefficients": coefficients, "means": means}

    def score_vectors(self, learnt: Arrays, vectors: Table) -> Floats:
        """Twice the regression less one: -1 where a genre is told absent, 1 where present."""
        likeness = self._likeness(vectors, learnt["landmarks"].astype(np.float32))
        said = (likeness @ learnt["coefficients"]).astype(float) + learnt["means"]
        scores: Floats = 2 * said - 1
        return scores

    def _landmarks(self, rows: LabelledRows) -> list[int]:
        rng = np.random.default_rng(self.seed)
        order = rng.permutation(len(rows.texts))
        of_run_first = order[np.argsort(~rows.of_run[order], kind="stable")]
        return sorted(of_run_first[: self.settings["landmarks"]].tolist())

    def _likeness(self, one: Table, other: Table) -> Table:
        kernel: Table = rbf_kernel(one, other, gamma=self.settings["width"])
        return kernel
