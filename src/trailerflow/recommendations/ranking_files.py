"""Where the tables of rankings lie: ``<rule>/<split>/<ranker>.parquet``.

The ranker of a language model is ``<model>/<name>``, so its table lies one folder deeper.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FIRST_PASS, SECOND_PASS = "rank_films", "rank_pool"
"""The rules that rank, by which their folders are named."""


class RankingFile(NamedTuple):
    """What a table of rankings is of."""

    split: str
    ranker: str


def ranking_file(path: Path) -> RankingFile:
    """The split and the ranker of a table of rankings, by its place.

    Raises:
        ValueError: It does not lie in the folder of a rule that ranks.

    >>> ranking_file(Path("results/rank_films/this_run/qwen/yes_no.parquet"))
    RankingFile(split='this_run', ranker='qwen/yes_no')
    """
    places = [number for number, name in enumerate(path.parts) if name in (FIRST_PASS, SECOND_PASS)]
    if not places or len(path.parts) < places[-1] + 3:
        raise ValueError(f"{path} is no table of {FIRST_PASS} or {SECOND_PASS}")
    split, *names = path.with_suffix("").parts[places[-1] + 1 :]
    return RankingFile(split, "/".join(names))
