"""What the jobs of the genre systems are told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trailerflow.genres.extra import REGISTER, SOURCES
from trailerflow.places import found
from trailerflow.registers import chosen_class


def source_told(source: Mapping[str, Any], models_folder: Path, code: Path) -> dict[str, Any]:
    """A source of extra texts as its program takes it.

    Args:
        source: An entry of ``genres.extra_texts.sources``.
        models_folder: Where fetched texts lie, as models do.
        code: Folder of the code, which has the genre names of the sources that it knows.
    """
    name, names = source["name"], source.get("genre_names")
    weight = float(source.get("weight", 1))
    if name not in SOURCES:
        own = str(found(names)) if names else None
        return {"name": name, "path": str(found(name)), "genre_names": own, "weight": weight}
    file = models_folder / name / chosen_class(REGISTER, name).file
    table = code / f"resources/genre_names/{name}.csv"
    return {"name": name, "path": str(file), "genre_names": str(table), "weight": weight}
