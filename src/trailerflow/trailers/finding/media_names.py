"""Which titles and years a media file's name may mean: names that people, players, yt-dlp and release groups give.

A name is read in several ways, the surest first: whole, then what stands before its year, before "trailer" or before what
tells of its quality. Without a year all that is left beside the title must be known; with the year it must at least not
say that the file is something else than a trailer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trailerflow.movies.forms import plain_title_words
from trailerflow.text import plain_words
from trailerflow.trailers.finding.picker_words import OTHER_THINGS, TRAILER
from trailerflow.trailers.language_codes import language_code


class Reading(NamedTuple):
    """What a name may mean.

    Attributes:
        title: The title.
        year: The year, or None where the name has none.
        is_marked: Whether the year stands in brackets, so that it is surely none of the title's numbers.
    """

    title: str
    year: int | None = None
    is_marked: bool = False


_YEAR = re.compile(r"(?<!\w)(?:18|19|20)\d\d(?!\w)")
_YEAR_IN_BRACKETS = re.compile(r"[\[(]((?:18|19|20)\d\d)[\])]")
_SITE_BEFORE = re.compile(
    r"\W*(?:www\.[\w.-]+|[\w-]+\.(?:com|net|org|info|cc|io|me|to|tv|ws))[\s\])]*[\s_]-+[\s_]*"
    r"|[\[(]\s*(?:www\.)?[\w-]+(?:\.[\w-]+)+\s*[\])][\s._-]*",
    re.IGNORECASE,
)
_SITE_BEHIND = re.compile(r"[\s._-]+[\[(]?www\.[\w-]+\.[\w.-]+[\])]?$", re.IGNORECASE)
_IDS = re.compile(
    r"[\[{](?:imdb|tmdb|tvdb|edition)(?:id)?[-=][^\]}]+[\]}]"  # {tmdb-862}, [imdbid-tt0114709]
    r"|\[(?!(?:[A-Z]?[a-z]+|[A-Z]+)\])[A-Za-z0-9_-]{11}\]|\[\d{6,}\]"  # YouTube's and other sites'
    r"|(?<=\S)-(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{11}$",  # as youtube-dl wrote it
)
_IN_BRACKETS = re.compile(r"\s*[\[(][^\[\]()]*[\])]")
_QUALITY = re.compile(
    r"(?<!\w)(?:\d{3,4}[pi]|[48]k|uhd|x26[45]|h ?26[45]|hevc|xvid|divx|av1|blu-?ray|b[dr]-?rip|dvd-?rip|dvd-?scr|web-?dl"
    r"|web-?rip|hd-?tv|hd-?rip|remux|10-?bit|aac|ac3|dts|ddp? ?5 1|truehd|yify|yts|rarbg)(?!\w)",
    re.IGNORECASE,
)
"""Words that are in no title: what stands behind is a release group's."""

_EDITION = (
    r"(?:director.?s|final|extended|theatrical) cut|(?:special|extended|collector.?s) edition"
    r"|hd|hq|sd|fhd|hdr|imax|extended|unrated|theatrical|remastered|restored|proper|repack"
)
_EDITION_LAST = re.compile(rf"(?P<title>.*\w.*?)\W+(?:{_EDITION})", re.IGNORECASE)
_EDITION_BEFORE_TRAILER = re.compile(
    rf"(?P<title>.*\w.*?)\W+(?:{_EDITION}|official|original|final|international|domestic|teaser|(?:red|green) band)",
    re.IGNORECASE,
)
_KNOWN = """
band captions collectors cut directors domestic dvd edition extended fhd film final full green hd hdr hq imax
international movie new no official original proper red remastered repack restored sd special subtitles teaser
the theatrical trailer transcript uhd uk unrated us version
"""
_KNOWN_WORDS = frozenset(_KNOWN.split())
"""Words beside a title that say nothing about which film it is."""

_EXTRA = re.compile(
    r"-(?:behindthescenes|deleted(?:scenes?)?|featurette|interview|scene|short|clip|extra|other|sample|theme\w*)$",
    re.IGNORECASE,
)
"""How Plex, Jellyfin and Kodi mark what comes with a film and is no trailer."""

_BETWEEN = " .,_-–—|｜:：([{#"


def readings(stem: str, *, of_any_text: bool = False) -> Iterator[Reading]:
    """Titles and years that a file's name may mean, the surest first.

    Args:
        stem: The name without its suffix and its tags (see `trailerflow.trailers.finding.media_tags`).
        of_any_text: Whether files of this suffix hold all kinds of text, so that no unknown word may stand in the name.

    >>> list(readings("GoldenEye - Official Trailer [0123456789a]"))[-1]
    Reading(title='GoldenEye', year=None, is_marked=False)
    >>> Reading("Toy Story", 1995) in readings("Toy.Story.1995.1080p.BluRay.x264-GROUP")
    True
    """
    yield Reading(_spaced(stem))
    text = _spaced(_without_ids(stem))
    marked = list(_YEAR_IN_BRACKETS.finditer(text))
    if _EXTRA.search(stem) or len({mark[1] for mark in marked}) > 1:  # two years: two films in one name
        return
    for mark in marked[-1:] or reversed(list(_YEAR.finditer(text))):
        before, behind = text[: mark.start()], text[mark.end() :]
        if not before.strip(_BETWEEN) and (marked or re.match(r"\s+[-–—]\s", behind)):  # "(1995) GoldenEye"
            before, behind = behind, ""
        for title, notes, rest in _titles(before):
            beside = f"{notes} {rest} {behind}"
            if not _is_other_thing(beside) and (not of_any_text or _is_known(_QUALITY.sub(" ", beside))):
                yield Reading(title, int(mark[mark.lastindex or 0]), bool(marked))
    for title, notes, rest in [] if marked else _titles(text):
        quality = None if of_any_text else _QUALITY.search(rest)
        known = rest[: quality.start()] if quality else _QUALITY.sub(" ", rest)
        if _is_known(known) and _is_known(notes, numbers=False):
            yield Reading(title)


def is_trailer_alone(stem: str) -> bool:
    """Whether a name says "trailer" and no title, so that the folder is named after the film.

    >>> is_trailer_alone("movie-trailer"), is_trailer_alone("Official Trailer 2"), is_trailer_alone("Heat trailer")
    (True, True, False)
    """
    text = _spaced(_without_ids(stem))
    words = plain_words(TRAILER.sub(" ", text))
    return TRAILER.search(text) is not None and all(
        word.isdecimal() or _is_known_word(word) for word in words
    )


def _spaced(stem: str) -> str:
    """A name with blanks where dots, underscores or pluses stand for them."""
    text = re.sub(r"(?:[._\s]|%20)+", " ", stem).strip()
    return text if " " in text else text.replace("+", " ")


def _without_ids(stem: str) -> str:
    """A name without the site that it is from and without ids of videos and films."""
    found = _SITE_BEFORE.match(stem)
    text = _SITE_BEHIND.sub("", stem[found.end() :] if found else stem)
    return _IDS.sub(" ", text.strip()).strip()


def _titles(text: str) -> Iterator[tuple[str, str, str]]:
    """Titles that a text may begin with, each with the notes in brackets that were left out, and the rest of the text."""
    text = text.strip(_BETWEEN).lstrip(_BETWEEN + ")]}")
    if not text:
        return
    yield text, "", ""
    trailer = TRAILER.search(text, 1)
    quality = _QUALITY.search(text, 1)
    end = min((found.start() for found in (trailer, quality) if found), default=len(text))
    notes = " ".join(_IN_BRACKETS.findall(text[:end]))
    title = _IN_BRACKETS.sub("", text[:end]).strip(_BETWEEN)
    rest = text[end:]
    while title:
        yield title, notes, rest
        found = (_EDITION_BEFORE_TRAILER if trailer else _EDITION_LAST).fullmatch(title)
        if found is None:
            return
        title = found["title"].strip(_BETWEEN)


def _is_known(rest: str, *, numbers: bool = True) -> bool:
    """Whether words beside a title say nothing that could make it another film's.

    Args:
        rest: The words.
        numbers: Whether small numbers are known: "Trailer 2", but not "Toy Story (2)".
    """
    return all(
        (numbers and len(word) < 3) if word.isdecimal() else _is_known_word(word)
        for word in plain_title_words(TRAILER.sub(" ", rest))
    )


def _is_known_word(word: str) -> bool:
    is_language = len(word) > 2 and language_code(word) is not None
    return is_language or word in _KNOWN_WORDS


def _is_other_thing(rest: str) -> bool:
    """Whether words beside a title and its year say that a file is no trailer: a review, a making-of, music."""
    return any(pattern.search(rest) for pattern in OTHER_THINGS.values())
