"""Which metrics judge a protocol's rankings: those of its task, and its own where it has some."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from trailerflow.recommendations.metrics.arrays import Floats
from trailerflow.recommendations.metrics.contract import CatalogueMetric, Placed, PlaceMetric, ShownMetric
from trailerflow.recommendations.metrics.gains import FoundNdcg, LinearNdcg, Ndcg
from trailerflow.recommendations.metrics.pairs import PairAccuracy
from trailerflow.recommendations.metrics.relevance import (
    AveragePrecision,
    CandidateRecall,
    HitRate,
    Precision,
    Recall,
    ReciprocalRank,
)
from trailerflow.recommendations.metrics.shown import (
    Coverage,
    DistinctFilms,
    Diversity,
    Novelty,
    Popularity,
    PopularityBias,
)
from trailerflow.recommendations.metrics.true_places import (
    FirstReciprocalRank,
    PaperPrecision,
    PaperReciprocalRank,
    PlaceNdcg,
    ReportPrecision,
)
from trailerflow.recommendations.protocols.contract import FIND, ORDER, Task

SHORT_LIST = 3
"""The base paper reports at 3 and at 5; the other cut-off is the number of held-out films, `SHOWN` at most."""

SHOWN = 10
"""Films that are looked at where the truth lies among many films."""

SHOWN_METRICS: tuple[ShownMetric, ...] = (Novelty(), Diversity(), Popularity(), PopularityBias())
"""Metrics of what is shown, at `SHOWN`. One joins by its class and its entry here."""

CATALOGUE_METRICS: tuple[CatalogueMetric, ...] = (DistinctFilms(), Coverage())
"""Metrics of all that is shown to all users, at `SHOWN`. One joins by its class and its entry here."""


@dataclass(frozen=True)
class Measure:
    """A metric with its cut-off.

    Attributes:
        metric: The metric.
        k: Places that count; None for a metric of all.
    """

    metric: PlaceMetric
    k: int | None = None

    def figures(self, placed: Placed) -> Floats:
        """The figure of each question."""
        return self.metric.figures(placed, self.k or 1)

    @property
    def key(self) -> tuple[str, int | None]:
        """What tells it from other measures of a protocol."""
        return self.metric.name, self.k


_REPORT = (PlaceNdcg(), FirstReciprocalRank(), ReportPrecision())
_PAPER = (PlaceNdcg(), PaperReciprocalRank(), PaperPrecision())

OWN: dict[str, tuple[Measure, ...]] = {
    name: tuple(Measure(metric, k) for k in (SHORT_LIST, 5) for metric in metrics)
    for name, metrics in (
        ("report", _REPORT),
        ("paper_as_released", _PAPER),
        ("paper_shuffled", _PAPER),
    )
}
"""Measures that a protocol has beside those of its task, by its name; one of the same name and cut-off takes the other's
place. A metric joins by its class, a file of ``metrics/``, and its entry here."""


def measures_of(protocol: str, task: Task, films: int) -> list[Measure]:
    """The metrics of places of a protocol with their cut-offs.

    Args:
        protocol: Its name.
        task: What its rankings are judged by.
        films: Most held-out films of a question.
    """
    by_key = {each.key: each for each in (*_OF_TASKS[task](films), *OWN.get(protocol, ()))}
    return list(by_key.values())


def compared_measures(task: Task, measures: Iterable[Measure]) -> list[Measure]:
    """The measures by which rankers are compared in pairs and broken down: NDCG with the largest cut-off, and one more.

    Args:
        task: What the rankings are judged by.
        measures: All measures of the protocol.
    """
    by_name = {each.metric.name: each for each in sorted(measures, key=lambda each: each.k or 0)}
    return [by_name[name] for name in _COMPARED[task]]


def _of_order(films: int) -> list[Measure]:
    liked = [AveragePrecision(liked=True), ReciprocalRank(liked=True)]
    metrics: list[PlaceMetric] = [*liked, Ndcg(), LinearNdcg()]
    cuts = sorted({min(SHORT_LIST, films), min(films, SHOWN)})
    return [*(Measure(metric, k) for k in cuts for metric in metrics), Measure(PairAccuracy())]


def _of_places(films: int) -> list[Measure]:
    kinds = (AveragePrecision, ReciprocalRank, Recall, Precision, HitRate)
    metrics = (FoundNdcg(), *(kind(liked=False) for kind in kinds))
    return [*(Measure(metric, SHOWN) for metric in metrics), Measure(CandidateRecall(liked=False))]


_COMPARED: dict[Task, tuple[str, ...]] = {ORDER: ("ndcg", "pair_accuracy"), FIND: ("ndcg", "recall")}

_OF_TASKS: dict[Task, Callable[[int], list[Measure]]] = {ORDER: _of_order, FIND: _of_places}
