"""Captions that roll or grow, each word of them once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def unrolled(cues: Sequence[list[str]]) -> list[str]:
    """The lines of cues, each once where the captions roll.

    Rolling captions show lines again in the next cue, above the new one ("a" · "a / b" · "b / c"), and often let the last
    one grow by words or letters ("We" · "We are" · "We are here"). Lines that are shown again count as rolling where at
    least half of the cues, and two, begin so; a line that is truly said twice in other captions stays. Cues that grow do
    so twice in a row at least.

    Args:
        cues: Lines of each cue.

    Returns:
        Lines in order.

    >>> unrolled([["one"], ["one", "two"], ["two", "three"]])
    ['one', 'two', 'three']
    >>> unrolled([["A storm"], ["A storm", "is"], ["A storm", "is near"]])
    ['A storm', 'is near']
    """
    shown = ["\n".join(cue) for cue in cues if cue]
    grown = [_grown(before, after) for before, after in pairwise(shown)]
    repeated = [_repeated(before, after) for before, after in pairwise(shown)]
    rolls = sum(1 for lengths in zip(grown, repeated, strict=True) if any(lengths))
    all_roll = rolls >= 2 and 2 * rolls >= len(grown)
    text = shown[0] if shown else ""
    for number, after in enumerate(shown[1:]):
        in_a_row = any(grown[max(0, number - 1) : number] + grown[number + 1 : number + 2])
        grows = grown[number] and (all_roll or in_a_row)
        known = grown[number] if grows else repeated[number] if all_roll else 0
        text += after[known:] if known else f"\n{after}"
    return [line for line in (" ".join(part.split()) for part in text.split("\n")) if line]


def _grown(before: str, after: str) -> int:
    """Length of a cue that the next one begins with and goes on from; 0 where it does not."""
    return len(before) if len(after) > len(before) and _same(before, after[: len(before)]) else 0


def _repeated(before: str, after: str) -> int:
    """Length of the whole lines at the end of a cue with which the next one begins; 0 where there are none."""
    places = [0] + [place + 1 for place, sign in enumerate(before) if sign == "\n"]
    for place in places:
        last = before[place:]
        if _same(last, after[: len(last)]) and not after[len(last) : len(last) + 1].isalnum():
            return len(last)
    return 0


def _same(one: str, other: str) -> bool:
    return one.replace("\n", " ").casefold() == other.replace("\n", " ").casefold()
