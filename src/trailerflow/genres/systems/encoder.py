"""A pre-trained encoder that is fine-tuned for the 18 genres."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Self

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json, write_text
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder.card import model_card
from trailerflow.genres.encoder.examples import Examples, no_examples, together
from trailerflow.genres.encoder.fitting import Start, fitted
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
        self._notes: tuple[str, ...] = ()
        self._learnt: dict[str, int] = {}

    @classmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> Self:
        """Make it of its settings.

        These are ``encoder``, the name of its pre-trained weights; ``validation``, whether a fold is kept from training to
        stop by (no); and the fields of `trailerflow.genres.encoder.settings.Settings`, of which epochs, learning_rate,
        tokens and batch must be given.
        """
        own = dict(settings)
        encoder = load_encoder(str(own.pop("encoder", None)), surroundings.models_folder)
        stops = own.pop("validation", reads.validation) is True
        return cls(name, replace(reads, validation=stops), encoder, settings_of(own, seed))

    def steps(self, films: int) -> int:
        """The batches of all epochs on the films; those on extra texts are counted among them."""
        settings = self._settings
        return max(1, settings.networks * settings.epochs * -(-films // settings.batch))

    def fit(self, train: Training, validation: Films) -> None:
        """Train fresh networks; the same for the same seed, number of threads and precision."""
        self._train(train.films, self._examples(train.extra), validation)

    def fit_told(self, train: Training, validation: Films, tell: Callable[[float], bool]) -> None:
        """`fit`, for a search: it tells the mean average precision on ``validation`` after each epoch, and ends where it
        hears True.
        """
        self._train(train.films, self._examples(train.extra), validation, tell)

    def _train(
        self,
        films: Films,
        extra: Examples,
        validation: Films,
        tell: Callable[[float], bool] | None = None,
        kind: str = "extra texts",
    ) -> None:
        """Train on films, and on extra texts before or together with them."""
        if not len(films) and not len(extra):
            raise TrailerflowError(
                f"There is no text for {self.name} to learn from; give films or extra texts."
            )
        settings, own = self._settings, self._examples(films)
        first = bool(settings.extra_epochs and len(extra) and len(films))
        texts = own if first else together([own, extra])
        advance = self._paced(len(texts), len(extra) if first else 0, self.steps(len(films)))
        told = self._examples(validation)
        made = []
        for number in range(settings.networks):
            start = Start(lambda: self._encoder.network(settings.pooling), self._encoder.frozen)
            if first:
                start = self._after_extra(start, extra, number, advance)
            torch.manual_seed(settings.seed + 1000 * number)
            made.append(fitted(start, texts, told, settings, advance, tell))
        self._networks = [one.network for one in made]
        self._precisions = [one.precisions for one in made]
        self._notes = tuple(dict.fromkeys(note for one in made for note in one.notes))
        self._learnt = {"films of the run": len(films), kind: len(extra)}

    def _after_extra(self, start: Start, extra: Examples, number: int, advance: Callable[[], None]) -> Start:
        """What the training on extra texts alone comes to: the same in all fits, so it is made once."""
        settings = replace(
            self._settings, epochs=self._settings.extra_epochs, start_share=0.0, seed=number, networks=1
        )
        kept, key = self._encoder.tuned, extra.key(settings)
        if key not in kept:
            torch.manual_seed(number)
            kept[key] = fitted(start, extra, no_examples(), settings, advance)
        else:
            for _ in range(settings.epochs * -(-len(extra) // settings.batch)):
                advance()
        return kept[key].as_start(settings)

    def _examples(self, films: Films) -> Examples:
        """Texts with their labels; those of films without genres have none."""
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
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> Self:
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
            notes=self._notes,
        )

    def _paced(self, texts: int, before: int, steps: int) -> Callable[[], None]:
        """What counts the batches of a training as the steps that were told before the extra texts were known.

        Args:
            texts: How many are trained on.
            before: How many are trained on alone, before these.
            steps: What was told.
        """
        settings = self._settings
        epochs = ((settings.epochs, texts), (settings.extra_epochs, before))
        batches = settings.networks * sum(count * -(-size // settings.batch) for count, size in epochs)
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            for _ in range(done * steps // batches - (done - 1) * steps // batches):
                self.advance()

        return advance


def _further(number: int) -> str:
    """File of a further network beside the first."""
    return f"network-{number}.safetensors"
