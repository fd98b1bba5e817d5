"""What is spoken, in overlapping windows of words, each with its times."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trailerflow.letters import passages
from trailerflow.text import compared_words, is_said, word_count

if TYPE_CHECKING:
    from trailerflow.documents import Segment

WORDS, STEP = 40, 20
"""Words of a window that is shown to a reader, and from one to the next."""

_STEM = 5
"""Letters by which words are taken for one: a stemmer's library takes longer to load than a film's claims to check."""


@dataclass(frozen=True)
class Spoken:
    """A transcript.

    Attributes:
        text: Its words.
        segments: The same in parts with times, as `trailerflow.documents.PreparedTranscript` has them; none where no times
            are known.
    """

    text: str
    segments: Sequence[Segment] = field(default=(), hash=False)


@dataclass(frozen=True)
class Window:
    """A part of a transcript.

    Attributes:
        text: Its words.
        start: When it begins, in seconds; None where no times are known.
        end: When it ends, in seconds, likewise.
    """

    text: str
    start: float | None = None
    end: float | None = None


def windows(spoken: Spoken, words: int, step: int) -> list[Window]:
    """A transcript in windows, each with a letter or a digit at least.

    Args:
        spoken: The transcript.
        words: Words of a window; the last one may be shorter.
        step: Words from the beginning of a window to that of the next.

    >>> [len(window.text.split()) for window in windows(Spoken("word " * 170), 100, 50)]
    [100, 100, 70]
    """
    segments = list(_by_words(spoken.segments))
    found = []
    starts = range(0, max(1, word_count(spoken.text) - (words - step)), step)
    texts = passages(spoken.text, [(first, first + words) for first in starts])
    for first, text in zip(starts, texts, strict=True):
        if is_said(text):
            inside = [one for before, after, one in segments if before < first + words and after > first]
            start, end = (inside[0]["start"], inside[-1]["end"]) if inside else (None, None)
            found.append(Window(text, start, end))
    return found


def likest_windows(claims: Sequence[str], spoken: Spoken) -> list[Window | None]:
    """For each claim the window with most of its words, those counting more that few windows have; the first of equals.

    Args:
        claims: The claims.
        spoken: The transcript.

    Returns:
        A window each; None for a claim, or beside a transcript, without a word.

    >>> [window.text for window in likest_windows(["Robbers flee."], Spoken("the robber must run"))]
    ['the robber must run']
    """
    parts = windows(spoken, WORDS, STEP)
    there = [_stems(part.text) for part in parts]
    counts = Counter(word for words in there for word in words)

    def shared(claim: str, words: frozenset[str]) -> float:
        return sum(
            math.log((1 + len(parts)) / (1 + counts[word])) + 1 for word in sorted(_stems(claim) & words)
        )

    found: list[Window | None] = []
    for claim in claims:
        values = [shared(claim, words) for words in there] if _stems(claim) else []
        found.append(parts[values.index(max(values))] if values else None)
    return found


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in compared_words(text))


def _by_words(segments: Sequence[Segment]) -> Iterator[tuple[int, int, Segment]]:
    """Each segment with the number of words before it, and with those up to its end."""
    before = 0
    for segment in segments:
        after = before + word_count(segment["text"])
        yield before, after, segment
        before = after
