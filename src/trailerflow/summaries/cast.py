"""Names of cast and crew in a summary, by how they are introduced and by a list of well-known people.

Both are coarse. The patterns take a character who is an actor for cast, and miss a bare name; the list knows some
hundreds of people in films up to 1998, and takes a character of the same name, or a film about one of them, for cast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from trailerflow.movies.titles import display_title
from trailerflow.text import compared_words

_WORD = r"[A-ZÀ-ÖØ-Þ](?:\.|[\w'’-]*)"
_JOINT = r" (?:(?:de|van|von|der|da|del) )*"
_NAME = rf"{_WORD}(?:{_JOINT}{_WORD})*"
_NO_NAME = r"(?!(?:After|And|As|At|Before|But|For|From|In|On|The|Then|To|When|While|With)\b)"
_FULL_NAME = rf"{_NO_NAME}{_WORD}(?:{_JOINT}{_WORD})+"
_CREDITS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?i:starring|(?:played|portrayed|directed) by|actor|actress) (?P<name>{_NAME})",
        rf"\b(?i:film|movie|it) stars (?P<name>{_NAME})",
        # The role ends the clause: "Sarah Connor as Skynet attacks" is no credit.
        rf"\b(?P<name>{_FULL_NAME}) as (?:the |an? )?{_NAME}(?=[,.;:!?)]| and\b|$)",
        rf"\b{_WORD} \((?P<name>{_FULL_NAME})\)",  # John McClane (Bruce Willis)
    )
)
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)


class CastNames(NamedTuple):
    """Names found in a summary, in order of the alphabet."""

    by_pattern: list[str]
    by_list: list[str]


def cast_names(summary: str, title: str, people: Iterable[str]) -> CastNames:
    """Names in a summary that look like those of cast and crew.

    Args:
        summary: One paragraph.
        title: The movie's title; a name that is in it does not count.
        people: Full names of the list, compared as whole words without case and accents.

    >>> cast_names("Directed by Jan Kowal, it follows Tom Hanks.", "Kites", ["Tom Hanks"])
    CastNames(by_pattern=['Jan Kowal'], by_list=['Tom Hanks'])
    """
    summary = _POSSESSIVE.sub("", summary)
    own, told = _compared(display_title(title)), _compared(summary)
    credited = {found["name"] for pattern in _CREDITS for found in pattern.finditer(summary)}
    listed = {name for name in people if _compared(name) in told}
    by_pattern, by_list = (
        sorted(name for name in names if _compared(name) not in own) for names in (credited, listed)
    )
    return CastNames(by_pattern, by_list)


def _compared(text: str) -> str:
    """A text's words between blanks, so that a name is found in it as whole words."""
    return f" {' '.join(compared_words(text))} "
