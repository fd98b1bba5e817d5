"""Captions that roll or grow, each word of them once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from trailerflow.trailers.cleaning.cue_text import CueText


def unrolled(cues: Sequence[list[str]]) -> CueText:
    """The lines of cues, each once where the captions roll.

    Rolling captions show lines again in the next cue, above the new one ("a" · "a / b" · "b / c"), and often let the last
    one grow by words or letters ("We" · "We are" · "We are here"). Lines that are shown again count as rolling where at
    least half of the cues, and two, begin so; a line that is truly said twice in other captions stays. Cues that grow do
    so twice in a row at least.

    Args:
        cues: Lines of each cue; cues without lines do not count.

    Returns:
        Lines in order, each character with the first cue that shows it.

    >>> unrolled([["one"], ["one", "two"], ["two", "three"]]).words()
    [(0, 'one'), (1, 'two'), (2, 'three')]
    >>> unrolled([["A storm"], ["A storm", "is"], ["A storm", "is near"]]).words()
    [(0, 'A'), (0, 'storm'), (1, 'is'), (2, 'near')]
    """
    texts = [CueText.of_lines(cue, number) for number, cue in enumerate(cues) if cue]
    shown = [cue.text for cue in texts]
    grown = [_grown(before, after) for before, after in pairwise(shown)]
    repeated = [_repeated(before, after) for before, after in pairwise(shown)]
    rolls = sum(1 for lengths in zip(grown, repeated, strict=True) if any(lengths))
    all_roll = rolls >= 2 and 2 * rolls >= len(grown)
    parts = texts[:1]
    for number, after in enumerate(texts[1:]):
        in_a_row = any(grown[max(0, number - 1) : number] + grown[number + 1 : number + 2])
        grows = grown[number] and (all_roll or in_a_row)
        known = grown[number] if grows else repeated[number] if all_roll else 0
        parts += [after[known:]] if known else [CueText("\n", after.cues[:1]), after]
    return CueText.joined(parts)


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
