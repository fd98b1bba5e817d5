"""A pre-trained encoder that is fine-tuned for the 18 genres."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json, write_text
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder.card import model_card
from trailerflow.genres.encoder.examples import Examples
from trailerflow.genres.encoder.fitting import Fitted, fitted
from trailerflow.genres.encoder.machine import device
from trailerflow.genres.encoder.network import GenreNetwork
from trailerflow.genres.encoder.settings import Settings, settings_of
from trailerflow.genres.encoder.training import logits_of
from trailerflow.genres.films import Films, Reads, Training
from trailerflow.genres.systems.contract import Prediction, Surroundings, System, Told
from trailerflow.genres.systems.pretrained import (
    Encoder,
    load_encoder,
    load_saved_encoder,
    save_encoder,
)
from trailerflow.genres.text_rows import Reading, text_rows

_SETTINGS = "training.json"
_CARD = "README.md"


class EncoderSystem(System):
    """An encoder with a head for the genres, fine-tuned on the joined texts of every film, and on extra texts where given.

    Args:
        name: Its name in paths and tables.
        reads: The texts that it reads, the title among them goes in front; whether it stops by validation films.
        encoder: Pre-trained weights; every training starts from them again.
        settings: How to train.
    """

    kind = "encoder"
    family = "fine-tuned encoder"

    def __init__(self, name: str, reads: Reads, encoder: Encoder, settings: Settings) -> None:
        super().__init__(name, reads)
        self._encoder = encoder
        self._settings = settings
        self._networks: list[GenreNetwork] = []
        self._precisions: list[tuple[float, ...]] = []
        self._notes: dict[str, None] = {}
        self._learnt: dict[str, int] = {}

    @classmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> EncoderSystem:
        """Make it from the name of its pre-trained weights, ``encoder``, and the fields of
        `trailerflow.genres.encoder.settings.Settings`: epochs, learning_rate, tokens and batch must be given.
        """
        own = dict(settings)
        encoder = load_encoder(str(own.pop("encoder", None)), surroundings.models_folder)
        return cls(name, reads, encoder, settings_of(own, seed))

    def steps(self, films: int) -> int:
        """The batches of all epochs on the films; those on extra texts are counted among them."""
        settings = self._settings
        return settings.networks * settings.epochs * -(-films // settings.batch)

    def fit(self, train: Training, validation: Films) -> None:
        """Train fresh networks; the same for the same seed, number of threads and precision."""
        self._train([train.films, train.extra], validation)

    def _train(self, learnt: Sequence[Films], validation: Films, soft: Tensor | None = None) -> None:
        """Train on films of several kinds.

        Args:
            learnt: To learn from, with their genres.
            validation: Films to stop by.
            soft: Labels in [0, 1] in the place of the genres of the last of ``learnt``.
        """
        settings = self._settings
        groups = [self._examples(films) for films in learnt if len(films)]
        if soft is not None and len(learnt[-1]):
            groups[-1] = replace(groups[-1], labels=soft)
        if not groups:
            raise TrailerflowError(
                f"There is no text for {self.name} to learn from; give films or extra texts."
            )
        texts = _together(groups)
        advance = self._paced(len(texts), self.steps(len(learnt[0])))
        self._notes = {}
        made = []
        for number in range(settings.networks):
            seed = settings.seed + 1000 * number
            torch.manual_seed(seed)
            made.append(
                fitted(
                    self._encoder.network(settings.pooling),
                    self._encoder.frozen,
                    texts,
                    self._examples(validation),
                    settings,
                    advance,
                )
            )
        self._keep(
            made, {name: len(films) for name, films in zip(_KINDS, learnt, strict=False) if len(films)}
        )

    def _keep(self, made: Sequence[Fitted], learnt: dict[str, int]) -> None:
        self._networks = [one.network for one in made]
        self._precisions = [one.precisions for one in made]
        self._notes |= dict.fromkeys(note for one in made for note in one.notes)
        self._learnt = learnt

    def _examples(self, films: Films) -> Examples:
        texts = text_rows(films, Reading(self.reads.texts))
        labels = torch.zeros(len(films), len(GENRES))
        if films.genres is not None:
            labels = torch.tensor(films.genres, dtype=torch.float32)
        weights = torch.tensor(texts.weights, dtype=torch.float32)
        return Examples(self._encoder.tokens(texts.texts, self._settings.tokens), labels, weights)

    def predict(self, films: Films) -> Prediction:
        """The mean logits of the networks as scores; they are to be calibrated, since the loss need not keep to shares."""
        if not self._networks:
            raise self.not_fitted()
        tokens = self._examples(films.without_genres()).tokens
        place = device()
        found = torch.zeros(len(films), len(GENRES), dtype=torch.float64)
        for network in self._networks:
            found += logits_of(network.moved(place), tokens, self._settings.batch).double()
            network.moved(torch.device("cpu"))
        return Prediction((found / len(self._networks)).numpy())

    def save(self, folder: Path) -> None:
        """Write networks and tokenizer in the form of transformers, how they were trained, and a model card."""
        if not self._networks:
            raise self.not_fitted()
        first, *others = self._networks
        first.save_pretrained(folder)
        for number, network in enumerate(others, 2):
            save_file(network.state_dict(), folder / _further(number))
        save_encoder(self._encoder, folder)
        write_json(folder / _SETTINGS, asdict(self._settings))
        write_text(folder / _CARD, self.card())

    def card(self) -> str:
        """The model card."""
        return model_card(
            name=self.name,
            base=self._encoder.weights_name,
            arm=self.arm,
            settings=self._settings,
            learnt=self._learnt,
            precisions=self._precisions,
        )

    @classmethod
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> EncoderSystem:
        """Read what `save` wrote; the pre-trained weights are not needed any more."""
        path = folder / _SETTINGS
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            settings = settings_of({key: values[key] for key in values if key != "seed"}, int(values["seed"]))
        except (OSError, ValueError, TypeError, KeyError, TrailerflowError) as error:
            raise TrailerflowError(f"{path} cannot be read ({error}); train the encoder again.") from None
        encoder, network = load_saved_encoder(folder)
        system = cls(name, reads, encoder, settings)
        system._networks = [network]
        for number in range(2, settings.networks + 1):
            further = encoder.network(settings.pooling)
            further.dropout.p = network.dropout.p
            try:
                further.load_state_dict(load_file(folder / _further(number)))
            except (OSError, RuntimeError, SafetensorError) as error:
                raise TrailerflowError(
                    f"{folder / _further(number)} cannot be read ({error}); train the encoder again."
                ) from None
            system._networks.append(further.eval())
        return system

    def told(self) -> Told:
        """The pre-trained weights, and what happened in training."""
        encoder = self._encoder
        return Told(
            packages=("torch", "transformers", "scikit-learn", "pandas"),
            models=({"name": encoder.name, "weights": encoder.weights_name, "hash": encoder.weights_hash},),
            notes=tuple(self._notes),
        )

    def _paced(self, texts: int, steps: int) -> Any:
        """What counts the batches of a training as the steps that were told before the extra texts were known."""
        settings = self._settings
        batches = settings.networks * settings.epochs * -(-texts // settings.batch)
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            for _ in range(done * steps // batches - (done - 1) * steps // batches):
                self.advance()

        return advance


_KINDS = ("films of the run", "extra texts", "texts with a teacher's labels")
"""What a training learns from, for the model card."""


def _further(number: int) -> str:
    """File of a further network beside the first."""
    return f"network-{number}.safetensors"


def _together(groups: Sequence[Examples]) -> Examples:
    """Texts of several kinds below each other."""
    return Examples(
        [row for group in groups for row in group.tokens],
        torch.cat([group.labels for group in groups]),
        torch.cat([group.weights for group in groups]),
    )
