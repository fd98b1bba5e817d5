"""The head that a training starts from: a logistic regression on the vectors of the frozen encoder."""

from __future__ import annotations

import torch
from torch import Tensor

from trailerflow.genres.encoder.losses import Loss

PENALTY = 0.1
"""Of the squared weights, on standardised vectors and beside the mean loss of a text."""

_STEPS = 60


def linear_head(
    vectors: Tensor, labels: Tensor, weights: Tensor, loss: Loss, penalty: float = PENALTY
) -> tuple[Tensor, Tensor]:
    """Fit a linear head on vectors, by the loss that the training has (L-BFGS, penalised weights).

    Args:
        vectors: Shape (n, dimensions).
        labels: In [0, 1], shape (n, genres).
        weights: How much each text counts, shape (n,).
        loss: See `trailerflow.genres.encoder.losses`.
        penalty: Of half the squared weights.

    Returns:
        Weights of the shape (genres, dimensions) and bias of the shape (genres,).
    """
    mean, spread = vectors.mean(dim=0), vectors.std(dim=0).clamp(min=1e-6)
    standard = (vectors - mean) / spread
    share = (weights / weights.sum()).unsqueeze(1)
    matrix = torch.zeros(labels.shape[1], vectors.shape[1], requires_grad=True)
    bias = torch.zeros(labels.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [matrix, bias], max_iter=_STEPS, history_size=10, line_search_fn="strong_wolfe"
    )

    def step() -> Tensor:
        optimizer.zero_grad()
        value = (share * loss(standard @ matrix.T + bias, labels)).sum()
        value = value + penalty / 2 * (matrix**2).sum()
        value.backward()
        return value

    optimizer.step(step)  # type: ignore[arg-type]
    found = matrix.detach() / spread
    return found, bias.detach() - found @ mean
