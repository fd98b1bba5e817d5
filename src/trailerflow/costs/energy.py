"""What the servers noted of the energy that their requests took."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path


def joules_per_second(folder: Path) -> dict[str, float]:
    """Energy of a model's request per second that it was open, by model, from the notes of its servers.

    Args:
        folder: ``run/energy``.
    """
    found = {}
    for path in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError, KeyError, ZeroDivisionError):
            note = json.loads(path.read_text(encoding="utf-8"))
            found[path.stem] = note["joules"] / note["request_seconds"]
    return found
