"""The ways of asking for a summary, each a file behind `trailerflow.summaries.ways.contract.Way`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailerflow.registers import chosen_class, place_of_class

if TYPE_CHECKING:
    from trailerflow.summaries.ways.contract import Way

_REGISTER, _PROMPT_FILE = "trailerflow.summaries.ways.register:WAYS", "prompt_file"


def way_of(name: str) -> Way:
    """The way of a name: one of the register, else the prompt file of that name."""
    way: Way = chosen_class(_REGISTER, name, otherwise=_PROMPT_FILE)(name)
    return way


def module_of(name: str) -> str:
    """Dotted name of the module with the way of a name."""
    return place_of_class(_REGISTER, name, otherwise=_PROMPT_FILE).partition(":")[0]
