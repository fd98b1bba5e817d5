"""Which results of a search are a film's trailer: every one is scored, and every refusal has a reason.

A result must show three things: the film's title standing for itself (not as a part of another film's), that it is a
trailer, and nothing against its being of the right year. Remakes, sequels and series of the same title are what goes
wrong most, so a title without a year counts for less where the list shows that another film bears it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trailerflow.movies.forms import plain_title_words
from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import ARTICLES
from trailerflow.trailers.finding.picker_words import OTHER_THINGS, PLAIN, RERELEASE, SERVICES, TRAILER

THRESHOLD = 4.5
"""Least score of a candidate; found on tests/data/search_results/development.json (benchmarks/picker.py)."""

SHORTEST, LONGEST = 15, 420  # seconds; a television spot, Hitchcock's own tour of the Bates Motel
_YEAR_SCORES = {0: 3.0, 1: 2.0, 2: -1.0}  # by how far the years are apart
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BREAK = re.compile(r"\s[-–—|•▶»:]+\s|[|()\[\]{}\"“”„«»•▶]|\s//\s|:\s|(?<=\w)[!?.]\s|\s-(?=\w)|(?<=\w)-\s")


@dataclass(frozen=True)
class _Company:
    """What the other results of a list tell about a title.

    Attributes:
        older: Another film of the title is older.
        newer: Another film, or a series, of the title is newer.
        kin: Words that stand beside the film's title and year: people, mostly.
    """

    older: bool
    newer: bool
    kin: frozenset[str]


@dataclass(frozen=True)
class _Title:
    """How a film's title stands in a result's.

    Attributes:
        score: 3 where it stands for itself, less where it may be a part of another film's title.
        foreign: The words that make it a part of another title; empty where it stands for itself.
    """

    score: float
    foreign: tuple[str, ...]


def picked(movie: Movie, results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Score the results of a search for a film's trailer.

    Args:
        movie: With its title, and its year where known.
        results: ``id``, ``url``, ``title``, ``duration`` in seconds, ``channel``, ``live_status``,
            ``channel_is_verified`` of each, as yt-dlp's search gives them.

    Returns:
        Every result with ``score`` and ``refused``, the reason, empty for those that convince; those come first, the
        best first.
    """
    forms = word_lists(movie)
    year = movie.year
    company = _company(forms, year, results)
    scored = []
    for result in results:
        score, refused = _score(forms, year, result, company)
        if not refused and score < THRESHOLD:
            refused = f"it does not convince (score {score:g} of {THRESHOLD:g})"
        scored.append({**result, "score": round(score, 2), "refused": refused})
    return sorted(scored, key=lambda result: (bool(result["refused"]), -result["score"]))


def word_lists(movie: Movie) -> list[tuple[str, ...]]:
    """The word lists that a film's titles are known by.

    >>> word_lists(Movie("1", "Postino, Il (Postman, The)"))
    [('il', 'postino'), ('the', 'postman')]
    """
    forms: list[tuple[str, ...]] = []
    for name in movie.titles():
        form = tuple(plain_title_words(name))
        if form and not (forms and len(form) == 1 and _YEAR.fullmatch(form[0])):
            forms.append(form)
            whose = re.match(r"(?:\w+ ){0,2}\w+['’]s (?=\w+ \w+ \w+)", name)
            if whose:  # "William Shakespeare's Romeo and Juliet"
                forms.append(tuple(plain_title_words(name[whose.end() :])))
    return list(dict.fromkeys(forms))


def _score(
    forms: Sequence[tuple[str, ...]], year: int | None, result: Mapping[str, Any], company: _Company
) -> tuple[float, str]:
    """Score of a result, and the reason to refuse it whatever its score."""
    text = str(result.get("title") or "")
    rest = _without_title(forms, text)
    if refused := _refused(rest, result):
        return 0.0, refused
    title = _best_title(forms, text)
    if title is None:
        return 0.0, "it does not name the film"
    years = _years(forms, text)
    dated = _year_score(year, years, text)
    if dated is None:
        return 0.0, f"it is of {', '.join(map(str, sorted(years)))}"
    if title.foreign and not (year in years and title.score):
        return 0.0, f"it is of something else ({' '.join(title.foreign)})"
    score = title.score + 2.0 + dated + _duration_score(result.get("duration"))
    score += 0.5 if result.get("channel_is_verified") else 0.0
    score -= 1.0 if "/shorts/" in str(result.get("url") or "") else 0.0
    if dated <= 0:
        score += _undated_score(forms, rest, result, company)
    return score, ""


def _refused(rest: str, result: Mapping[str, Any]) -> str:
    """Why a result cannot be a trailer; ``rest`` is its title without the film's, which may be "The Game"."""
    if result.get("live_status"):
        return "it is a live stream or an announced video"
    seconds = result.get("duration")
    if seconds is not None and not SHORTEST <= seconds <= LONGEST:
        return f"it is {seconds:.0f} s long"
    for what, pattern in OTHER_THINGS.items():
        if found := pattern.search(rest):
            return f"it is {what} ({found.group().strip()!r})"
    return "" if TRAILER.search(rest) else "it does not say that it is a trailer"


def _without_title(forms: Sequence[tuple[str, ...]], text: str) -> str:
    """A result's title without the film's own, which may hold any word."""
    spans = [word.span() for word in re.finditer(r"[\w'’]+", text)]
    for form in sorted(forms, key=len, reverse=True):
        for number, (start, _) in enumerate(spans):
            for _, end in spans[number : number + 2 * len(form)]:
                if tuple(plain_title_words(text[start:end])) == form:
                    return f"{text[:start]} ~ {text[end:]}"
    return text


def _best_title(forms: Sequence[tuple[str, ...]], text: str) -> _Title | None:
    found = [title for form in forms if (title := _title_in(form, text))]
    return max(found, key=lambda title: (not title.foreign, title.score), default=None)


def _title_in(form: tuple[str, ...], text: str) -> _Title | None:
    """How a form of the title stands in a text: the best of its places."""
    segments = _segments(text)
    places = [
        _standing(segments, number, span, form)
        for number, (words, _) in enumerate(segments)
        for span in _spans(words, form)
    ]
    bare = form[1:] if len(form) > 2 and form[0] in ARTICLES else ()
    if not places and bare:  # "City of Lost Children" for "The City of Lost Children"
        loose = _title_in(bare, text)
        return _Title(loose.score - 0.5, loose.foreign) if loose else None
    if not places and (joined := _joined(form, segments)):
        return joined
    return max(places, key=lambda title: (not title.foreign, title.score), default=None)


def _spans(words: Sequence[str], form: tuple[str, ...]) -> list[tuple[int, int]]:
    """Runs of words that spell a title, written together or apart ("Golden Eye")."""
    wanted = "".join(form)
    return [
        (start, end)
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + len(form) + 2) + 1)
        if "".join(words[start:end]) == wanted
    ]


def _joined(form: tuple[str, ...], segments: Sequence[tuple[list[str], str]]) -> _Title | None:
    """A title that goes over a colon or a dash ("Mission: Impossible")."""
    words = [word for part, _ in segments for word in part]
    for start, end in _spans(words, form):
        near = [*_foreign(words[max(0, start - 1) : start]), *_foreign(words[end : end + 1])]
        return _Title(2.5, tuple(near))
    return None


def _segments(text: str) -> list[tuple[list[str], str]]:
    """Parts of a result's title, each with the mark that ends it."""
    segments, place = [], 0
    for mark in [*_BREAK.finditer(text), None]:
        end = mark.start() if mark else len(text)
        words = plain_title_words(text[place:end])
        if words:
            segments.append((words, mark.group().strip() if mark else ""))
        place = mark.end() if mark else end
    return segments


def _standing(
    segments: Sequence[tuple[list[str], str]], number: int, span: tuple[int, int], form: tuple[str, ...]
) -> _Title:
    words, mark = segments[number]
    before, after = words[: span[0]], words[span[1] :]
    if foreign := [*_leading(before, form), *_following(after)]:
        # With the film's very year beside it, a title of several words may be part of a longer one: "007 GoldenEye".
        is_sequel = bool(after) and after[0].isdigit() and not _YEAR.fullmatch(after[0])
        return _Title(1.5 if len(form) > 1 and not is_sequel else 0.0, tuple(foreign))
    score = 3.0 if tuple(words[span[0] : span[1]]) == form else 2.0  # written together or apart
    if _foreign(before):
        score -= 0.5  # whose film it is: "David Cronenberg's CRASH"
    if not after and number + 1 < len(segments) and (more := _subtitle(segments[number + 1][0])):
        if mark == ":":
            return _Title(0.0, tuple(more))
        if mark in ("-", "–", "—"):
            score -= 1.0
    return _Title(score, ())


def _leading(before: Sequence[str], form: tuple[str, ...]) -> list[str]:
    """Words before a title in its segment that make it another title."""
    if before and before[-1] in ARTICLES and form[0] not in ARTICLES:
        return [before[-1]]
    rest = _foreign(before)
    if not rest:
        return []
    whose = rest[-1].endswith("s") and len(rest) <= 3
    return [] if whose else rest


def _following(after: Sequence[str]) -> list[str]:
    """Words after a title in its segment that make it another title; what stands after "trailer" does not."""
    foreign = []
    for number, word in enumerate(after):
        if number == 0 and word.isdigit() and not _YEAR.fullmatch(word):
            return [word]  # a sequel
        if TRAILER.search(word) or _YEAR.fullmatch(word):
            break
        foreign += _foreign([word])
    return foreign


def _subtitle(words: Sequence[str]) -> list[str]:
    """Words of the next segment that may be the second half of another film's title."""
    if any(TRAILER.search(word) or _YEAR.fullmatch(word) for word in words):
        return []
    return _foreign(words)


def _foreign(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in PLAIN and not word.isdigit()]


def _years(forms: Sequence[tuple[str, ...]], text: str) -> set[int]:
    """Years that a result names, without a number that belongs to the title."""
    own = {word for form in forms for word in form}
    return {int(found) for found in _YEAR.findall(text) if found not in own}


def _year_score(year: int | None, years: set[int], text: str) -> float | None:
    """What the years speak for a result; None where they speak for another film.

    A film's year differs by one or two between its first showing and its release in another country.
    """
    if not years or year is None:
        return 0.0
    nearest = min(abs(year - other) for other in years)
    if nearest in _YEAR_SCORES:
        return _YEAR_SCORES[nearest]
    return 0.0 if RERELEASE.search(text) and min(years) > year else None


def _duration_score(seconds: float | None) -> float:
    if seconds is None:
        return -0.5
    return 1.0 if 45 <= seconds <= 240 else 0.0


def _undated_score(
    forms: Sequence[tuple[str, ...]], rest: str, result: Mapping[str, Any], company: _Company
) -> float:
    """What speaks for and against a result that does not name the film's year."""
    channel = str(result.get("channel") or "")
    is_kin = len(company.kin & set(plain_title_words(rest))) >= 2
    is_old = bool(RERELEASE.search(f"{rest} {channel}"))
    score = (1.0 if is_old else 0.0) + (2.0 if is_kin else 0.0)
    score -= 3.0 if SERVICES.search(f"{rest} | {channel}") else 0.0
    score -= 3.0 if company.older else 0.0
    score -= 3.0 if company.newer and not is_old else 0.0
    return score - (0.5 if min(len(form) for form in forms) == 1 else 0.0)


def _company(
    forms: Sequence[tuple[str, ...]], year: int | None, results: Sequence[Mapping[str, Any]]
) -> _Company:
    older = newer = False
    kin: set[str] = set()
    for result in results:
        text = str(result.get("title") or "")
        title = _best_title(forms, text)
        if title is None or title.foreign:
            continue
        years = _years(forms, text)
        if year in years:
            kin |= set(_foreign(plain_title_words(_without_title(forms, text))))
        elif OTHER_THINGS["a series"].search(_without_title(forms, text)):
            newer = True
        elif year and _year_score(year, years, text) is None:
            older |= min(years) < year
            newer |= max(years) > year
    return _Company(older, newer, frozenset(kin))
