"""The splits and rankers that a configuration names, before any of them is made; light, since rules are planned with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from trailerflow.errors import TrailerflowError

Entry = str | Mapping[str, Any]
"""A name, or name, kind, settings and, of a ranker, splits."""

Find = Callable[[str], Path]
"""Finds a file that the configuration names."""


@dataclass(frozen=True)
class ConfiguredSplit:
    """One entry of ``recommendations.splits``.

    Attributes:
        name: Its name in paths and tables.
        kind: Its name in the register.
        settings: Its own settings.
    """

    name: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """Files of the user that its job reads: the one of the setting ``file``, if it has one."""
        return (self.settings["file"],) if self.settings.get("file") else ()


@dataclass(frozen=True)
class ConfiguredRanker(ConfiguredSplit):
    """One entry of ``recommendations.rankers``, or of ``language_models`` for one model; see `ConfiguredSplit`.

    Attributes:
        splits: Names of the splits on which it ranks; None for all that suit it.
        model: The language model that ranks; empty for a ranker that is none.
    """

    splits: tuple[str, ...] | None = None
    model: str = ""


def configured_splits(recommendations: Mapping[str, Any], find: Find = Path) -> dict[str, ConfiguredSplit]:
    """The splits of the section ``recommendations``, by name; see `configured_rankers`."""
    found = [ConfiguredSplit(**_whole(entry, find)) for entry in recommendations["splits"]]
    return {split.name: split for split in found}


def configured_rankers(
    recommendations: Mapping[str, Any], find: Find = Path, *, key: str = "rankers"
) -> dict[str, ConfiguredRanker]:
    """The rankers of a list of the section ``recommendations``, by name.

    Args:
        recommendations: The section, valid by its schema.
        find: Finds a file with settings by the path that the configuration gives.
        key: The list of the section: ``rankers``, ``saved`` or ``language_models``.

    Raises:
        TrailerflowError: A file with settings is missing, or holds something else.
    """
    found = []
    for entry in recommendations[key]:
        whole = _whole(entry, find)
        splits = tuple(whole.pop("splits")) if "splits" in whole else None
        found.append(ConfiguredRanker(**whole, splits=splits))
    return {ranker.name: ranker for ranker in found}


def _whole(entry: Entry, find: Find) -> dict[str, Any]:
    """An entry with its kind and its settings, which may lie in a file."""
    whole: dict[str, Any] = {"name": entry} if isinstance(entry, str) else dict(entry)
    whole.setdefault("kind", whole["name"])
    settings = whole.get("settings") or {}
    whole["settings"] = _settings_of(find(settings)) if isinstance(settings, str) else dict(settings)
    return whole


def _settings_of(path: Path) -> dict[str, Any]:
    """The settings of a YAML file."""
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TrailerflowError(
            f"{path}, the settings of a ranker or split, cannot be read ({error}); correct it."
        ) from None
    if not isinstance(read, dict):
        raise TrailerflowError(f"{path} must hold settings, a key and a value a line; correct it.")
    return read
