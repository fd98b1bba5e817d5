"""MovieLens titles: the year in brackets at the end, and whatever stands before it."""

from __future__ import annotations

import re

# "(2006-2007)" and "(2013- )" are series, "(V)" and "(TV)" the marks that IMDb puts behind the year.
_TITLE_AND_YEAR = re.compile(
    r"(?P<title>.*\S)\s*\((?P<year>[0-9]{4})(?:\s?[-\u2013]\s?(?:[0-9]{4})?)?\)(?:\s*\((?:V|TV|VG)\))?"
)


def split_title(text: str) -> tuple[str, int | None]:
    """Part a title from the year that ends it.

    Alternative titles in brackets stay in the title; white space is made single.

    Args:
        text: A title as MovieLens writes it.

    Returns:
        The title and its (first) year, or the whole text and ``None`` where no year ends it.

    >>> split_title("GoldenEye (1995)")
    ('GoldenEye', 1995)
    >>> split_title("Shanghai Triad (Yao a yao yao dao waipo qiao) (1995)")
    ('Shanghai Triad (Yao a yao yao dao waipo qiao)', 1995)
    >>> split_title("Babylon 5")
    ('Babylon 5', None)
    """
    text = " ".join(text.split())
    found = _TITLE_AND_YEAR.fullmatch(text)
    return (found["title"], int(found["year"])) if found else (text, None)
