"""Snakemake asks for the parameters of every function of every job; where they are kept on the function, that is quick."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any


def rule_functions(rules: Iterable[Any]) -> Iterator[Callable[..., Any]]:
    """The functions among the inputs and parameters of rules.

    Args:
        rules: Snakemake's rules.
    """
    for rule in rules:
        for item in [*rule.input, *rule.params]:
            function = getattr(item, "callable", None) or item
            if inspect.isfunction(function):
                yield function
