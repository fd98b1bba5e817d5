"""Rankers in pairs: which is better, which cannot be told apart, and what each part of a fusion adds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Any

from trailerflow.reports.figures import Pair, pair_of, probability, signed
from trailerflow.reports.sections.recommendations.scored import (
    ALL,
    Asked,
    Key,
    Place,
    Ranked,
    heading,
    leading,
)
from trailerflow.reports.values import interval, listed, number, score, text
from trailerflow.reports.view import Cell, Column, Row, Table
from trailerflow.row_kinds import NOT_TOLD_APART

if TYPE_CHECKING:
    import pandas as pd

WITHOUT = "_without_"
"""What stands between the name of a fusion and the part that it was left without."""

_NOTE = (
    "Paired differences over the same users with 95 % bootstrap intervals; p values of all pairs are corrected together "
    "(Holm). A verdict needs a corrected p below .05. Effect: the mean difference over the standard deviation of the users' "
    "differences. The smallest difference is one that would have been seen with a chance of 80 % in a single comparison."
)

_OF_PAIR = (
    Column("Difference", True),
    Column("Effect", True),
    Column("p"),
    Column("It is"),
    Column("Smallest to be seen", True),
)


class Pairs:
    """The table of comparisons, asked for two rankers at a time.

    Args:
        comparisons: The table.
    """

    def __init__(self, comparisons: pd.DataFrame) -> None:
        keys = ("split", "protocol", "ties", "users_set", "metric", "ranker", "other")
        self._rows = {tuple(text(row[key]) for key in keys): row for row in comparisons.to_dict("records")}

    def between(self, place: Place, metric: str, one: str, other: str) -> tuple[Pair, float] | None:
        """How far one ranker is above another, with the effect; None where the two were not compared."""
        where = (place.split, place.protocol, place.ties, place.users_set, metric)
        if (row := self._rows.get((*where, one, other))) is not None:
            return pair_of(row), _effect(row)
        row = self._rows.get((*where, other, one))
        return None if row is None else (pair_of(row).turned, -_effect(row))


def _effect(row: Mapping[Any, Any]) -> float:
    return number(row["effect_size"])


def _cells(found: tuple[Pair, float] | None) -> tuple[Cell, ...]:
    if found is None:
        return (Cell(score(None)),) * len(_OF_PAIR)
    pair, effect = found
    return (
        pair.cell,
        Cell(signed(effect)),
        Cell(probability(pair.p_value)),
        Cell(pair.verdict),
        Cell(score(pair.smallest)),
    )


def against_the_best(asked: Asked, pairs: Pairs, *, folded: bool) -> Table:
    """Each ranker less the best one, in the metrics in which rankers are compared."""
    best, rows = asked.best, []
    for key in asked.compared:
        for one in asked.rankers:
            if best is not None and one is not best:
                found = pairs.between(asked.place, key[0], one.name, best.name)
                rows.append(Row((Cell(one.name), Cell(heading(key)), *_cells(found))))
    name = "" if best is None else best.name
    return Table(
        caption=f"Which ranker is better: each less {name} {asked.title}",
        columns=(Column("Ranker"), Column("Metric"), *_OF_PAIR),
        rows=tuple(rows),
        note=f"{_NOTE} All pairs stand in comparisons.csv.",
        folded=f"Show each ranker less the best ({asked.place.question})" if folded else "",
        nothing="There are no two rankers to be compared.",
    )


def beside_the_best(asked: Asked, pairs: Pairs) -> Iterator[tuple[Ranked, Pair | None]]:
    """The other rankers of a place, and how far the best one is above each in the main metric."""
    for one in asked.rankers[1:]:
        found = pairs.between(asked.place, asked.main[0], asked.rankers[0].name, one.name)
        yield one, None if found is None else found[0]


def parts_of_fusions(all_asked: Sequence[Asked], pairs: Pairs) -> Table:
    """What each part adds to a fusion: the fusion less the same without that part."""
    rows = []
    for asked in leading(all_asked):
        names = {one.name: one for one in asked.rankers}
        for name, without in names.items():
            whole, _, part = name.partition(WITHOUT)
            if part and whole in names:
                rows += [_part_row(asked, pairs, key, names[whole], without, part) for key in asked.compared]
    return Table(
        caption="What each part adds to a fusion",
        columns=(
            *(Column(label) for label in ("Fusion", "Part", "Asked", "Metric")),
            *(Column(label, True) for label in ("With it", "Without it")),
            *_OF_PAIR,
        ),
        rows=tuple(rows),
        note=f"The fusion less the same fusion, trained anew without that part. {_NOTE}",
        nothing="No fusion was trained without one of its parts.",
    )


def _part_row(asked: Asked, pairs: Pairs, key: Key, whole: Ranked, without: Ranked, part: str) -> Row:
    figures = (one.figure(key).cell for one in (whole, without))
    found = pairs.between(asked.place, key[0], whole.name, without.name)
    names = (whole.name, part, asked.place.question, heading(key))
    return Row((*map(Cell, names), *figures, *_cells(found)))


def added_by_models(
    all_asked: Sequence[Asked], pairs: Pairs, reads: Mapping[str, Sequence[str]], models: Collection[str]
) -> Iterator[str]:
    """What language models add to a fusion: a sentence for each two fusions that differ by nothing else.

    Args:
        all_asked: The rankers of each place; those about the drawn users tell it, since only these were asked about.
        pairs: The comparisons.
        reads: What each fusion reads.
        models: Names of the rankers that are language models.
    """
    for asked in _most_drawn(all_asked):
        fusions = [one for one in asked.rankers if one.name in reads]
        for whole, without in permutations(fusions, 2):
            added = set(reads[whole.name]) - set(reads[without.name])
            fewer = set(reads[without.name]) < set(reads[whole.name])
            found = pairs.between(asked.place, asked.main[0], whole.name, without.name)
            if fewer and added <= set(models) and found is not None:
                pair, _ = found
                yield (
                    f"What {listed(sorted(added))} adds to {whole.name} for {asked.place.users} ({asked.place.question}): "
                    f"{heading(asked.main)} {signed(pair.value)} {interval(pair.low, pair.high)} over {without.name}, "
                    f"paired; {_verdict(pair)}."
                )


def _most_drawn(all_asked: Sequence[Asked]) -> list[Asked]:
    """Of each question the place of the drawn users, and that of all where there is no other."""
    drawn = {asked.place.question for asked in all_asked if asked.place.users_set != ALL}
    return [
        asked
        for asked in all_asked
        if not asked.place.apart and (asked.place.users_set != ALL or asked.place.question not in drawn)
    ]


def _verdict(pair: Pair) -> str:
    if pair.verdict == NOT_TOLD_APART:
        return f"the two {pair.verdict} (a difference of {score(pair.smallest)} would have been seen four times in five)"
    return f"it is {pair.verdict}"
