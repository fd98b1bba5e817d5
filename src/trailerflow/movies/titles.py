"""Titles as MovieLens writes them: the article behind, alternative titles in brackets, the year at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

ENGLISH_ARTICLES = frozenset({"the", "a", "an"})
ARTICLES = ENGLISH_ARTICLES | {
    "le", "la", "les", "l'", "un", "une", "il", "lo", "gli", "i", "uno", "una", "el", "los", "las", "unos", "unas",
    "o", "os", "as", "um", "uma", "der", "die", "das", "ein", "eine", "de", "het", "een", "en", "ett", "et", "den", "det",
}  # fmt: skip
"""Of English, French, Italian, Spanish, Portuguese, German, Dutch and the Scandinavian languages."""

ALSO_ENGLISH_WORDS = frozenset({"as", "den", "die", "i", "lo", "o"})
"""Those that may be the first word of an English title: "Die Hard", "I, Robot"."""

MASK = "[the film's title]"

_SHORT_TITLE = 3
_ARTICLE_BEHIND = re.compile(
    rf"(?P<rest>.+), (?P<article>{'|'.join(sorted(ARTICLES))})(?P<tail>(?: \(.*\))?)", re.IGNORECASE
)
_BRACKETS_LAST = re.compile(r"(?P<rest>.*\S)\s*\((?P<inside>(?:[^()]|\([^()]*\))*)\)")
_ALSO_KNOWN_AS = re.compile(r"^a\.?k\.?a\.?\s+", re.IGNORECASE)
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


def display_title(title: str) -> str:
    """The title as people say it: the article in front again, brackets left where they are.

    >>> display_title("Usual Suspects, The")
    'The Usual Suspects'
    """
    title = title.strip()
    found = _ARTICLE_BEHIND.fullmatch(title.replace("’", "'"))
    if not found or _first_word(title) == found["article"].lower():  # "Die, Mommie, Die"
        return title
    rest, tail = title[: found.end("rest")], title[found.start("tail") :]
    gap = "" if found["article"].endswith("'") else " "
    return f"{found['article']}{gap}{rest}{tail}"


def title_names(title: str) -> list[str]:
    """The titles in a title, as people say them: what stands before the brackets, then each of the brackets.

    >>> title_names("Seven (a.k.a. Se7en)")
    ['Seven', 'Se7en']
    """
    title, alternatives = " ".join(title.split()), list[str]()
    while found := _BRACKETS_LAST.fullmatch(title):
        title = found["rest"]
        alternatives.insert(0, _ALSO_KNOWN_AS.sub("", found["inside"].strip()))
    return [display_title(name) for name in [title, *alternatives] if name]


def without_article(words: list[str]) -> list[str]:
    """Words of a title without the article in front.

    >>> without_article(["The", "Matrix"]), without_article(["Die", "Hard"])
    (['Matrix'], ['Die', 'Hard'])
    """
    first = words[0].lower() if words else ""
    least = 3 if first in ALSO_ENGLISH_WORDS else 2
    return words[1:] if len(words) >= least and first in ARTICLES else words


def mask_title(text: str, title: str) -> str:
    """Take a film's titles out of a text, so that a model cannot go by what it knows of the film.

    Titles of one short word ("It", "M") stay: they are words of the language.

    Args:
        text: What is to be shown.
        title: The title as in the catalogue.

    >>> mask_title("so this is the usual suspects, keaton", "Usual Suspects, The")
    "so this is [the film's title], keaton"
    """
    for shown, bare in spoken_forms(title):
        for parts in (shown, bare):
            if len("".join(parts)) > _SHORT_TITLE:
                text = re.sub(words_pattern(parts), MASK, text, flags=re.IGNORECASE)
    return text


def spoken_forms(title: str) -> list[tuple[list[str], list[str]]]:
    """Words of each title in a title, with the article in front and without it.

    >>> spoken_forms("Net, The")
    [(['The', 'Net'], ['Net'])]
    """
    forms = []
    for name in title_names(title):
        shown = re.findall(r"\w+", name)
        bare = shown[1:] if name.lower().startswith(("l'", "l’")) else without_article(shown)
        forms.append((shown, bare))
    return forms


def words_pattern(words: Sequence[str]) -> str:
    """Regular expression of whole words one after another, whatever is between them."""
    return r"\b" + r"\W+".join(map(re.escape, words)) + r"\b"


def _first_word(title: str) -> str:
    found = re.match(r"\w+", title)
    return found.group().lower() if found else ""
