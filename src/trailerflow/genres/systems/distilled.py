"""An encoder that learns from what another system says of texts whose genres are hidden."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from trailerflow.errors import TrailerflowError
from trailerflow.genres.calibration import fit_calibration
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.films import Films, Reads, Training
from trailerflow.genres.systems.encoder import EncoderSystem
from trailerflow.genres.systems.pretrained import Encoder


class DistilledSystem(EncoderSystem):
    """An encoder whose labels are a teacher's probabilities (Hinton, Vinyals & Dean, Distilling the Knowledge in a Neural
    Network, arXiv:1503.02531), on texts without genres; the films of the training keep their own genres.

    The teacher's scores come with the texts, from a fit that knows no film which is to be predicted. They are calibrated on
    the training films where the teacher has scored these too; else they must be probabilities.

    Args:
        name: Its name in paths and tables.
        reads: The texts that it reads, and the one teacher. What was learnt reads the texts alone.
        encoder: Pre-trained weights.
        settings: How to train; ``extra_epochs`` are those on the teacher's texts alone.
    """

    kind = "distilled"
    family = "distilled encoder"

    def __init__(self, name: str, reads: Reads, encoder: Encoder, settings: Settings) -> None:
        super().__init__(name, reads, encoder, settings)
        self._teachers = reads.predictions

    def fit(self, train: Training, validation: Films) -> None:
        """Learn from the teacher's probabilities on texts without genres, and from the genres of the films.

        Raises:
            TrailerflowError: There is not one teacher, or its scores are missing or no probabilities.
        """
        if len(self._teachers) != 1:
            raise TrailerflowError(
                f"{self.name} learns from one other system, and {len(self._teachers)} are named; name one."
            )
        texts = self._examples(train.unlabelled)
        if len(train.unlabelled):
            texts = replace(texts, labels=self._soft_labels(train))
        self._train(train.films, texts, validation, kind="texts with a teacher's labels")
        self.reads = replace(self.reads, predictions=())

    def _soft_labels(self, train: Training) -> Tensor:
        (teacher,) = self._teachers
        if teacher not in train.unlabelled.predictions:
            raise TrailerflowError(
                f"{self.name} learns from {teacher}, which has not scored the texts without genres; let it predict them."
            )
        scores = train.unlabelled.predictions[teacher]
        if teacher in train.films.predictions and len(train.films):
            curves = fit_calibration(train.films.labels, train.films.predictions[teacher])
            scores = curves.probabilities(scores)
        if not ((scores >= 0) & (scores <= 1)).all():
            raise TrailerflowError(
                f"The scores of {teacher} are no probabilities, and there is no film to calibrate them on; let it predict "
                "the films too."
            )
        return torch.tensor(scores, dtype=torch.float32)
