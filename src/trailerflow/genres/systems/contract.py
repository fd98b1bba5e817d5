"""The contract of every system that predicts genres; one suite of tests holds all members to it.

After scikit-learn's estimators: what a system is made with is known before it sees any data, ``fit`` learns, ``predict``
uses what was learnt. The out-of-fold loop, thresholds, metrics and the rows to compare with know nothing of any system.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films, Flags, Floats, Reads, Training
from trailerflow.genres.texts import arm_of

if TYPE_CHECKING:
    from trailerflow.llm.types import Asks


@dataclass(frozen=True)
class Prediction:
    """What a system says of n films.

    Attributes:
        scores: The higher, the likelier, shape (n, 18); NaN in the rows of films that are not ``ok``.
        probabilities: In [0, 1], for thresholds to be chosen on, shape (n, 18); None where the system decides by itself, or
            where its scores are to be calibrated on films that it was not trained on (`trailerflow.genres.calibration`).
        decided: The genres that it names, shape (n, 18), for a system that decides by itself; else None.
        films: One row a film: status, and what else is told of it (reason, earliest, unreadable, cut, costs). None: all ok.
    """

    scores: Floats
    probabilities: Floats | None = None
    decided: Flags | None = None
    films: pd.DataFrame | None = None


@dataclass(frozen=True)
class Told:
    """What a system reports of its work, for the about.

    Attributes:
        packages: Distributions whose versions matter.
        models: Name and hash of each model used.
        usage: What language models cost, from `trailerflow.llm.usage_row`.
        notes: Sentences for the reader.
    """

    packages: tuple[str, ...] = ()
    models: tuple[dict[str, Any], ...] = ()
    usage: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What a saved system may need of the machine that it is loaded on; nothing of it changes what the system says.

    Attributes:
        client: Makes the client of a language model from its settings, for systems that ask one.
        models_folder: Where fetched models lie.
        vectors: Folder with the vectors of texts that are known already, a file a sentence encoder; None: each text is
            embedded when it is read.
    """

    client: Callable[[Mapping[str, Any]], Asks]
    models_folder: Path = Path("resources/models")
    vectors: Path | None = None


class System(ABC):
    """One way to predict the 18 genres of films.

    Args:
        name: Its name in paths and tables.
        reads: What it reads of every film.

    Attributes:
        kind: Its name in `trailerflow.genres.systems.SYSTEMS`.
        family: What kind of method it is, for tables.
        learns: Whether it learns from the genres of other films. One that does not is asked about every film, and ``fit``
            changes nothing.
        advance: Called after every step of `fit`; see `steps`.
    """

    kind: ClassVar[str]
    family: ClassVar[str]
    learns: ClassVar[bool] = True

    def __init__(self, name: str, reads: Reads) -> None:
        self.name = name
        self.reads = reads
        self.advance: Callable[[], None] = _nothing

    @classmethod
    @abstractmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> System:
        """Make the system as the configuration says.

        Args:
            name: Its name in paths and tables.
            reads: What it reads of every film.
            settings: Its own settings; a key that is left out has its default.
            surroundings: What it may need of this machine.
            seed: Seed of whatever it draws.

        Raises:
            TrailerflowError: A setting is not known or wrong, or a model was not fetched.
        """

    @property
    def arm(self) -> str:
        """Which texts it reads, titled or not."""
        return arm_of(self.reads.texts)

    def steps(self, films: int) -> int:
        """How many steps `fit` takes with so many training films, for the progress."""
        return 1

    @abstractmethod
    def fit(self, train: Training, validation: Films) -> None:
        """Learn, from the start: what an earlier call learnt is forgotten.

        Args:
            train: What may be learnt from.
            validation: Films with genres that are not in ``train``, to stop or to choose by; empty where the system's
                `Reads` does not ask for them.
        """

    @abstractmethod
    def predict(self, films: Films) -> Prediction:
        """Predict the genres of films; the same film gets the same scores in any company but for rounding.

        Raises:
            TrailerflowError: The system has learnt nothing yet.
        """

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write what was learnt into an empty folder: safetensors, npz, JSON or skops, never pickle."""

    @classmethod
    @abstractmethod
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> System:
        """Read what `save` wrote; the loaded system predicts the same.

        Raises:
            TrailerflowError: A file is missing or damaged.
        """

    def told(self) -> Told:
        """What it reports of its work."""
        return Told()

    def not_fitted(self) -> TrailerflowError:
        """The error of a system that is to predict or to be saved and has learnt nothing."""
        return TrailerflowError(
            f"The system {self.name} has learnt nothing yet; fit it, or load a saved one."
        )


def checked(prediction: Prediction, films: int, name: str) -> Prediction:
    """A prediction that keeps to the contract.

    Raises:
        TrailerflowError: A shape is wrong, a score of an ``ok`` film is no number, or a probability is none.
    """
    if fault := _fault(prediction, films):
        raise TrailerflowError(
            f"The genre system {name} gave {fault} for {films} films; this is a fault of its class."
        )
    return prediction


def _fault(prediction: Prediction, films: int) -> str | None:
    """What in a prediction breaks the contract, or None."""
    tables = {
        "scores": prediction.scores,
        "probabilities": prediction.probabilities,
        "decided": prediction.decided,
    }
    for what, table in tables.items():
        if table is not None and table.shape != (films, len(GENRES)):
            return f"{what} of the shape {table.shape}"
    if prediction.probabilities is not None and prediction.decided is not None:
        return "both probabilities and its own decisions"
    told = prediction.films
    ok = np.ones(films, dtype=bool) if told is None else (told["status"] == "ok").to_numpy()
    if not np.isfinite(prediction.scores[ok]).all():
        return "a score that is no number"
    if prediction.probabilities is not None:
        values = prediction.probabilities[ok]
        if not ((values >= 0) & (values <= 1)).all():
            return "a probability outside 0 to 1"
    return None


def _nothing() -> None:
    """No progress is shown."""
