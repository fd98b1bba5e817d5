"""A trial of the search: a fresh encoder, trained on some of the training films and judged on the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.metrics import average_precision_score, f1_score

from trailerflow.errors import TrailerflowError
from trailerflow.genres.calibration import fit_calibration
from trailerflow.genres.films import Films, Reads, Training
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.systems.encoder import EncoderSystem
from trailerflow.genres.thresholds import choose_thresholds
from trailerflow.llm.types import Asks
from trailerflow.torch_threads import use_threads


@dataclass(frozen=True)
class EncoderTrials:
    """Makes the trials; it can be handed to another process.

    Attributes:
        reads: What the encoder reads of a film.
        settings: Its settings, ``encoder`` (the pre-trained weights) among them; those that a trial chooses are replaced.
        models_folder: Where fetched models lie.
        train: Films and extra texts that a trial is trained on.
        validation: Films of the training folds that it is judged on.
        seed: Seed of every training.
        threads: CPU threads of a trial.
    """

    reads: Reads
    settings: Mapping[str, Any]
    models_folder: Path
    train: Training
    validation: Films
    seed: int
    threads: int

    def __call__(self, choices: Mapping[str, Any], tell: Callable[[float], bool]) -> None:
        """Train by these settings, and tell the mean average precision on the validation films after each epoch."""
        use_threads(self.threads)
        self.system(choices).fit_told(self.train, self.validation, tell)

    def system(self, choices: Mapping[str, Any]) -> EncoderSystem:
        """A fresh encoder with these settings."""
        surroundings = Surroundings(_no_client, self.models_folder)
        return EncoderSystem.from_settings(
            "encoder", self.reads, {**self.settings, **choices}, surroundings, self.seed
        )

    def on_untouched(self, arms: Mapping[str, Mapping[str, Any]], untouched: Films) -> pd.DataFrame:
        """What settings come to on films that the search never saw.

        Each training stops by the validation films, and its curves and thresholds come from them too.

        Args:
            arms: Name of an arm, such as before and after, to the settings that it replaces.
            untouched: Films with their genres.

        Returns:
            One row an arm: arm, map (mean average precision), micro_f1 and macro_f1, each with the threshold of its kind.
        """
        use_threads(self.threads)
        rows = []
        for arm, choices in arms.items():
            system = self.system(choices)
            system.fit(self.train, self.validation)
            told = system.predict(self.validation.without_genres()).scores
            curves = fit_calibration(self.validation.labels, told)
            thresholds = choose_thresholds(self.validation.labels, curves.probabilities(told))
            scores = system.predict(untouched.without_genres()).scores
            said = curves.probabilities(scores)
            truth = untouched.labels
            present = truth.any(axis=0)
            decided = {"micro": thresholds.apply_shared(said), "macro": thresholds.apply_per_genre(said)}
            rows.append(
                {"arm": arm, "map": average_precision_score(truth[:, present], scores[:, present])}
                | {
                    f"{average}_f1": f1_score(
                        truth[:, present], flags[:, present], average=average, zero_division=0
                    )
                    for average, flags in decided.items()
                }
            )
        return pd.DataFrame(rows)


def _no_client(settings: Mapping[str, Any]) -> Asks:
    raise TrailerflowError("The encoder asks no language model.")
