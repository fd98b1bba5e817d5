"""Trials of a search for a ranker's settings: fitted on what precedes the last block before the test, and judged by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.answers import answers_of
from trailerflow.recommendations.judged import Judged, judged_splits
from trailerflow.recommendations.protocol_metrics import Measure, compared_measures
from trailerflow.recommendations.rank_films import rank_part
from trailerflow.recommendations.rankers.contract import Ranker, Side
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.recommendations.splits.contract import Part
from trailerflow.recommendations.splits.last_ratings import block_name

BLOCK = block_name(1)
"""The last block before the test."""


@dataclass(frozen=True)
class RankerTrials:
    """Makes the trials.

    Attributes:
        kind: Class of the ranker.
        settings: Settings that no trial chooses.
        parts: The block by each tie seed; it asks by one protocol alone.
        side: Tables beside the ratings.
        judged: What the protocol asks.
        threads: CPU threads of a trial.
    """

    kind: type[Ranker]
    settings: Mapping[str, Any]
    parts: Sequence[Part]
    side: Side
    judged: Judged
    threads: int

    def __call__(self, choices: Mapping[str, Any], tell: Callable[[float], bool]) -> None:
        """Fit by these settings, and tell the figure of the block."""
        tell(self.figure(choices))

    @property
    def measure(self) -> Measure:
        """What settings are judged by: NDCG with the protocol's largest cut-off."""
        return compared_measures(self.judged.task, self.judged.measures)[0]

    def figure(self, choices: Mapping[str, Any]) -> float:
        """Mean over users and tie seeds, by these settings."""
        ranker = self.kind({**self.settings, **choices}, threads=self.threads)
        rows = [
            rank_part(ranker, part, key, self.side)
            for part, key in zip(self.parts, self.judged.parts, strict=True)
        ]
        placed = answers_of(pd.concat(rows, ignore_index=True), self.judged).placed
        return float(np.nanmean(self.measure.figures(placed)))


def trials_of(
    kind: type[Ranker],
    settings: Mapping[str, Any],
    tables: Sequence[Path],
    protocol: str,
    side: Side,
    *,
    threads: int,
) -> RankerTrials:
    """Read a split for the trials.

    Args:
        kind: Class of the ranker.
        settings: Settings that no trial chooses.
        tables: The tables of a split.
        protocol: What the trials are asked.
        side: The tables that the ranker needs.
        threads: CPU threads of a trial.

    Raises:
        TrailerflowError: The ranker has no space or cannot be asked so, or the split has no block, or no such protocol.
    """
    if not kind.space:
        raise TrailerflowError(f"The ranker {kind.__name__} has no settings that are searched.")
    by_name = {judged.protocol: judged for judged in next(judged_splits(tables, BLOCK))}
    if not by_name:
        raise TrailerflowError(
            f"The split has no block {BLOCK} before its test, by which settings are judged; set its blocks to 1 or more."
        )
    if protocol not in by_name:
        raise TrailerflowError(f"The split asks no {protocol}; choose one of {', '.join(by_name)}.")
    judged = by_name[protocol]
    if judged.task not in kind.tasks:
        raise TrailerflowError(
            f"The ranker {kind.__name__} is not asked by {protocol}; choose another protocol."
        )
    stored = SplitTables(tables)
    parts = [stored.part(key) for key in judged.parts]
    asking = [
        replace(part, asked=tuple(asked for asked in part.asked if asked.protocol == protocol))
        for part in parts
    ]
    return RankerTrials(kind, settings, asking, side, judged, threads)
