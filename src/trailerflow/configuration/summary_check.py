"""What is wrong with the check of summaries, beyond what the schema can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trailerflow.places import found
from trailerflow.summaries.ways import way_of


def summary_check_problems(config: Mapping[str, Any], root: Path) -> Iterator[str]:
    """A sentence for each fault of ``summaries.check``.

    Args:
        config: The configuration, valid by its schema.
        root: Folder that relative paths start from, before they are sought beside the code.
    """
    prompts = config["summaries"]["prompts"]
    for way in config["summaries"]["check"]["ways"]:
        if way not in prompts and not _is_known(way, root):
            yield (
                f"config: summaries.check.ways has {way}, which is no way of asking; choose some of summaries.prompts: "
                f"{', '.join(prompts)}, or []."
            )


def _is_known(way: str, root: Path) -> bool:
    """Whether a name is that of a way whose prompt files are there, asked for in this run or not."""
    places = [Path(f"resources/prompts/{place}.txt") for place in way_of(way).prompt_places()]
    return all((root / place).exists() or found(place).exists() for place in places)
