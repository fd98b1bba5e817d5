"""From caption segments to the words that are spoken, cut to a length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from trailerflow.letters import passage
from trailerflow.text import compared_words, sentences, word_count

FEWEST_WORDS = 3
"""Fewer words than this, and nothing is spoken: what remains is "The end." or a recogniser's "You"."""

_SOUND = re.compile(r"\[[^\[\]]{0,80}\]|【[^【】]{0,80}】|[(（](?:[^\s()（）]+\s+){0,4}[^\s()（）]*[)）]")
_NOTES = re.compile("[♪♫♬♩]")
_SPEAKER = re.compile(r"^(?:\s*(?:>{2,}|[-–—](?![-–—\d])))+\s*", re.MULTILINE)
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\xad]")


def clean(segments: Sequence[dict[str, Any]]) -> str:
    """The spoken words of a transcript as one text.

    Sound descriptions ([Music], (applause): brackets, and parentheses of at most five words), note signs,
    speaker marks (``- ``, ``>> ``) and the repetitions of rolling captions are taken out; white space is made
    single.

    Args:
        segments: Segments with ``text``, in the order in which they are spoken; others keys are not read.

    Returns:
        The text, empty where nothing is spoken.
    """
    texts = (_SPEAKER.sub("", _NOTES.sub(" ", _SOUND.sub(" ", _visible(part["text"])))) for part in segments)
    lines = unrolled(
        [[line for part in text.split("\n") if (line := " ".join(part.split()))] for text in texts]
    )
    return " ".join(line for line in lines if any(map(str.isalnum, line)))


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def unrolled(cues: Sequence[list[str]]) -> list[str]:
    """The lines of cues, each once where the captions roll.

    Rolling captions show a line again in the next cue, above the new one ("a" · "a / b" · "b / c"), or let it
    grow ("We" · "We are" · "We are here"). They are taken to roll when at least half of the cues, and two,
    begin so; a line that is truly said twice in other captions stays.

    Args:
        cues: Lines of each cue.

    Returns:
        Lines in order.

    >>> unrolled([["one"], ["one", "two"], ["two", "three"]])
    ['one', 'two', 'three']
    """
    cues = [cue for cue in cues if cue]
    overlaps = [_overlap(before, after) for before, after in pairwise(cues)]
    rolls = sum(1 for repeated, grows in overlaps if repeated or grows)
    if rolls < 2 or 2 * rolls < len(overlaps):
        return [line for cue in cues for line in cue]
    lines = list(cues[0])
    for cue, (repeated, grows) in zip(cues[1:], overlaps, strict=True):
        if grows:
            lines.pop()
        lines += cue[repeated:]
    return lines


def _overlap(before: list[str], after: list[str]) -> tuple[int, bool]:
    """How many first lines of a cue end the cue before, and whether its first line is one that has grown."""
    old, new = [line.casefold() for line in before], [line.casefold() for line in after]
    for length in range(min(len(old), len(new)), 0, -1):
        if old[-length:] == new[:length]:
            return length, False
    return 0, new[0].startswith(old[-1] + " ")


def unit_count(text: str) -> int:
    """Number of words of a text that are spoken: punctuation is none, and a Chinese, Japanese or Thai letter is one."""
    return len(compared_words(text))


def is_spoken(text: str) -> bool:
    """Whether a text has at least `FEWEST_WORDS` words, as `unit_count` counts them."""
    return unit_count(text) >= FEWEST_WORDS


def trim(text: str, limit: int) -> str:
    """The beginning of a text: at most ``limit`` words, and whole sentences where there are any.

    A text whose whole sentences would fill less than half of the limit (speech without punctuation is one
    long sentence) is cut after that many words.

    Args:
        text: Cleaned text.
        limit: Most words kept, at least 1.

    Raises:
        ValueError: ``limit`` is below 1.

    >>> trim("One two. Three four. Five six.", 5)
    'One two. Three four.'
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    if word_count(text) <= limit:
        return " ".join(text.split())
    kept = 0
    for sentence in sentences(text):
        length = word_count(sentence)
        if kept + length > limit:
            break
        kept += length
    return passage(text, 0, kept if 2 * kept >= limit else limit)
