"""How well what is said in brackets is told from what only describes: ``python benchmarks/descriptions.py [--errors]``.

Of the lines in tests/data/spoken/brackets.json, written and labelled by hand, half were kept aside while the rule was made.
A bracket that describes is to go, one in which somebody says something is to stay.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from trailerflow.trailers.cleaning.clean import clean

LINES = Path(__file__).parents[1] / "tests" / "data" / "spoken" / "brackets.json"
BRACKETED = re.compile(r"[\[【（(*]([^\])）】*]*)[\])）】*]")


def goes(line: str) -> bool:
    """Whether the words in a line's brackets are taken out."""
    inner = BRACKETED.search(line)
    if inner is None:
        raise ValueError(f"no brackets in {line!r}")
    return " ".join(inner[1].replace("♪", " ").split()) not in clean(
        [{"start": None, "end": None, "text": line}]
    )


def main() -> None:
    """Print precision and recall of what goes, for each half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the lines that go wrong")
    arguments = parser.parse_args()
    lines = json.loads(LINES.read_text(encoding="utf-8"))
    for part in ("development", "held_out"):
        found = [(line, goes(line["line"])) for line in lines if line["set"] == part]
        right = sum(1 for line, gone in found if gone and not line["says"])
        gone, describe = sum(gone for _, gone in found), sum(not line["says"] for line, _ in found)
        print(f"{part:<12} precision {right / gone:.3f} ({right} of {gone} that go describe), ", end="")
        print(f"recall {right / describe:.3f} ({right} of {describe}), {len(found)} lines")
        if arguments.errors:
            print(*(f"  {line['line']}" for line, gone in found if gone == line["says"]), sep="\n")


if __name__ == "__main__":
    main()
