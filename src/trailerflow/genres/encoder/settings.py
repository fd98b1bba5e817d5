"""How an encoder is trained; every choice has a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from trailerflow.errors import TrailerflowError

FIRST, MEAN = "first", "mean"
"""What a text's vector is: the last layer at its first token, as in transformers' own classifier, or its mean over all
tokens, as in sentence-transformers."""

WEIGHTED, ASYMMETRIC, PLAIN = "weighted", "asymmetric", "plain"
"""Losses; see `trailerflow.genres.encoder.losses`."""

AUTO, BF16, FLOAT32 = "auto", "bf16", "float32"
"""Precision of the training: ``auto`` is bf16 where the processor multiplies in it."""

_WORDS = {
    "pooling": (FIRST, MEAN),
    "loss": (WEIGHTED, ASYMMETRIC, PLAIN),
    "precision": (AUTO, BF16, FLOAT32),
}
_LEAST = {
    "epochs": 0,
    "extra_epochs": 0,
    "tokens": 4,
    "batch": 1,
    "frozen_layers": 0,
    "networks": 1,
    "at_once": 1,
}
_RANGES = {
    "learning_rate": (0.0, 1.0),
    "weight_decay": (0.0, 1.0),
    "warm_up": (0.0, 1.0),
    "layer_decay": (0.0, 1.0),
    "start_share": (0.0, 1.0),
}


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        epochs: Most passes over the training texts; fewer where validation films are given and the last pass was no gain.
            0 leaves it at a linear start.
        learning_rate: Highest step size of AdamW; it falls to zero along a line.
        tokens: Longest text, in the encoder's tokens.
        batch: Texts of one step.
        seed: Seed of the head's weights, the order of the texts and the dropout.
        weight_decay: Decay of AdamW.
        warm_up: Share of the steps in which the step size rises from zero.
        layer_decay: Step size of a layer, as a share of that of the layer above it.
        frozen_layers: How many of the lowest layers keep their weights, the embeddings with them.
        pooling: `FIRST` or `MEAN`.
        linear_start: Whether the head starts from a logistic regression on the frozen vectors.
        extra_epochs: Passes over the extra texts alone, before the films; what comes of them is the same in all fits of a
            process, and made once. 0: extra texts are learnt together with the films.
        start_share: Share of the start's weights in the mean of start and end (Wortsman et al., Robust Fine-Tuning of
            Zero-Shot Models, CVPR 2022); needs a linear start.
        loss: `WEIGHTED`, `ASYMMETRIC` or `PLAIN`.
        precision: `AUTO`, `BF16` or `FLOAT32`.
        at_once: Most texts that pass the network together; the gradients of a batch are summed. None: a whole batch.
        networks: How many networks are trained, from seeds of their own; their logits are averaged.
    """

    epochs: int
    learning_rate: float
    tokens: int
    batch: int
    seed: int
    weight_decay: float = 0.01
    warm_up: float = 0.0
    layer_decay: float = 1.0
    frozen_layers: int = 0
    pooling: str = FIRST
    linear_start: bool = False
    extra_epochs: int = 0
    start_share: float = 0.0
    loss: str = WEIGHTED
    precision: str = AUTO
    at_once: int | None = None
    networks: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be trained with."""
        if fault := _fault(asdict(self)):
            raise TrailerflowError(f"The encoder's setting {fault}.")


def settings_of(values: Mapping[str, Any], seed: int) -> Settings:
    """Settings from names and values.

    Raises:
        TrailerflowError: A name is not known or missing, or a value cannot be.
    """
    known = {field.name for field in fields(Settings)} - {"seed"}
    if unknown := sorted(set(values) - known):
        raise TrailerflowError(
            f"The encoder has no setting {unknown[0]!r}; known are {', '.join(sorted(known))}."
        )
    if missing := [name for name in ("epochs", "learning_rate", "tokens", "batch") if name not in values]:
        raise TrailerflowError(f"The encoder's settings lack {missing[0]}.")
    return Settings(**values, seed=seed)


def _fault(values: Mapping[str, Any]) -> str | None:
    """What of the settings cannot be, for people, or None."""
    for name, words in _WORDS.items():
        if values[name] not in words:
            return f"{name} is {values[name]!r}; choose one of {', '.join(words)}"
    for name, least in _LEAST.items():
        value = values[name]
        if value is None and name == "at_once":
            continue
        if type(value) is not int or value < least:
            return f"{name} is {value!r}; give a whole number, {least} or more"
    for name, (low, high) in _RANGES.items():
        value = values[name]
        if type(value) not in (int, float) or not low <= value <= high:
            return f"{name} is {value!r}; give a number from {low:g} to {high:g}"
    if not values["linear_start"]:
        if values["start_share"]:
            return "start_share needs linear_start: true"
        if not values["epochs"]:
            return "epochs is 0, which needs linear_start: true"
    return None
