"""Talk about a film instead of its plot: "The film follows", "The text describes"."""

from __future__ import annotations

import re

ABOUT_A_FILM = (
    r"\b(?:the|this) (?:film|movie|story|plot|text) "
    r"(?:follows|tells|centers|centres|revolves|begins|opens|describes|is about)\b"
)
"""Pattern of what such a sentence begins with, in small letters."""

_BEGINS = re.compile(ABOUT_A_FILM, re.IGNORECASE)


FEW_WORDS = 4
"""So many words say no more of somebody than that they are there: "a group of people"."""

_NAME = re.compile(r"\b[A-Z]")


def only_introduces(claim: str) -> bool:
    """Whether a claim says that the film is about somebody, and neither their name nor more than `FEW_WORDS` of them.

    >>> only_introduces("The film is about a man."), only_introduces("The film is about Rosa, a spy.")
    (True, False)
    >>> only_introduces("The film is about a retired detective with a fear of heights."), only_introduces("A man runs.")
    (False, False)
    """
    talk = _BEGINS.match(claim)
    if talk is None:
        return False
    said = claim[talk.end() :]
    return not _NAME.search(said) and len(said.split()) <= FEW_WORDS
