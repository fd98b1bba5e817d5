"""Precision and recall of the picker on hand-written lists of search results: ``python benchmarks/picker.py``.

A pick is right where it is one of the results that a careful person accepts; precision is the share of right picks
among all picks, recall the share of right picks among the lists that hold a right answer.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from trailerflow.movies.movie import Movie
from trailerflow.trailers.finding.picker import picked

LISTS = Path(__file__).parents[1] / "tests" / "data" / "search_results"
PARTS = ("development", "held_out")


def pick(case: dict[str, Any]) -> dict[str, Any] | None:
    """The best candidate of a list, or None where none convinces."""
    best = picked(Movie.from_record(case["movie"]), case["results"])[0]
    return None if best["refused"] else best


def table(part: str) -> tuple[dict[str, int], list[str]]:
    """Counts of one part, and a line for each error."""
    counts = dict.fromkeys(("lists", "with_right", "picks", "right"), 0)
    errors = []
    for case in json.loads((LISTS / f"{part}.json").read_text(encoding="utf-8")):
        found = pick(case)
        counts["lists"] += 1
        counts["with_right"] += bool(case["right"])
        counts["picks"] += found is not None
        is_right = found is not None and found["id"] in case["right"]
        counts["right"] += is_right
        if not is_right and (found is not None or case["right"]):
            took = f"took {found['title']!r} ({found['score']:g})" if found else "took none"
            errors.append(f"{case['movie']['title']} ({case['movie']['year']}), {case['what']}: {took}")
    return counts, errors


def main() -> None:
    """Print both parts and all; the errors of a part only where asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--errors", nargs="*", choices=PARTS, default=[], help="parts whose errors are listed"
    )
    arguments = parser.parse_args()
    total: dict[str, int] = {}
    for part in PARTS:
        counts, errors = table(part)
        total = {name: total.get(name, 0) + number for name, number in counts.items()}
        report(part, counts)
        if part in arguments.errors:
            print(*(f"  {error}" for error in errors), sep="\n")
    report("both", total)


def report(part: str, counts: dict[str, int]) -> None:
    """Print the line of a part."""
    precision = counts["right"] / max(1, counts["picks"])
    recall = counts["right"] / max(1, counts["with_right"])
    print(
        f"{part:<12} precision {precision:.3f} ({counts['right']} of {counts['picks']} picks), recall {recall:.3f} "
        f"({counts['right']} of {counts['with_right']}), {counts['lists']} lists"
    )


if __name__ == "__main__":
    main()
