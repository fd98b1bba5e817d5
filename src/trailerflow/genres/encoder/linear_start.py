"""The head that a training starts from: a logistic regression on the vectors of the frozen encoder."""

from __future__ import annotations

import torch
from torch import Tensor

from trailerflow.genres.encoder.losses import Loss

PENALTY = 0.1
"""Of the squared weights, on standardised vectors and beside the mean loss of a text; of .03, .1, .3 and 1, chosen on plots
of films of MovieLens-1M that are not in MovieLens-100K."""

PENALTY_AROUND = 0.3
"""The same for the difference to a head that was learnt from other texts: .3 of .03, .1, .3, 1 and 3, on the same plots."""

Head = tuple[Tensor, Tensor]
"""Weights of the shape (genres, dimensions) and bias of the shape (genres,)."""

_STEPS = 60


def linear_head(
    vectors: Tensor,
    labels: Tensor,
    weights: Tensor,
    loss: Loss,
    *,
    penalty: float = PENALTY,
    around: Head | None = None,
) -> Head:
    """Fit a linear head on vectors, by the loss that the training has (L-BFGS, penalised weights).

    Args:
        vectors: Shape (n, dimensions).
        labels: In [0, 1], shape (n, genres).
        weights: How much each text counts, shape (n,).
        loss: See `trailerflow.genres.encoder.losses`.
        penalty: Of half the squared difference of the weights to those of ``around``.
        around: A head that was learnt from other texts; None: one that knows nothing.
    """
    mean, spread = vectors.mean(dim=0), vectors.std(dim=0).clamp(min=1e-6)
    standard = (vectors - mean) / spread
    share = (weights / weights.sum()).unsqueeze(1)
    before = torch.zeros(labels.shape[1], vectors.shape[1]), torch.zeros(labels.shape[1])
    if around:
        before = around[0] * spread, around[1] + around[0] @ mean
    matrix, bias = (part.clone().requires_grad_() for part in before)
    optimizer = torch.optim.LBFGS(
        [matrix, bias], max_iter=_STEPS, history_size=10, line_search_fn="strong_wolfe"
    )

    def step() -> Tensor:
        optimizer.zero_grad()
        value = (share * loss(standard @ matrix.T + bias, labels)).sum()
        value = value + penalty / 2 * ((matrix - before[0]) ** 2).sum()
        value.backward()
        return value

    optimizer.step(step)  # type: ignore[arg-type]
    found = matrix.detach() / spread
    return found, bias.detach() - found @ mean
