"""What a search may choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from trailerflow.search.choices import Between, Choice


@dataclass(frozen=True)
class Space:
    """Settings to choose, and how long to look.

    Attributes:
        choices: Name of a setting to its values.
        trials: How many settings are tried.
        epochs: Most epochs of a trial; 1 where a trial has no epochs.
    """

    choices: Mapping[str, BaseDistribution]
    trials: int
    epochs: int = 1


def distribution(choice: Choice) -> BaseDistribution:
    """A choice as Optuna knows it."""
    if not isinstance(choice, Between):
        return CategoricalDistribution(choice)
    if isinstance(choice.least, int) and isinstance(choice.most, int):
        return IntDistribution(choice.least, choice.most, log=choice.log)
    return FloatDistribution(choice.least, choice.most, log=choice.log)
