"""Registers of classes by name: what a configuration may choose, imported only where it is used.

A register maps names to "module:Class". It is named here by its own place, and not imported: the hash of a rule's code goes
over what is imported, and a new line in a register must not change the code of all that stands in it.
"""

from __future__ import annotations

import importlib
from typing import Any

from trailerflow.errors import TrailerflowError


def chosen_class(register: str, name: str, otherwise: str | None = None) -> Any:
    """The class of a name.

    Args:
        register: Module and variable of a register, "module:VARIABLE".
        name: What a user chose.
        otherwise: The name that stands for every one that the register does not have.

    Raises:
        TrailerflowError: The register has no such name.

    >>> chosen_class("trailerflow.recommendations.register:SPLITS", "this_run").__name__
    'ThisRun'
    """
    return _named(place_of_class(register, name, otherwise))


def place_of_class(register: str, name: str, otherwise: str | None = None) -> str:
    """Module and class of a name, "module:Class"; see `chosen_class`.

    Raises:
        TrailerflowError: The register has no such name.
    """
    classes: dict[str, str] = _named(register)
    chosen = otherwise if otherwise and name not in classes else name
    if chosen not in classes:
        raise TrailerflowError(f"{name} is none of {', '.join(classes)}; choose one of them.")
    return classes[chosen]


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
