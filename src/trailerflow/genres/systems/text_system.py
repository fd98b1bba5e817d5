"""What systems have in common that score rows of text: films become rows, and a film's score is the mean of its rows'."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing, write_json
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films, Flags, Floats, Reads, Training
from trailerflow.genres.systems.contract import Prediction, Surroundings, System
from trailerflow.genres.text_rows import Reading, openings, text_rows

Arrays = dict[str, npt.NDArray[Any]]

_ARRAYS, _SETTINGS = "learnt.npz", "settings.json"


@dataclass(frozen=True)
class LabelledRows:
    """Rows of text to learn from; entry i of everything is about the same row.

    Attributes:
        texts: n texts.
        sources: Where each comes from.
        labels: Genres of its film, shape (n, 18).
        weights: How much each counts, shape (n,).
        of_run: Whether its film is one of the run, shape (n,).
    """

    texts: list[str]
    sources: list[str]
    labels: Flags
    weights: Floats
    of_run: Flags


class TextSystem(System):
    """A system that scores rows of text.

    Args:
        name: Its name in paths and tables.
        reads: What it reads of every film.
        settings: Its settings, those of all such systems among them: ``apart`` (each text is a row of its own) and
            ``extra_words`` (words of an extra text that are read, up to the end of a sentence).
        surroundings: What it may need of this machine.
        seed: Seed of whatever it draws.

    Attributes:
        defaults: Its own settings with their defaults.
    """

    defaults: ClassVar[Mapping[str, Any]] = {}
    _common: ClassVar[Mapping[str, Any]] = {"apart": False, "extra_words": None}

    def __init__(
        self, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> None:
        super().__init__(name, reads)
        known = {**self._common, **self.defaults}
        if wrong := sorted(settings.keys() - known.keys()):
            raise TrailerflowError(
                f"The genre system {name} has no setting {wrong[0]}; it has {', '.join(sorted(known))}."
            )
        self.settings: dict[str, Any] = {**known, **settings}
        self.reading = Reading(reads.texts, self.settings["apart"])
        self.surroundings = surroundings
        self.seed = seed
        self._arrays: Arrays | None = None

    @classmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> Self:
        """Make it of its settings; see the class."""
        return cls(name, reads, settings, surroundings, seed)

    def fit(self, train: Training, validation: Films) -> None:
        """Learn from the rows of the films and of the extra texts."""
        self._arrays = self.learn(labelled_rows(train, self.reading, self.settings["extra_words"]))

    def predict(self, films: Films) -> Prediction:
        """The mean score of each film's rows, to be calibrated."""
        if self._arrays is None:
            raise self.not_fitted()
        rows = text_rows(films, self.reading)
        if not rows.texts:
            return Prediction(np.empty((0, len(GENRES))))
        return Prediction(rows.means(self.score(self._arrays, rows.texts, rows.sources), len(films)))

    @abstractmethod
    def learn(self, rows: LabelledRows) -> Arrays:
        """All that is learnt from rows, as named arrays."""

    @abstractmethod
    def score(self, learnt: Arrays, texts: Sequence[str], sources: Sequence[str]) -> Floats:
        """Scores of n rows by what was learnt, shape (n, 18)."""

    def save(self, folder: Path) -> None:
        """Write the arrays and the settings."""
        if self._arrays is None:
            raise self.not_fitted()
        with replacing(folder / _ARRAYS) as part, part.open("wb") as file:
            np.savez(file, allow_pickle=False, **self._arrays)
        write_json(folder / _SETTINGS, {"settings": self.settings, "seed": self.seed})

    @classmethod
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> Self:
        """Read what `save` wrote."""
        try:
            said = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
            with np.load(folder / _ARRAYS, allow_pickle=False) as file:
                arrays = dict(file)
            system = cls(name, reads, said["settings"], surroundings, int(said["seed"]))
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise TrailerflowError(
                f"The genre system in {folder} cannot be read ({error}); train it again."
            ) from None
        system._arrays = arrays
        return system


def labelled_rows(train: Training, reading: Reading, extra_words: int | None) -> LabelledRows:
    """The rows of the films of a training, then those of its extra texts.

    Args:
        train: What may be learnt from.
        reading: How the texts of a film become rows.
        extra_words: Words of an extra text that are read, up to the end of a sentence; None for all.
    """
    extra = train.extra if extra_words is None else openings(train.extra, extra_words)
    parts = [(films, text_rows(films, reading)) for films in (train.films, extra) if len(films)]
    counts = [len(rows.texts) for _, rows in parts]
    return LabelledRows(
        texts=[text for _, rows in parts for text in rows.texts],
        sources=[source for _, rows in parts for source in rows.sources],
        labels=np.concatenate([films.labels[rows.films] for films, rows in parts]),
        weights=np.concatenate([rows.weights for _, rows in parts]),
        of_run=np.arange(sum(counts)) < counts[0],
    )
