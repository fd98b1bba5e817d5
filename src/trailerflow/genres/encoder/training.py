"""One training of one network: AdamW, warm-up, early stop, and a batch that halves where a GPU is too small."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from sklearn.metrics import average_precision_score
from torch import Tensor

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder.examples import Examples, drawn_batches, filled, in_order_of_length
from trailerflow.genres.encoder.losses import Loss
from trailerflow.genres.encoder.network import GenreNetwork
from trailerflow.genres.encoder.settings import Settings

LONGEST_GRADIENT = 1.0
"""Longer gradients are cut to this length."""

Weights = dict[str, Tensor]


@dataclass
class Training:
    """The training of a network, epoch by epoch.

    Attributes:
        network: What is trained; it lies on its device.
        settings: How.
        loss: See `trailerflow.genres.encoder.losses`.
        half: Whether it multiplies in bf16.
        texts: What is trained on.
        inputs: What the network gets of each text: its tokens, or the hidden states after the frozen layers.
        advance: Called after every batch.
        rate: Step size by step, as a share of the highest; None: as `course` has it.
        notes: Sentences for the reader.
    """

    network: GenreNetwork
    settings: Settings
    loss: Loss
    half: bool
    texts: Examples
    inputs: Sequence[Tensor]
    advance: Callable[[], None]
    rate: Callable[[int], float] | None = None
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Freeze the lowest layers; set up AdamW and the course of its step size."""
        freeze(self.network, self.settings.frozen_layers)
        self._optimizer = torch.optim.AdamW(
            list(parameter_groups(self.network, self.settings)), lr=self.settings.learning_rate, fused=True
        )
        steps = self.settings.epochs * -(-len(self.texts) // self.settings.batch)
        rate = self.rate or course(steps, self.settings.warm_up)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, rate)
        self._at_once = self.settings.at_once or self.settings.batch

    def epoch(self) -> None:
        """One pass over the texts.

        Raises:
            TrailerflowError: The loss is no number, or the GPU is too small for one text.
        """
        self.network.train()
        for batch in drawn_batches(self.texts.tokens, self.settings.batch):
            self._step(batch)
            self.advance()

    def _step(self, batch: Tensor) -> None:
        """One step of the optimizer; the batch passes the network in as many parts as the memory asks for."""
        while True:
            try:
                loss = sum(self._backward(part, batch) for part in batch.split(self._at_once))
                break
            except torch.OutOfMemoryError:
                self._optimizer.zero_grad()
                torch.cuda.empty_cache()
                if self._at_once == 1:
                    raise TrailerflowError(
                        "The GPU has no memory for the training on one text; choose fewer tokens, or set "
                        "CUDA_VISIBLE_DEVICES= to train on the CPU."
                    ) from None
                self._at_once = -(-min(self._at_once, len(batch)) // 2)
                self.notes.append(
                    f"The GPU had no memory for more: {self._at_once} texts pass the network at once; a step still takes "
                    f"{self.settings.batch}."
                )
        if not loss < float("inf"):
            raise TrailerflowError(
                f"The loss of the training is no number any more; lower learning_rate ({self.settings.learning_rate:g})."
            )
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), LONGEST_GRADIENT)
        self._optimizer.step()
        self._schedule.step()
        self._optimizer.zero_grad()

    def _backward(self, part: Tensor, batch: Tensor) -> float:
        """Add the gradients of a part of a batch, and give its share of the loss."""
        place, layers = self.network.device, self.settings.frozen_layers
        rows, mask = filled([self.inputs[row] for row in part.tolist()])
        rows, mask = rows.to(place), mask.to(place)
        with torch.autocast(place.type, dtype=torch.bfloat16, enabled=self.half):
            hidden = rows if layers else self.network.lower(rows, mask, 0)
            logits = self.network.head(self.network.upper(hidden, mask, layers))
        losses = self.loss(logits, self.texts.labels[part].to(place)).mean(dim=1)
        weights = self.texts.weights
        loss = (losses * weights[part].to(place)).sum() / weights[batch].sum().to(place)
        loss.backward()
        return loss.item()


def freeze(network: GenreNetwork, layers: int) -> None:
    """Take the embeddings and the lowest layers out of the training; 0 freezes nothing."""
    if layers:
        frozen = [network.distilbert.embeddings, *network.distilbert.transformer.layer[:layers]]
        for module in frozen:
            module.requires_grad_(False)


def parameter_groups(network: GenreNetwork, settings: Settings) -> Iterator[dict[str, object]]:
    """What is trained, with the step size and decay of each part; biases and norms have no decay."""
    body = network.distilbert
    parts = [
        body.embeddings,
        *body.transformer.layer,
        torch.nn.ModuleList([network.pre_classifier, network.classifier]),
    ]
    for depth, part in enumerate(reversed(parts)):
        for decay in (True, False):
            trained = [
                parameter
                for parameter in part.parameters()
                if parameter.requires_grad and (parameter.ndim > 1) == decay
            ]
            if trained:
                yield {
                    "params": trained,
                    "lr": settings.learning_rate * settings.layer_decay**depth,
                    "weight_decay": settings.weight_decay if decay else 0.0,
                }


def course(steps: int, warm_up: float) -> Callable[[int], float]:
    """Step size by step, as a share of the highest: it rises along a line, and falls to zero along another.

    >>> [course(4, 0.5)(step) for step in range(5)]
    [0.5, 1.0, 1.0, 0.5, 0.0]
    """
    rising = round(steps * warm_up)

    def share(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        return (steps - step) / max(1, steps - rising)

    return share


@torch.no_grad()
def logits_of(network: GenreNetwork, tokens: Sequence[Tensor], at_once: int, *, half: bool = False) -> Tensor:
    """Logits of texts by a network as it is, shape (n, 18)."""
    network.eval()
    found = torch.zeros(len(tokens), len(GENRES))
    with torch.autocast(network.device.type, dtype=torch.bfloat16, enabled=half):
        for batch in in_order_of_length(tokens, at_once):
            numbers, mask = filled([tokens[row] for row in batch.tolist()])
            found[batch] = network.logits(numbers.to(network.device), mask.to(network.device)).float().cpu()
    return found


def mean_average_precision(labels: Tensor, scores: Tensor) -> float:
    """Mean over the genres that some text has of the average precision; 0 where there is none."""
    present = labels.sum(dim=0) > 0
    if not present.any():
        return 0.0
    return float(average_precision_score(labels[:, present].numpy() > 0.5, scores[:, present].numpy()))
