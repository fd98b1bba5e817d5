"""The English Wikipedia: what a film's article tells of its story, and never the sentence that names its genre."""

from __future__ import annotations

import re
from typing import Any

from trailerflow.answers import KeptAnswer
from trailerflow.movies.movie import Movie
from trailerflow.movies.records import Record, pick_record
from trailerflow.synopses.sought import Sought, of_site
from trailerflow.text import sentences
from trailerflow.web.access import WebAccess
from trailerflow.web.api import ApiSite, get_json, no_answer
from trailerflow.web.parts import number_of, records_of, text_of

SITE = ApiSite(name="en.wikipedia.org", address="https://en.wikipedia.org", pause_seconds=1.0)
PATH = "/w/api.php"
RESULTS = 10  # of a search; TextExtracts gives at most 20 leads in one answer
MOST_LETTERS = 2_000_000
"""What is read of an article; the longest there may be has as many bytes, with its markup."""

STORY_SECTIONS = frozenset(
    {"plot", "plot summary", "plot synopsis", "synopsis", "summary", "story", "storyline", "premise"}
)

_QUERY = {"action": "query", "format": "json", "formatversion": "2"}
_OPERATORS = re.compile(r"[^\w\s'’.,&]")  # what the search takes for an operator: quotes, -, ~, *, :, ! …
_FILM_IN_BRACKETS = re.compile(r"(?P<title>.+) \((?P<inside>[^()]*\bfilm\b[^()]*)\)")
_FILM = re.compile(r"\bfilms?\b")
_YEAR = re.compile(r"\b[0-9]{4}\b")
_HEADING = re.compile(r"^(?P<level>={2,6})(?P<name>.+)(?P=level)[ \t]*$", re.MULTILINE)
_CUT_AT_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Dr|Jr|Mr|Mrs|Ms|Sr|St|vs)\.$")


def find_story(web: WebAccess, movie: Movie) -> Sought:
    """The story of a film as its article tells it: the section of the plot, else the lead without its definition.

    Args:
        web: Where answers and the pace are kept.
        movie: With its title, and its year where known.

    Raises:
        LaterError: Wikipedia does not answer now.
        TrailerflowError: Wikipedia refuses this program.
    """
    found, _ = _ask(web, _search(movie))
    answers = [str(found.path)]
    pages = sorted(_pages(found), key=lambda page: number_of(page.get("index")) or RESULTS)
    article = pick_record(movie, (record for page in pages if (record := _record(page, movie))))
    if article is None:
        return Sought(reason="Wikipedia has no article that is surely the film's", answers=answers)
    kept, cached = _ask(web, _article(article))
    answers.append(str(kept.path))
    page = next(iter(_pages(kept)), {})
    text = story(_extract(page))
    if not text:
        return Sought(reason="Wikipedia's article tells no story", answers=answers)
    revision = _revision(page)
    if revision is None:
        raise no_answer("Wikipedia", kept, "an article without its revision")
    title = text_of(page.get("title"))
    licence = (
        f"From the article “{title}” of Wikipedia, revision {revision}, by its authors, CC BY-SA 4.0: name them by "
        "the address of the revision, and share what is made of it alike."
    )
    address = f"{SITE.address}/w/index.php?oldid={revision}"
    return Sought(text, source=of_site("Wikipedia", address, licence, kept, cached), answers=answers)


def story(extract: str) -> str:
    """What an article tells of the story.

    Args:
        extract: The article in plain text, with headings ``== like this ==``.

    Returns:
        The section of the plot with its subsections, or where there is none, the lead without its definition (later
        sections tell of cast, making and reception); empty where that is all.
    """
    headings = list(_HEADING.finditer(extract))
    for place, heading in enumerate(headings):
        if heading["name"].strip().casefold() not in STORY_SECTIONS:
            continue
        later = (headings[number] for number in range(place + 1, len(headings)))
        ends = (other.start() for other in later if len(other["level"]) <= len(heading["level"]))
        end = next(ends, len(extract))
        if text := _paragraph(_HEADING.sub("", extract[heading.end() : end])):
            return text
    return _lead_parts(extract)[1]


def _search(movie: Movie) -> dict[str, str]:
    words = " ".join(_OPERATORS.sub(" ", movie.titles()[0]).split())
    return _QUERY | {
        "generator": "search",
        "gsrsearch": " ".join(filter(None, [words, str(movie.year or ""), "film"])),
        "gsrnamespace": "0",
        "gsrlimit": str(RESULTS),
        "prop": "extracts|pageprops",
        "ppprop": "disambiguation",
        "exintro": "1",
        "explaintext": "1",
        "exlimit": "max",
    }


def _article(number: int) -> dict[str, str]:
    return _QUERY | {
        "pageids": str(number),
        "prop": "extracts|revisions",
        "explaintext": "1",
        "exsectionformat": "wiki",
        "rvprop": "ids",
    }


def _ask(web: WebAccess, parameters: dict[str, str]) -> tuple[KeptAnswer, bool]:
    kept, cached = get_json(web, SITE, PATH, parameters)
    if kept.answer is None or "error" in kept.answer:
        error = (kept.answer or {}).get("error")
        raise no_answer("Wikipedia", kept, error.get("info") if isinstance(error, dict) else error)
    return kept, cached


def _pages(kept: KeptAnswer) -> list[dict[str, Any]]:
    """Pages of an answer; a search that finds nothing has no ``query`` at all."""
    query = kept.answer.get("query")
    return records_of(query.get("pages") if isinstance(query, dict) else None)


def _extract(page: dict[str, Any]) -> str:
    return text_of(page.get("extract"), MOST_LETTERS)


def _revision(page: dict[str, Any]) -> int | None:
    return number_of(next(iter(records_of(page.get("revisions"))), {}).get("revid"))


def _record(page: dict[str, Any], movie: Movie) -> Record[int] | None:
    """An article as a film, or None where it is no film's.

    Its year is the one in the title's brackets, else that of the lead's definition (of the whole lead where the
    definition names none) that is nearest to the film's: a title may look like a year as well.
    """
    definition, rest = _lead_parts(_extract(page))
    number, named = number_of(page.get("pageid")), text_of(page.get("title"))
    properties = page.get("pageprops")
    is_list = isinstance(properties, dict) and "disambiguation" in properties
    if is_list or number is None or not definition:
        return None
    bracketed = _FILM_IN_BRACKETS.fullmatch(named)
    years = (
        (_YEAR.findall(bracketed["inside"]) if bracketed else [])
        or _YEAR.findall(definition)
        or _YEAR.findall(rest)
    )
    year = min(map(int, years), key=lambda other: abs(other - (movie.year or other)), default=None)
    return Record(number, (bracketed["title"] if bracketed else named,), year)


def _lead_parts(extract: str) -> tuple[str, str]:
    """Definition and rest of an article's lead.

    The definition is all up to the end of the first sentence with the word "film" in it ("Mr. Holland's Opus is a
    1995 American drama film …"), which names the genre; it is empty where there is no such sentence, and so is the rest.
    """
    lead = _paragraph(_HEADING.split(extract, maxsplit=1)[0])
    parts = sentences(lead)
    for place, part in enumerate(parts):
        if _FILM.search(part):
            end = place + 1
            while end < len(parts) and _CUT_AT_ABBREVIATION.search(parts[end - 1]):
                end += 1
            return " ".join(parts[:end]), " ".join(parts[end:])
    return "", ""


def _paragraph(text: str) -> str:
    return " ".join(text.split())
