"""What a class says that a search may choose, without importing Optuna."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Between:
    """A number from ``least`` to ``most``, whole where both are.

    Attributes:
        least: The least value.
        most: The most, which may be chosen too.
        log: Whether small values are looked at as closely as large ones.
    """

    least: float
    most: float
    log: bool = False


Choice = Between | tuple[bool | int | float | str | None, ...]
"""A number, or one of some values."""
