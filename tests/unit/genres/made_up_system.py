"""A made-up genre system: it adds up what other systems say and corrects it by what it saw in training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films, Floats, Reads, Training
from trailerflow.genres.systems.contract import Prediction, Surroundings, System


class MadeUpSystem(System):
    """The mean score of other systems, and how often films have each genre."""

    kind = "made_up"
    family = "made-up ensemble"

    def __init__(self, name: str, reads: Reads) -> None:
        super().__init__(name, reads)
        self._frequency: Floats | None = None

    @classmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> MadeUpSystem:
        return cls(name, reads)

    def fit(self, train: Training, validation: Films) -> None:
        self._frequency = train.films.labels.mean(axis=0)

    def predict(self, films: Films) -> Prediction:
        if self._frequency is None:
            raise self.not_fitted()
        zero: Floats = np.zeros((len(films), len(GENRES)))
        scores = self._frequency + sum((films.predictions[name] for name in self.reads.predictions), zero)
        return Prediction(scores, 1 / (1 + np.exp(-scores)))

    def save(self, folder: Path) -> None:
        if self._frequency is None:
            raise self.not_fitted()
        with replacing(folder / "frequency.npz") as part, part.open("wb") as file:
            np.savez(file, frequency=self._frequency)

    @classmethod
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> MadeUpSystem:
        system = cls(name, reads)
        try:
            system._frequency = np.load(folder / "frequency.npz", allow_pickle=False)["frequency"]
        except (OSError, ValueError, KeyError) as error:
            raise TrailerflowError(f"{folder} cannot be read ({error}); train the system again.") from None
        return system
