"""How summaries are parted: sentences over texts whose boundaries are known, and claims to be read by eye.

The known texts are sentences that are put together two by two. The claims are those of sentences drawn by seed from
--sentences, a CSV table with a column text; errors in them are for a reader to count.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from trailerflow.claims import claims_of
from trailerflow.csv_rows import csv_rows
from trailerflow.program import run
from trailerflow.sentences import sentences_of
from trailerflow.text import sentences

KNOWN = (
    "Palmer's boss is Mr. Palmer.",
    "Mr. Palmer waits.",
    "Then Dr. No came.",
    "Mrs. Doubtfire keeps house for Ms. Hill.",
    "Ms. Hill does not know her.",
    "It was Mr. Who that called.",
    "Lt. Dan lost both legs in the war.",
    "Does Capt. Then know?",
    "Prof. X trusts Gen. Lee!",
    "He works for the U.S. Army.",
    "They meet at 5 p.m. in Rome.",
    "J. R. Ewing is shot.",
    "Agent J. and Agent K. hunt aliens.",
    "It costs $3.50 a head.",
    '"Stop!" she says.',
    'He says "No."',
    "He fought in World War I.",
    "She lives in L.A. with her sister.",
    "Is it true?",
    "The end is near...",
    "St. Elmo is a bar.",
    "Martin Luther King Jr. speaks.",
    "He takes vitamin C.",
    "She calls him Sgt. Pepper.",
)
"""Sentences, each whole."""


def boundary_errors() -> dict[str, list[str]]:
    """By splitter, the pairs of known sentences that it does not part where they end, each pair once."""
    pairs = [*pairwise(KNOWN), *pairwise(KNOWN[::-1])]
    splitters = {"sentencex, titles joined": sentences_of, "spoken text": sentences}
    return {
        name: [" | ".join(split(" ".join(pair))) for pair in pairs if split(" ".join(pair)) != list(pair)]
        for name, split in splitters.items()
    }


def drawn(path: Path, count: int, seed: int) -> Sequence[str]:
    """Different sentences of a table."""
    texts = list(dict.fromkeys(cells["text"] for _, cells in csv_rows(path, ("text",))))
    return random.Random(seed).sample(texts, min(count, len(texts)))


def main() -> None:
    """Print the errors of the sentences, then sentences with their claims below."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=Path, required=True, help="CSV with a column text")
    parser.add_argument("--count", type=int, default=60, help="sentences to draw")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draw")
    arguments = parser.parse_args()
    for name, wrong in boundary_errors().items():
        print(f"{name}: {len(wrong)} of {2 * (len(KNOWN) - 1)} pairs", *wrong, sep="\n  ")
    for number, sentence in enumerate(drawn(arguments.sentences, arguments.count, arguments.seed), start=1):
        print(f"{number}. {sentence}")
        claims = claims_of(sentence)
        for claim in claims if len(claims) > 1 else ():
            print(f"   - {claim.text}")


if __name__ == "__main__":
    run(main)
