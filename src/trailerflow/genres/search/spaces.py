"""What a search may choose from, by name."""

from __future__ import annotations

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from trailerflow.errors import TrailerflowError
from trailerflow.genres.encoder.settings import ASYMMETRIC, PLAIN, WEIGHTED
from trailerflow.search.space import Space

SPACES: dict[str, Space] = {
    "report": Space(
        {
            "learning_rate": FloatDistribution(1e-5, 5e-5, log=True),
            "batch": CategoricalDistribution((8, 16, 32)),
            "weight_decay": FloatDistribution(0.0, 0.3),
        },
        trials=10,
        epochs=3,
    ),
    "default": Space(
        {
            "learning_rate": FloatDistribution(2e-5, 1e-3, log=True),
            "layer_decay": FloatDistribution(0.6, 1.0),
            "frozen_layers": IntDistribution(0, 4),
            "warm_up": FloatDistribution(0.0, 0.2),
            "loss": CategoricalDistribution((WEIGHTED, ASYMMETRIC, PLAIN)),
        },
        trials=20,
        epochs=4,
    ),
}
"""``report`` is the space of the student report that this work goes back to."""


def space_of(name: str) -> Space:
    """The space of a name.

    Raises:
        TrailerflowError: There is none.
    """
    if name not in SPACES:
        raise TrailerflowError(f"{name!r} is no space of the search; choose one of {', '.join(SPACES)}.")
    return SPACES[name]
