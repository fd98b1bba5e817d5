"""What the splits asked and what the rankers answered, read for the scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from trailerflow.recommendations.references import UNIT
from trailerflow.recommendations.scoring import Judged
from trailerflow.recommendations.split_tables import stored_splits
from trailerflow.recommendations.splits.contract import TEST
from trailerflow.tables import read_rows


def judged_protocols(tables: Sequence[Path], rankings: Sequence[Path]) -> Iterator[Judged]:
    """The test parts of every split, a protocol at a time.

    Args:
        tables: ``<split>/<table>.parquet`` of every split.
        rankings: ``<split>/<ranker>.parquet``.
    """
    for split, stored in stored_splits(tables).items():
        own = {path.stem: path for path in rankings if path.parent.name == split}
        questions = stored.read("questions", part=TEST)
        for (protocol, task), group in questions.groupby(["protocol", "task"], sort=False):
            place = {"protocol": protocol, "part": TEST}
            truth = stored.read("truth", columns=[*UNIT, "movie", "rating"], **place)
            columns = [*UNIT, "movie", "score", "order", "tied", "status"]
            answers = {ranker: read_rows(path, columns=columns, **place) for ranker, path in own.items()}
            yield Judged(
                split=split,
                protocol=protocol,
                task=task,
                users=stored.read("users", columns=[*UNIT, "set"], **place),
                truth=truth.merge(group[[*UNIT, "films"]], on=UNIT),
                rankings=answers,
            )
