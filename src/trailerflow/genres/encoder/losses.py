"""The losses of the 18 yes/no decisions about a text; each text counts by its weight."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from trailerflow.genres.encoder.settings import ASYMMETRIC, WEIGHTED

HIGHEST_WEIGHT = 10.0
"""Highest weight of a genre's positives: one film in a hundred would otherwise drown the others."""

FOCUS_POSITIVE, FOCUS_NEGATIVE, MARGIN = 0.0, 4.0, 0.05
"""Of the asymmetric loss: exponents and margin, as its authors use them."""

Loss = Callable[[Tensor, Tensor], Tensor]
"""Takes logits and labels in [0, 1] of the shape (n, genres), gives the loss of each decision in the same shape."""


def loss_of(kind: str, labels: Tensor) -> Loss:
    """The loss of a training.

    Args:
        kind: A word of `trailerflow.genres.encoder.settings`: binary cross-entropy with rare positives weighted up, the
            asymmetric loss, or plain binary cross-entropy.
        labels: Of all training texts, shape (n, genres).
    """
    if kind == ASYMMETRIC:
        return asymmetric_loss
    return cross_entropy(positive_weights(labels) if kind == WEIGHTED else None)


def cross_entropy(weights: Tensor | None) -> Loss:
    """Binary cross-entropy, with weights of the positives of each genre, shape (genres,)."""

    def loss(logits: Tensor, wanted: Tensor) -> Tensor:
        return binary_cross_entropy_with_logits(logits, wanted, pos_weight=weights, reduction="none")

    return loss


def positive_weights(labels: Tensor, highest: float = HIGHEST_WEIGHT) -> Tensor:
    """Weight of each genre's positives: negatives by positives, between 1 and ``highest``.

    Args:
        labels: In [0, 1], shape (n, genres).
        highest: The cap.

    Returns:
        Shape (genres,); 1 for a genre without positives.
    """
    positives = labels.sum(dim=0)
    weights = (len(labels) - positives) / positives.clamp(min=1)
    return torch.where(positives > 0, weights.clamp(1.0, highest), torch.ones_like(weights))


def asymmetric_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Easy negatives count little (Ridnik et al., Asymmetric Loss For Multi-Label Classification, ICCV 2021).

    Args:
        logits: Shape (n, genres).
        labels: In [0, 1], the same shape; those between count as both, by their share.
    """
    probability = torch.sigmoid(logits)
    shifted = (probability - MARGIN).clamp(min=0)
    positive = (1 - probability) ** FOCUS_POSITIVE * logsigmoid(logits)
    negative = shifted**FOCUS_NEGATIVE * torch.log1p(-shifted)
    return -(labels * positive + (1 - labels) * negative)
