"""The configuration of a project as a command reads it, beside Snakemake: the same files, merged in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from trailerflow.configuration.check import configuration_problems
from trailerflow.errors import TrailerflowError
from trailerflow.places import CODE

NAME = "config.yaml"
SCHEMA = CODE / "config.schema.yaml"


def project_configuration(project: Path, configfile: Path | None = None) -> dict[str, Any]:
    """The configuration of a project, merged and checked.

    Args:
        project: Folder of the project, the present one.
        configfile: What Snakemake is given as ``--configfile``, or None.

    Raises:
        TrailerflowError: A file is missing or no YAML, or the configuration has faults.
    """
    config = merged_configuration(project, configfile)
    if problems := configuration_problems(config, SCHEMA):
        raise TrailerflowError("\n".join(problems))
    return config


def merged_configuration(project: Path, configfile: Path | None = None) -> dict[str, Any]:
    """Merge the configuration that comes with the code, the project's own and a further file, the last the strongest.

    Args:
        project: Folder of the project, the present one.
        configfile: What Snakemake is given as ``--configfile``, or None.

    Raises:
        TrailerflowError: A file is missing or no YAML.
    """
    config = _read(CODE / NAME)
    own = project / NAME
    if own.exists() and not own.samefile(CODE / NAME):
        _update(config, _read(own))
    if configfile is not None:
        _update(config, _read(configfile))
    return config


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise TrailerflowError(
            f"{path} cannot be read as a configuration ({error}); correct it, or name another file."
        ) from None
    if not isinstance(document, dict | None):
        raise TrailerflowError(f"{path} is no configuration; its sections stand one below the other.")
    return document or {}


def _update(config: dict[str, Any], differing: Mapping[str, Any]) -> None:
    """Put in what differs, as Snakemake does: maps are merged, all else is replaced."""
    for key, value in differing.items():
        if isinstance(value, Mapping) and isinstance(config.get(key), dict):
            _update(config[key], value)
        else:
            config[key] = value
