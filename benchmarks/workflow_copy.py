"""A copy of this workflow in another folder, for measurements that change something in it."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    "Snakefile",
    "config.yaml",
    "config.schema.yaml",
    "rules",
    "scripts",
    "src",
    "profiles",
    "envs",
    "report",
)
KEPT = "cache"
"""What of the resources a copy has for itself: answers of an earlier run would hide what asking takes."""


def copy_workflow(folder: Path, *, changed: Collection[str]) -> None:
    """Make the folder, with links to the parts of the workflow; those that will be changed are copied.

    Args:
        folder: It must not be there yet.
        changed: Names of parts.
    """
    folder.mkdir(parents=True)
    for part in PARTS:
        if part not in changed:
            (folder / part).symlink_to(ROOT / part)
        elif (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part)
        else:
            shutil.copy2(ROOT / part, folder / part)
    (folder / "resources").mkdir()
    for resource in (ROOT / "resources").iterdir():
        if resource.name != KEPT:
            (folder / "resources" / resource.name).symlink_to(resource)
