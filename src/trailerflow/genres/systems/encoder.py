"""A pre-trained encoder that is fine-tuned for the 18 genres."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import DistilBertForSequenceClassification

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films, Reads, Training
from trailerflow.genres.systems.contract import Prediction, Surroundings, System, Told
from trailerflow.genres.systems.pretrained import (
    Encoder,
    load_encoder,
    load_saved_encoder,
    save_encoder,
)
from trailerflow.genres.texts import only_text

HIGHEST_WEIGHT = 10.0
"""Highest weight of a genre's positives: one film in a hundred would otherwise drown the others."""

_SETTINGS = "training.json"


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        epochs: Passes over the training texts.
        learning_rate: Highest step size of AdamW; it falls to zero along a line.
        tokens: Longest text, in the encoder's tokens.
        batch: Texts in a batch.
        seed: Seed of the head's weights, the order of the texts and the dropout.
    """

    epochs: int
    learning_rate: float
    tokens: int
    batch: int
    seed: int


class EncoderSystem(System):
    """An encoder with a head for the genres, trained as a whole on one text of every film.

    AdamW on the binary cross-entropy of every genre, rare positives weighted up.

    Args:
        name: Its name in paths and tables.
        text: Name of the text that it reads.
        encoder: Pre-trained weights; every training starts from them again.
        settings: How to train.
    """

    kind = "encoder"
    family = "fine-tuned encoder"

    def __init__(self, name: str, text: str, encoder: Encoder, settings: Settings) -> None:
        super().__init__(name, Reads(texts=(text,)))
        self._text = text
        self._encoder = encoder
        self._settings = settings
        self._network: DistilBertForSequenceClassification | None = None

    @classmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> EncoderSystem:
        """Make it from the name of its pre-trained weights, ``encoder``, and the fields of `Settings`."""
        own = dict(settings)
        encoder = load_encoder(str(own.pop("encoder")), surroundings.models_folder)
        return cls(name, only_text(reads.texts), encoder, Settings(**own, seed=seed))

    def steps(self, films: int) -> int:
        """The batches of all epochs."""
        return self._settings.epochs * math.ceil(films / self._settings.batch)

    def fit(self, train: Training, validation: Films) -> None:
        """Train a fresh network; the same for the same seed and number of threads."""
        texts, settings = train.films.texts[self._text], self._settings
        torch.manual_seed(settings.seed)
        network = self._encoder.classifier()
        labels = torch.tensor(train.films.labels, dtype=torch.float32)
        weight = positive_weights(labels)
        optimizer = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate)
        steps = self.steps(len(texts))
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
        network.train()
        for _ in range(settings.epochs):
            for batch in torch.randperm(len(texts)).split(settings.batch):
                logits = network(
                    **self._encoder.tokens([texts[index] for index in batch.tolist()], settings.tokens)
                ).logits
                loss = binary_cross_entropy_with_logits(logits, labels[batch], pos_weight=weight)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                self.advance()
        network.eval()
        self._network = network

    @torch.inference_mode()
    def predict(self, films: Films) -> Prediction:
        """Logits as scores, and the probability of every genre."""
        if self._network is None:
            raise self.not_fitted()
        logits = _logits(self._network, self._encoder, films.texts[self._text], self._settings)
        return Prediction(logits.double().numpy(), torch.sigmoid(logits).double().numpy())

    def save(self, folder: Path) -> None:
        """Write network and tokenizer in the form of transformers, and how it was trained."""
        if self._network is None:
            raise self.not_fitted()
        self._network.save_pretrained(folder)
        save_encoder(self._encoder, folder)
        write_json(folder / _SETTINGS, asdict(self._settings))

    @classmethod
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> EncoderSystem:
        """Read what `save` wrote; the pre-trained weights are not needed any more."""
        try:
            settings = Settings(**json.loads((folder / _SETTINGS).read_text(encoding="utf-8")))
            (text,) = reads.texts
        except (OSError, ValueError, TypeError) as error:
            raise TrailerflowError(
                f"{folder / _SETTINGS} cannot be read ({error}); train the encoder again."
            ) from None
        encoder, network = load_saved_encoder(folder)
        system = cls(name, text, encoder, settings)
        system._network = network
        return system

    def told(self) -> Told:
        """The pre-trained weights."""
        encoder = self._encoder
        return Told(
            packages=("torch", "transformers", "pandas"),
            models=({"name": encoder.name, "weights": encoder.weights_name, "hash": encoder.weights_hash},),
        )


def positive_weights(labels: Tensor) -> Tensor:
    """Weight of each genre's positives: negatives by positives, between 1 and `HIGHEST_WEIGHT`.

    Args:
        labels: 0 and 1, shape (n, genres).

    Returns:
        Shape (genres,); 1 for a genre without positives.
    """
    positives = labels.sum(dim=0)
    weights = (len(labels) - positives) / positives.clamp(min=1)
    return torch.where(positives > 0, weights.clamp(1.0, HIGHEST_WEIGHT), torch.ones_like(weights))


def _logits(
    network: DistilBertForSequenceClassification, encoder: Encoder, texts: Sequence[str], settings: Settings
) -> Tensor:
    """Logit of every genre for each text, shape (n, 18)."""
    parts = [
        network(**encoder.tokens(list(texts[start : start + settings.batch]), settings.tokens)).logits
        for start in range(0, len(texts), settings.batch)
    ]
    return torch.cat(parts) if parts else torch.empty((0, len(GENRES)))
