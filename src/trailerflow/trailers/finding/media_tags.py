"""What stands at the end of a media file's name: its language, and what kind of subtitles it holds.

Players know ``Title.en.srt``, ``Title.en.sdh.srt`` (for the deaf and hard of hearing, as ``hi`` and ``cc``) and
``Title.en.forced.srt`` (only what is foreign in the film). Some codes are words as well, and titles end with words:
``Dr. No``, ``She's.Gotta.Have.It``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

from trailerflow.trailers.language_codes import language_code

_FORCED = frozenset({"forced", "foreign", "signs", "songs"})
_FOR_THE_DEAF = frozenset({"sdh", "cc", "hearing", "impaired", "deaf"})
_OTHER_TAGS = frozenset({"default", "full", "normal", "orig", "auto", "sub", "subs", "subtitles", "captions"})
_TAGS = _FORCED | _FOR_THE_DEAF | _OTHER_TAGS
_SURE_TAGS = frozenset({"forced", "sdh", "cc"})
"""Tags that end no title; the others are tags behind a language or another tag alone: "9.Songs" is a film."""

_HARD_OF_HEARING_OR_HINDI = "hi"
_WORDS = """
am an as be da de do el es et he hi id is it la lo ma me mi my no or pa si so st ta te to
ben cat dan est fin ice ind kan mac mal mar may mon pan per pol tam tel
"""
_ALSO_WORDS = frozenset(_WORDS.split())
"""Codes that are words or names as well, of English or of titles in other languages."""

_BY_DOT = re.compile(r"(?P<rest>.*\S)\.(?P<tag>[^.\s][^.]*)")
_IN_BRACKETS = re.compile(r"(?P<rest>.*[^\s._-])[\s._-]*[\[(](?P<tag>[^\[\]()]+)[\])]")
_BY_BLANK = re.compile(r"(?P<rest>.*[^\s_-])(?:[\s_]|[\s_]*-[\s_]*)(?P<tag>[^\s._-]+)")
_AFTER_YEAR_OR_BRACKET = re.compile(
    r".*(?:(?<!\d)(?:18|19|20)\d\d|[\])}]|trailer ?#?\d?|\d{3,4}p)", re.IGNORECASE
)


class Tagged(NamedTuple):
    """A file's name without some of its tags.

    Attributes:
        stem: What is left of it.
        language: Two-letter code, where a tag tells it.
        is_forced: Whether it holds only what is foreign in the film.
        is_for_the_deaf: Whether it tells sounds as well.
    """

    stem: str
    language: str | None
    is_forced: bool
    is_for_the_deaf: bool


def tagged(stem: str) -> list[Tagged]:
    """A file's name with all that it ends with, then without its last tag, and so on.

    >>> [name.stem for name in tagged("GoldenEye (1995).en.sdh")]
    ['GoldenEye (1995).en.sdh', 'GoldenEye (1995).en', 'GoldenEye (1995)']
    >>> [name.stem for name in tagged("Dr. No")]
    ['Dr. No']
    """
    found, tags = [Tagged(stem, None, False, False)], list[str]()
    while last := _last_tag(found[-1].stem):
        rest, more = last
        tags = [*more, *tags]
        if len(_languages(tags)) > 1:
            break
        found.append(Tagged(rest, _language(tags), not _FORCED.isdisjoint(tags), _is_for_the_deaf(tags)))
    return found


def _last_tag(stem: str) -> tuple[str, list[str]] | None:
    """What stands before a name's last tag, and the words of that; None where it ends with none."""
    for pattern, is_sure in ((_BY_DOT, True), (_IN_BRACKETS, True), (_BY_BLANK, False)):
        found = pattern.fullmatch(stem)
        if found is None:
            continue
        rest, tag = found["rest"], found["tag"]
        is_settled = _AFTER_YEAR_OR_BRACKET.fullmatch(rest) is not None
        # "pt-BR", "zh_Hans" and "de-en" (translated) are one word, "en-forced" and "English SDH" are two.
        parts = (
            [tag]
            if re.fullmatch(r"[a-z]{2,3}[-_](?:[A-Z]{2}|[A-Z][a-z]{3}|\d{3}|orig|[a-z]{2})", tag)
            else _parts(tag)
        )
        before = [f"{rest} {' '.join(parts[:place])}".strip() for place in range(len(parts))]
        if parts and all(map(_is_tag, parts, before, repeat(is_sure), repeat(is_settled))):
            return rest, [part.lower() for part in parts]
    return None


def _parts(tag: str) -> list[str]:
    return [part for part in re.split(r"[\s_\-+&\[\]()]+", tag) if part]


def _is_tag(word: str, rest: str, is_sure: bool, is_settled: bool) -> bool:
    """Whether a word at the end of a name is a tag, and not a word of the title before it.

    Args:
        word: The word.
        rest: What stands before it.
        is_sure: Whether a dot or brackets part them.
        is_settled: Whether the title has ended already.
    """
    plain = word.lower()
    is_language = language_code(word) is not None
    if not is_language and plain not in _TAGS:
        return False
    if is_settled or plain in _SURE_TAGS:
        return True
    if not is_language:
        before = re.split(r"[\s._\[(-]+", rest.rstrip("])"))[-1]
        return before.lower() in _TAGS or language_code(before) is not None
    if plain in _ALSO_WORDS:
        return is_sure and (word.islower() or (word.isupper() and not rest.isupper()))
    return is_sure or len(plain) <= 3


def _languages(tags: Iterable[str]) -> set[str]:
    """Languages of tags, without what may be no language."""
    return {code for tag in tags if tag != _HARD_OF_HEARING_OR_HINDI and (code := language_code(tag))}


def _language(tags: Sequence[str]) -> str | None:
    """The language that tags tell: ``hi`` is Hindi only where another tag says "hard of hearing"."""
    languages = _languages(tags)
    if languages:
        return languages.pop()
    hindi = tags.count(_HARD_OF_HEARING_OR_HINDI)
    return _HARD_OF_HEARING_OR_HINDI if hindi > 1 or (hindi and not _FOR_THE_DEAF.isdisjoint(tags)) else None


def _is_for_the_deaf(tags: Sequence[str]) -> bool:
    return not _FOR_THE_DEAF.isdisjoint(tags) or (
        _HARD_OF_HEARING_OR_HINDI in tags and _language(tags) != "hi"
    )
