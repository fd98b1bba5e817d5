"""The drawing of the house in docs/architecture.md is true: imports go down only, and nowhere in a circle."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

from trailerflow.register import STAGES

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "src/trailerflow"
BETWEEN_STAGES = {("summaries", "synopses")}
"""Imports of one stage by another, each with its reason in docs/architecture.md."""


def modules() -> dict[str, Path]:
    """Modules of the library by their dotted names."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """Modules of the library that a file imports, also inside its functions and for the type checker."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else node.module for name in names}
    return found & known.keys()


MODULES = modules()
IMPORTS = {name: imports(path, MODULES) - {name} for name, path in MODULES.items()}


def room(module: str) -> str:
    """The module or sub-package right below the library that a module is in; empty for the library itself."""
    return [*module.split("."), ""][1]


def between_rooms() -> set[tuple[str, str]]:
    """Rooms that import rooms; everybody may read the library's version."""
    pairs = {(room(name), room(other)) for name, others in IMPORTS.items() for other in others}
    return {(one, other) for one, other in pairs if one != other and other}


def rooms_in_order() -> list[str]:
    """Rooms as the drawing has them, from the ground up."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = text.split("### The library, from the ground up")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")][1:]
    return [name for row in rows for name in re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", row))]


def test_every_room_is_in_the_drawing_once():
    assert sorted(rooms_in_order()) == sorted({room(name) for name in MODULES} - {""})


def test_no_room_imports_one_that_stands_above_it():
    place = {name: number for number, name in enumerate(rooms_in_order())}
    assert [(one, other) for one, other in sorted(between_rooms()) if place[one] < place[other]] == []


def rooms_of_trailers() -> list[str]:
    """Rooms below ``trailers`` as the page has them, from the ground up."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    told = text.split("`trailers` has rooms of its own, from the ground up:")[1].split("\n\n")[0]
    return re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", told, flags=re.DOTALL))


def test_the_rooms_of_trailers_import_downwards_too():
    place = {name: number for number, name in enumerate(rooms_of_trailers())}
    pairs = {
        (name.split(".")[2], other.split(".")[2])
        for name, others in IMPORTS.items()
        for other in others
        if all(module.startswith("trailerflow.trailers.") for module in (name, other))
    }
    assert set(place) == {name.split(".")[2] for name in MODULES if name.startswith("trailerflow.trailers.")}
    assert [(one, other) for one, other in sorted(pairs) if place[one] < place[other]] == []


def test_no_stage_imports_another():
    stages = set(STAGES) - {"models"}  # its library is shared ground: every stage's models
    assert {(one, other) for one, other in between_rooms() if {one, other} <= stages} == BETWEEN_STAGES


def test_no_modules_import_each_other_in_a_circle():
    TopologicalSorter(IMPORTS).prepare()  # a circle is a CycleError, which names it


def test_nothing_of_snakemake_is_in_the_library():
    names = re.compile(r"^\s*(?:from|import) snakemake\b", re.MULTILINE)
    assert [name for name, path in MODULES.items() if names.search(path.read_text(encoding="utf-8"))] == []


def test_where_a_change_goes_names_modules_that_are_there():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("## Where a change goes")[1]
    named = [
        name
        for name in re.findall(r"`([\w/]+(?:\.py|/))`", text)
        if not name.startswith(("rules/", "resources/"))
    ]
    paths = [f"/{path.relative_to(PACKAGE)}" for path in MODULES.values()]
    folders = {f"{path.rpartition('/')[0]}/" for path in paths}
    assert len(named) > 40
    assert [
        name for name in named if not any(place.endswith(f"/{name}") for place in [*paths, *folders])
    ] == []
