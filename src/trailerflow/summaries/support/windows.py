"""What is spoken, in overlapping windows of words, each with its times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trailerflow.letters import passage
from trailerflow.text import is_said, word_count

if TYPE_CHECKING:
    from trailerflow.documents import Segment


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
    for first in range(0, max(1, word_count(spoken.text) - (words - step)), step):
        text = passage(spoken.text, first, first + words)
        if is_said(text):
            inside = [one for before, after, one in segments if before < first + words and after > first]
            start, end = (inside[0]["start"], inside[-1]["end"]) if inside else (None, None)
            found.append(Window(text, start, end))
    return found


def _by_words(segments: Sequence[Segment]) -> Iterator[tuple[int, int, Segment]]:
    """Each segment with the number of words before it, and with those up to its end."""
    before = 0
    for segment in segments:
        after = before + word_count(segment["text"])
        yield before, after, segment
        before = after
