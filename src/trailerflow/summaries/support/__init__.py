"""How far a claim is supported by what is spoken: measures, each a file behind `trailerflow.summaries.support.contract`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailerflow.registers import chosen_class, place_of_class

if TYPE_CHECKING:
    from trailerflow.summaries.support.contract import Support, Surroundings

REGISTER = "trailerflow.summaries.support.register:SUPPORTS"


def support_of(name: str, surroundings: Surroundings) -> Support:
    """The measure of a name.

    Raises:
        TrailerflowError: There is no such measure, or what it needs is missing.
    """
    support: Support = chosen_class(REGISTER, name)(surroundings)
    return support


def module_of_support(name: str) -> str:
    """Dotted name of the module with the measure of a name."""
    return place_of_class(REGISTER, name).partition(":")[0]
