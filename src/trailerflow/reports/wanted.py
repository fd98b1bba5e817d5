"""Which files the page is made of: the tables that its parts read, and how each was made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from trailerflow.reports.section import Reader, wildcards_of


def wanted_files(readers: Iterable[type[Reader]], values: Sequence[Mapping[str, str]]) -> list[str]:
    """Places below ``results/`` of all files that some parts of the page are made of, each once.

    Args:
        readers: The parts.
        values: What the wildcards of a run stand for, such as ``{"model": "a"}`` and ``{"model": "b"}``. A place is
            filled by each of those that have its very wildcards, so not every split needs every ranker.
    """
    places: dict[str, None] = {}
    for reader in readers:
        tables = reader.reads().values()
        for place in (*reader.abouts, *(name for reads in tables for name in (reads.about, reads.path))):
            places |= dict.fromkeys(filled(place, values))
    return list(places)


def filled(place: str, values: Sequence[Mapping[str, str]]) -> list[str]:
    """A place with its wildcards filled in, once for each of the values that have them.

    >>> filled("rank_films/{split}/{ranker}.parquet", [{"split": "paper", "ranker": "chance"}, {"model": "a"}])
    ['rank_films/paper/chance.parquet']
    """
    names = set(wildcards_of(place))
    if not names:
        return [place]
    return [place.format(**each) for each in values if set(each) == names]


def values_in(place: str, name: str) -> dict[str, str] | None:
    """What the wildcards of a place stand for in a name, or None where the name is of another place.

    >>> values_in("rank_films/{split}/{ranker}.parquet", "rank_films/paper/chance.parquet")
    {'split': 'paper', 'ranker': 'chance'}
    """
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(place))
    found = re.fullmatch(pattern, name)
    return found and found.groupdict()
