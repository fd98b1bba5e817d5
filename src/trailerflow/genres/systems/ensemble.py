"""A weighted mean of what other systems say, each first calibrated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing
from trailerflow.genres.calibration import Calibration, fit_calibration
from trailerflow.genres.films import Films, Flags, Floats, Reads, Training
from trailerflow.genres.systems.contract import Prediction, Surroundings, System, Told

_FILE = "ensemble.npz"


class EnsembleSystem(System):
    """The logits of other systems' calibrated scores, added up with a weight for each system.

    The weights, none below 0, are those with the least cross-entropy over all genres of the training films (stacking;
    Wolpert, Stacked Generalization, 1992): few, so that little can be learnt by heart. The scores of the training films come
    from fits that did not know them.

    Args:
        name: Its name in paths and tables.
        reads: The other systems.
    """

    kind = "ensemble"
    family = "ensemble"

    def __init__(self, name: str, reads: Reads) -> None:
        super().__init__(name, reads)
        if not reads.predictions:
            raise TrailerflowError(
                f"The genre system {name} reads no other system; name some, or take it out."
            )
        self._curves: list[Calibration] = []
        self._weights: Floats | None = None

    @classmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> EnsembleSystem:
        """It has no settings."""
        if settings:
            raise TrailerflowError(f"The genre system {name} has no setting {min(settings)}; it has none.")
        return cls(name, reads)

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each system."""
        if self._weights is None:
            raise self.not_fitted()
        return dict(zip(self.reads.predictions, self._weights.tolist(), strict=True))

    def fit(self, train: Training, validation: Films) -> None:
        """Calibrate every system, and weigh them."""
        films = train.films
        self._curves = [
            fit_calibration(films.labels, films.predictions[name]) for name in self.reads.predictions
        ]
        self._weights = best_weights(self._logits(films), films.labels)

    def predict(self, films: Films) -> Prediction:
        """The weighted logits."""
        if self._weights is None:
            raise self.not_fitted()
        return Prediction(np.tensordot(self._weights, self._logits(films), axes=1))

    def _logits(self, films: Films) -> Floats:
        """The logits of all systems, shape (systems, n, 18)."""
        pairs = zip(self.reads.predictions, self._curves, strict=True)
        return np.stack([curves.logits(films.predictions[name]) for name, curves in pairs])

    def save(self, folder: Path) -> None:
        """Write the curves and the weights."""
        if self._weights is None:
            raise self.not_fitted()
        slopes, offsets = ([getattr(one, part) for one in self._curves] for part in ("slopes", "offsets"))
        with replacing(folder / _FILE) as part, part.open("wb") as file:
            np.savez(file, weights=self._weights, slopes=np.array(slopes), offsets=np.array(offsets))

    @classmethod
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> EnsembleSystem:
        """Read what `save` wrote."""
        system = cls(name, reads)
        try:
            with np.load(folder / _FILE, allow_pickle=False) as file:
                curves = zip(file["slopes"], file["offsets"], strict=True)
                system._curves = [Calibration(slopes, offsets) for slopes, offsets in curves]
                system._weights = file["weights"]
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise TrailerflowError(
                f"The genre system in {folder} cannot be read ({error}); train it again."
            ) from None
        return system

    def told(self) -> Told:
        """The weights that it found."""
        if self._weights is None:
            return Told(packages=("scikit-learn", "scipy"))
        said = ", ".join(f"{name} {weight:.2f}" for name, weight in self.weights.items())
        return Told(packages=("scikit-learn", "scipy"), notes=(f"Weights of the systems' logits: {said}.",))


def best_weights(logits: Floats, truth: Flags) -> Floats:
    """The weights, none below 0, with the least mean cross-entropy of the weighted logits.

    Args:
        logits: Of k systems, shape (k, n, genres).
        truth: Genres of the n films, shape (n, genres).

    Returns:
        Shape (k,).
    """
    columns = logits.reshape(len(logits), -1)
    told = truth.ravel().astype(float)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total = weights @ columns
        error = expit(total) - told
        return float(np.mean(np.logaddexp(0, total) - told * total)), columns @ error / len(told)

    start = np.full(len(logits), 1 / len(logits))
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start)).x
    return found
