"""From a pre-trained encoder and texts to a fine-tuned network: its start, its epochs, and which of them is kept."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

import torch

from trailerflow.genres.encoder.examples import Examples
from trailerflow.genres.encoder.frozen import Frozen
from trailerflow.genres.encoder.linear_start import PENALTY, PENALTY_AROUND, Head, linear_head
from trailerflow.genres.encoder.losses import loss_of
from trailerflow.genres.encoder.machine import device, gpu_faults_told, half_precision
from trailerflow.genres.encoder.network import GenreNetwork
from trailerflow.genres.encoder.settings import AUTO, Settings
from trailerflow.genres.encoder.training import Training, Weights, logits_of, mean_average_precision


@dataclass(frozen=True)
class Start:
    """What trainings start from.

    Attributes:
        network: Makes a copy of the network.
        frozen: What its frozen layers made of texts.
        head: Its linear head, where it has learnt one from other texts.
    """

    network: Callable[[], GenreNetwork]
    frozen: Frozen
    head: Head | None = None


@dataclass(frozen=True)
class Fitted:
    """A network that was fine-tuned.

    Attributes:
        network: On the CPU, ready to predict.
        precisions: Mean average precision on the validation texts, at the start and after each epoch; empty without them.
        notes: Sentences for the reader.
        frozen: What its frozen layers make of texts in further trainings.
    """

    network: GenreNetwork
    precisions: tuple[float, ...]
    notes: tuple[str, ...]
    frozen: Frozen = field(default_factory=Frozen, compare=False, repr=False)

    def as_start(self, settings: Settings) -> Start:
        """What further trainings start from."""
        head = self.network.linear_head() if settings.linear_start else None
        return Start(lambda: deepcopy(self.network), self.frozen, head)


def fitted(
    start: Start,
    texts: Examples,
    validation: Examples,
    settings: Settings,
    advance: Callable[[], None],
    tell: Callable[[float], bool] | None = None,
) -> Fitted:
    """Fine-tune a network; the same for the same seed, number of threads and precision.

    With validation texts the epoch with the best mean average precision on them is kept, the start counted where it is a
    linear head, and training ends after an epoch that was no gain.

    Args:
        start: What it starts from.
        texts: To train on.
        validation: To stop by; may be none.
        settings: How to train.
        advance: Called after every batch.
        tell: Hears the mean average precision on the validation texts after each epoch, and says whether to end.
    """
    with gpu_faults_told():
        place = device()
        half = half_precision(settings.precision, place)
        network = start.network().moved(place)
        before = _with_linear_head(network, start, texts, settings, half)
        training = _training(network, start.frozen, texts, settings, half, advance)

        def precision() -> float:
            logits = logits_of(network, validation.tokens, settings.batch, half=half)
            return mean_average_precision(validation.labels, logits)

        precisions = _epochs(training, before, precision if len(validation) else None, tell)
        if before and settings.start_share:
            network.load_state_dict(between(before, copied(network), settings.start_share))
        if network.straight:
            network.fold()
        network.ready()
    if settings.precision == AUTO:
        training.notes.append(f"It was trained on {place.type}, in {'bf16' if half else 'float32'}.")
    return Fitted(network, tuple(precisions), tuple(training.notes))


def _with_linear_head(
    network: GenreNetwork, start: Start, texts: Examples, settings: Settings, half: bool
) -> Weights | None:
    """Give the network its linear head where it is to start from one, and keep the weights of that start."""
    if not settings.linear_start:
        return None
    vectors = start.frozen.vectors(network, texts.tokens, settings.frozen_layers, half=half)
    loss = loss_of(settings.loss, texts.labels)
    penalty = PENALTY if start.head is None else PENALTY_AROUND
    head = linear_head(vectors, texts.labels, texts.weights, loss, penalty=penalty, around=start.head)
    network.straighten(*head)
    return copied(network)


def _training(
    network: GenreNetwork,
    frozen: Frozen,
    texts: Examples,
    settings: Settings,
    half: bool,
    advance: Callable[[], None],
) -> Training:
    layers = settings.frozen_layers
    inputs = frozen.states(network, texts.tokens, layers, half=half) if layers else texts.tokens
    loss = loss_of(settings.loss, texts.labels.to(network.device))
    return Training(network, settings, loss, half, texts, inputs, advance)


def _epochs(
    training: Training,
    start: Weights | None,
    precision: Callable[[], float] | None,
    tell: Callable[[float], bool] | None,
) -> list[float]:
    """All epochs, or those until one was no gain; the network then has its best weights."""
    network, best, precisions = training.network, start, list[float]()
    if precision and start:
        precisions.append(precision())
    for _ in range(training.settings.epochs):
        training.epoch()
        if precision is None:
            continue
        precisions.append(precision())
        if precisions[-1] == max(precisions):
            best = copied(network)
        elif tell is None:
            break
        if tell is not None and tell(precisions[-1]):
            break
    if precision and best:
        network.load_state_dict(best)
    return precisions


def copied(network: GenreNetwork) -> Weights:
    """The weights as they are now."""
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def between(start: Weights, end: Weights, share: float) -> Weights:
    """Weights between two networks of one shape, ``share`` of the way from the end to the start."""
    return {name: torch.lerp(value, start[name], share) for name, value in end.items()}
