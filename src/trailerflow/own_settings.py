"""Settings of a member of the house, such as a ranker or a split: complete, of the right type, and within their limits."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from trailerflow.errors import TrailerflowError

Limit = tuple[Any, ...]
"""The least and the most of a number, or the words that may be chosen."""


def checked_settings(
    what: str, given: Mapping[str, Any], defaults: Mapping[str, Any], limits: Mapping[str, Limit]
) -> dict[str, Any]:
    """Settings with their defaults, once they are known to be right.

    Args:
        what: Whose they are, for the sentence of an error: "The ranker ease".
        given: What a user set.
        defaults: Every setting with its default. The default's type is the setting's; one whose default is None takes
            None, and what its limit says: a number, or a word.
        limits: Limits of settings.

    Raises:
        TrailerflowError: A setting is not known, of another type, or outside its limit.

    >>> checked_settings("The ranker ease", {"penalty": 10}, {"penalty": 300.0}, {"penalty": (0.1, 1e6)})
    {'penalty': 10.0}
    """
    for key in given:
        if key not in defaults:
            near = difflib.get_close_matches(str(key), defaults, n=1, cutoff=0.6)
            known = f"did you mean {near[0]}?" if near else f"it has {', '.join(defaults) or 'none'}."
            raise TrailerflowError(f"{what} has no setting {key}; {known}")
    return {
        key: _checked(f"{what}: {key}", given.get(key, default), default, limits.get(key))
        for key, default in defaults.items()
    }


def _checked(place: str, value: Any, default: Any, limit: Limit | None) -> Any:
    """One setting, a whole number as a float where the default is one."""
    if value is None and default is None:
        return None
    words = tuple(word for word in limit or () if isinstance(word, str))
    kind = type(default) if default is not None else str if words or limit is None else float
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind in (list, tuple) and isinstance(value, list | tuple):
        value = kind(value)
    if type(value) is not kind:
        raise TrailerflowError(f"{place} is {value!r}; it must be {_NAMES[kind]}.")
    if words and value not in words:
        raise TrailerflowError(f"{place} is {value!r}; choose one of {', '.join(words)}.")
    numbers = [number for number in limit or () if not isinstance(number, str)]
    if numbers and not (numbers[0] <= value <= numbers[1]):
        raise TrailerflowError(f"{place} is {value!r}; it must be from {numbers[0]:g} to {numbers[1]:g}.")
    return value


_NAMES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    tuple: "a list",
    dict: "a section with keys of its own",
}
