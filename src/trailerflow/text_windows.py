"""Long texts in parts that end with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from trailerflow.letters import passage
from trailerflow.text import sentences, word_count

KEPT = 1 << 15
"""Texts whose windows are remembered: each fit on other folds asks for most of them again."""


@lru_cache(maxsize=KEPT)
def windows_of(text: str, most: int) -> tuple[str, ...]:
    """Part a text between sentences into windows.

    Args:
        text: Any text; one without words is one window.
        most: Most words of a window. A longer sentence is parted between words.
    """
    return tuple(each_window(text, most)) or (text,)


def each_window(text: str, most: int) -> Iterator[str]:
    """The windows one by one, so that who wants the first does not wait for the others."""
    window: list[str] = []
    room = most
    for piece, count in _pieces(text, most):
        if count > room:
            yield " ".join(window)
            window, room = [], most
        window.append(piece)
        room -= count
    if window:
        yield " ".join(window)


def _pieces(text: str, most: int) -> Iterator[tuple[str, int]]:
    """The sentences of a text, too long ones in equal parts, each with its number of words."""
    for sentence in sentences(text):
        count = word_count(sentence)
        cuts = -(-count // most)
        if cuts == 1:
            yield sentence, count
            continue
        ends = [count * cut // cuts for cut in range(cuts + 1)]
        for start, end in pairwise(ends):
            yield passage(sentence, start, end), end - start
