"""Which way of asking a name of the configuration means.

A way is loaded by its name, and its module is in the hash of its own jobs alone: a new line here, or a change in one
way, runs no job of another.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trailerflow.summaries.ways.contract import Way

WAYS: dict[str, str] = {}
"""The ways that are more than a prompt file: name to module and class, ``module:Class``. One line joins one."""

PROMPT_FILE = "trailerflow.summaries.ways.prompt_file:PromptFile"


def way_of(name: str) -> Way:
    """The way of a name: of the register, else the prompt file of that name."""
    module, _, kind = WAYS.get(name, PROMPT_FILE).partition(":")
    way: Way = getattr(import_module(module), kind)(name)
    return way


def module_of(name: str) -> str:
    """Dotted name of the module with the way of a name."""
    return WAYS.get(name, PROMPT_FILE).partition(":")[0]
