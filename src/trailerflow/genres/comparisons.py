"""Which system is better than which: paired differences on the same films, corrected for the number of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from trailerflow.differences import holm, paired_difference, verdict
from trailerflow.genres.contenders import Contender, contenders
from trailerflow.genres.drawn import Figure, figures, on_same_movies
from trailerflow.genres.judged import NO_POINT, Judged
from trailerflow.genres.metrics.contract import DECISIONS, MACRO, MICRO, Metric
from trailerflow.genres.metrics.decisions import F1
from trailerflow.genres.metrics.ranking import AveragePrecision, AveragePrecisionWithinFolds
from trailerflow.genres.references import CONSTANT_NAME
from trailerflow.row_kinds import GLOBAL, PER_GENRE, REFERENCE

_COMPARED: tuple[tuple[Metric, tuple[str, ...]], ...] = (
    (F1(), (MICRO, MACRO)),
    (AveragePrecision(), (MICRO, MACRO)),
    (AveragePrecisionWithinFolds(), (MACRO,)),
)
"""Metrics by which systems are compared, and their averages."""

COLUMN_TYPES = {
    "part": str,
    "operating_point": str,
    "metric": str,
    "label": str,
    "system": str,
    "arm": str,
    "other": str,
    "other_arm": str,
    "row_kind": str,
    "value": float,
    "other_value": float,
    "difference": float,
    "difference_low": float,
    "difference_high": float,
    "p_value": float,
    "p_corrected": float,
    "smallest": float,
    "verdict": str,
    "movies": "Int64",
}
"""One row a pair of systems, part, metric, average and operating point (empty where the metric needs none). ``system`` has
the higher figure, ``row_kind`` is that of the pair: a reference where one of the two is the constant."""


def compare(judged: Sequence[Judged], seed: int) -> pd.DataFrame:
    """Compare all systems of each part with each other and with the constant, in pairs.

    A pair is compared on the movies that both predicted. Holm's correction goes over all pairs of one part, metric, average
    and operating point. Decisions are compared at one threshold for all genres and at one for each; a system that decides
    by itself stands with the same decisions at both.

    Args:
        judged: From `trailerflow.genres.judged.judge`.
        seed: Seed of the draws of films.

    Returns:
        See `COLUMN_TYPES`.
    """
    compared = [one for one in contenders(judged) if one.row_kind != REFERENCE or one.system == CONSTANT_NAME]
    drawn = _Drawn(seed)
    rows = []
    for part in dict.fromkeys(one.runs[0].part for one in compared):
        own = [one for one in compared if one.runs[0].part == part]
        for first, second in combinations(own, 2):
            rows += _pair(first, second, drawn)
    table = pd.DataFrame(rows, columns=list(COLUMN_TYPES))
    family = ["part", "operating_point", "metric", "label"]
    table["p_corrected"] = table.groupby(family, sort=False)["p_value"].transform(holm)
    table["verdict"] = [verdict(p_value) for p_value in table["p_corrected"]]
    return table.astype(COLUMN_TYPES)


class _Drawn:
    """Figures of contenders on sets of movies, each computed once."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._kept: dict[tuple[int, str, tuple[str, ...]], dict[tuple[str, str], Figure]] = {}

    def of(
        self, one: Contender, runs: Sequence[Judged], metric: Metric, point: str
    ) -> dict[tuple[str, str], Figure]:
        """The figures of a metric; ``runs`` are the contender's, on some of its movies."""
        key = (id(one), f"{metric.name} {point}", tuple(runs[0].movies))
        if key not in self._kept:
            self._kept[key] = figures(runs, point, [metric], self._seed)
        return self._kept[key]


def _pair(first: Contender, second: Contender, drawn: _Drawn) -> list[dict[str, object]]:
    """The rows of two contenders."""
    together = on_same_movies([*first.runs, *second.runs])
    if not together[0].movies:
        return []
    runs = (together[: len(first.runs)], together[len(first.runs) :])
    units = len(set(together[0].films.tolist()))
    rows = []
    for metric, labels in _COMPARED:
        for point in (PER_GENRE, GLOBAL) if metric.reads == DECISIONS else (NO_POINT,):
            found = [
                drawn.of(one, own, metric, one.point(point))
                for one, own in zip((first, second), runs, strict=True)
            ]
            for label in labels:
                if all((metric.name, label) in each for each in found):
                    pair = [each[metric.name, label] for each in found]
                    rows.append(
                        {
                            "part": together[0].part,
                            "operating_point": point,
                            "metric": metric.name,
                            "label": label,
                        }
                        | _difference(first, second, pair, units)
                        | {"movies": len(together[0].movies)}
                    )
    return rows


def _difference(first: Contender, second: Contender, pair: Sequence[Figure], units: int) -> dict[str, object]:
    """How far the better one is above the other."""
    ordered = [(first, pair[0]), (second, pair[1])]
    if pair[1].value > pair[0].value:
        ordered.reverse()
    (better, high), (other, low) = ordered
    difference = paired_difference(high.value - low.value, high.draws - low.draws, units)
    kinds = {better.row_kind, other.row_kind}
    return {
        "system": better.system,
        "arm": better.arm,
        "other": other.system,
        "other_arm": other.arm,
        "row_kind": REFERENCE if REFERENCE in kinds else better.row_kind,
        "value": high.value,
        "other_value": low.value,
        "difference": difference.value,
        "difference_low": difference.low,
        "difference_high": difference.high,
        "p_value": difference.p_value,
        "smallest": difference.smallest,
    }
