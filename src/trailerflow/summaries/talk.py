"""Talk about a film instead of its plot: "The film follows", "The text describes"."""

from __future__ import annotations

import re

ABOUT_A_FILM = (
    r"\b(?:the|this) (?:film|movie|story|plot|text) "
    r"(?:follows|tells|centers|centres|revolves|begins|opens|describes|is about)\b"
)
"""Pattern of what such a sentence begins with, in small letters."""

_BEGINS = re.compile(ABOUT_A_FILM, re.IGNORECASE)


def begins_with_talk(claim: str) -> bool:
    """Whether a claim begins with talk about the film.

    >>> begins_with_talk("The film is about a man."), begins_with_talk("A man sees the film.")
    (True, False)
    """
    return _BEGINS.match(claim) is not None
