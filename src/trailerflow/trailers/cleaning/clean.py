"""From caption segments to the words that are spoken, cut to a length."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from trailerflow.letters import passage
from trailerflow.text import compared_words, sentences, word_count
from trailerflow.trailers.cleaning.credits import without_credits
from trailerflow.trailers.cleaning.cue_text import CueText
from trailerflow.trailers.cleaning.descriptions import without_descriptions, without_halves
from trailerflow.trailers.cleaning.rolling import unrolled
from trailerflow.trailers.subtitles.markup import plain_text

if TYPE_CHECKING:
    from trailerflow.documents import Segment

FEWEST_WORDS = 3
"""Fewer words than this, and nothing is spoken: what remains is "The end." or a recogniser's "You"."""


def clean(segments: Sequence[Segment]) -> str:
    """The spoken words of a transcript as one text, see `cleaned_segments`; empty where nothing is spoken."""
    return joined(cleaned_segments(segments))


def joined(segments: Sequence[Segment]) -> str:
    """The texts of segments as one, single blanks between them."""
    return " ".join(part["text"] for part in segments)


def cleaned_segments(segments: Sequence[Segment]) -> list[Segment]:
    """The spoken words of a transcript, each with the times of the cue that shows it first.

    Markup, sound descriptions, note signs, names and marks of speakers, credits and advertisements of subtitle files,
    and the repetitions of rolling captions are taken out; white space is made single.

    Args:
        segments: In the order in which they are spoken.

    Returns:
        What is left of each segment, if anything is; a word that grows from one segment into the next is the first one's.
    """
    cues = without_credits([_lines(plain_text(part["text"])) for part in segments])
    bare = [without_descriptions(CueText.of_lines(cue, number)).text for number, cue in enumerate(cues)]
    # A description may begin in one cue and end in the next.
    said = without_halves(without_descriptions(unrolled([_lines(text) for text in bare])))
    words = [word for line in said.lines() if any(map(str.isalnum, line.text)) for word in line.words()]
    return [
        {
            "start": segments[cue]["start"],
            "end": segments[cue]["end"],
            "text": " ".join(word for _, word in run),
        }
        for cue, run in groupby(words, key=itemgetter(0))
    ]


def _lines(text: str) -> list[str]:
    """Lines of a text, their white space single, without those that are empty."""
    return [line for part in text.split("\n") if (line := " ".join(part.split()))]


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


def cut(segments: Sequence[Segment], length: int) -> list[Segment]:
    """The beginning of segments, so that their texts, joined by blanks, have at most this many characters.

    A segment that is cut in two keeps its times.

    >>> cut([{"start": 0.0, "end": 1.0, "text": "One two."}, {"start": 1.0, "end": 2.0, "text": "Three."}], 7)
    [{'start': 0.0, 'end': 1.0, 'text': 'One two'}]
    """
    kept: list[Segment] = []
    for part in segments:
        if length > 0:
            kept.append({"start": part["start"], "end": part["end"], "text": part["text"][:length]})
        length -= len(part["text"]) + 1
    return kept
