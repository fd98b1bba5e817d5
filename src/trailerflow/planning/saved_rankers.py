"""The rankers that are fitted on all ratings and saved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.planning.rankings import REGISTER
from trailerflow.recommendations.configured import ConfiguredRanker, Find, configured_rankers
from trailerflow.registers import chosen_class


def planned_saved_rankers(
    recommendations: Mapping[str, Any], find: Find = Path, *, has_ratings: bool = True
) -> dict[str, ConfiguredRanker]:
    """The rankers of ``recommendations.saved`` by name. One that ``rankers`` has too is that one, with its settings.

    Args:
        recommendations: The section, valid by its schema.
        find: Finds a file that the configuration names.
        has_ratings: Whether there is an archive; without one nothing is fitted.

    Raises:
        TrailerflowError: A kind is not known or cannot be saved, a setting is wrong, or a name stands twice.
    """
    known = configured_rankers(recommendations, find)
    saved: dict[str, ConfiguredRanker] = {}
    for name, entry in configured_rankers(recommendations, find, key="saved").items():
        is_named_alone = name in recommendations["saved"]
        saved[name] = known[name] if is_named_alone and name in known else entry
    if len(saved) < len(recommendations["saved"]):
        raise TrailerflowError(
            "config: recommendations.saved names a ranker twice; give one of them another name."
        )
    for name, entry in saved.items():
        _check(name, entry)
    return saved if has_ratings else {}


def _check(name: str, entry: ConfiguredRanker) -> None:
    try:
        kind = chosen_class(f"{REGISTER}:RANKERS", entry.kind)
        kind.checked(entry.settings)
    except TrailerflowError as error:
        raise TrailerflowError(f"config: recommendations.saved: {error}") from None
    if kind.saved() is None:
        raise TrailerflowError(
            f"config: recommendations.saved: {name} is a ranker of the kind {entry.kind}, which cannot learn of a user "
            "after it was saved; take als, bias, content, cooccurrence, ease or factorisation_machine."
        )
