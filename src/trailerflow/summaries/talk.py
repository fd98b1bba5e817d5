"""Talk about a film instead of its plot: "The film follows", "The text describes"."""

from __future__ import annotations

import re

ABOUT_A_FILM = (
    r"\b(?:the|this) (?:film|movie|story|plot|text) "
    r"(?:follows|tells|centers|centres|revolves|begins|opens|describes|is about)\b"
)
"""Pattern of what such a sentence begins with, in small letters."""

_BEGINS = re.compile(ABOUT_A_FILM, re.IGNORECASE)


_OF_THE_TEXT = re.compile(
    r"^the (?:text|clip) (?:describes|is about|tells (?:of|about)) "
    r"(?:a (?:short )?(?:film|clip|video)(?: of a film)? about )?",
    re.IGNORECASE,
)
"""How a model begins that tells of the transcript, which a reader of its summary does not see."""

FEW_WORDS = 4
"""So many words say no more of somebody than that they are there: "a group of people"."""

_NAME = re.compile(r"\b[A-Z]")


def told_of_the_film(summary: str) -> str:
    """A summary that begins with the film, where it began with the text that the model read.

    >>> told_of_the_film("The text describes a short film about a nanny."), told_of_the_film("The text describes a man.")
    ('The film is about a nanny.', 'The film is about a man.')
    """
    return _OF_THE_TEXT.sub("The film is about ", summary)


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
