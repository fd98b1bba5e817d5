"""A language model's reasons for a film, each a claim: those that the data do not hold are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from trailerflow.genre_names import GENRES
from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Form, UnreadableError, ask_form
from trailerflow.llm.types import Asks
from trailerflow.recommendations.recommending.claims import Claim, FromYear, SharedGenres, YouGave, held
from trailerflow.recommendations.recommending.facts import Facts
from trailerflow.recommendations.recommending.films import Film

SHOWN_FILMS = 5
"""Films that the user liked of which the model is told, the nearest ones."""

MOST_REASONS, MOST_GENRES = 4, 6
MAX_TOKENS = 256
"""Four reasons in JSON take about 150 tokens; the rest is room for white space."""

_KINDS = ("stars", "genres", "year")
_REASON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "reason": {"type": "string", "enum": list(_KINDS)},
        "number": {"type": "integer"},
        "genres": {
            "type": "array",
            "items": {"type": "string", "enum": list(GENRES)},
            "maxItems": MOST_GENRES,
        },
        "stars": {"type": "number"},
        "year": {"type": "integer"},
    },
    "required": ["reason", "number", "genres", "stars", "year"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {"reasons": {"type": "array", "items": _REASON, "maxItems": MOST_REASONS}},
    "required": ["reasons"],
    "additionalProperties": False,
}


class Words(NamedTuple):
    """What a model said of a film.

    Attributes:
        claims: What the data hold.
        left_out: How many claims they do not hold, or that are about no film of the question.
        problem: Why the answer could not be read, or None.
    """

    claims: list[Claim]
    left_out: int
    problem: str | None


def words_of(client: Asks, prompt: Path, movie: str, facts: Facts) -> Words:
    """Ask a language model why a user may like a film.

    Args:
        client: The way to the model.
        prompt: The prompt file, with ``{film}`` and ``{liked}``.
        movie: Id of the film.
        facts: Of the user.

    Raises:
        LaterError, RefusedError, TrailerflowError: As `trailerflow.llm.client.Client.ask`.
    """
    liked = facts.nearest_liked(movie, SHOWN_FILMS)
    rows = [
        f"{number}. {_told(facts.films[each])}; stars: {facts.own[each]:g}"
        for number, each in enumerate(liked, start=1)
    ]
    question = render(prompt, {"film": _told(facts.films[movie]), "liked": "\n".join(rows) or "none"})
    reading = ask_form(client, question, Form(SCHEMA, _parsed), MAX_TOKENS)
    if reading.value is None:
        return Words([], 0, reading.problem)
    said = [_claim(reason, movie, liked) for reason in reading.value]
    claims = held([claim for claim in said if claim is not None], facts)
    return Words(claims, sum(claim not in claims for claim in said), None)


def _told(film: Film) -> str:
    return f"{film.name}; genres: {', '.join(sorted(film.genres)) or 'not known'}"


def _parsed(document: Any) -> list[dict[str, Any]]:
    """The reasons of an answer, each with all its parts."""
    reasons = document.get("reasons") if isinstance(document, Mapping) else None
    if not isinstance(reasons, list) or len(reasons) > MOST_REASONS:
        raise UnreadableError(f"reasons is no list of {MOST_REASONS} at most")
    for reason in reasons:
        if not isinstance(reason, Mapping) or reason.get("reason") not in _KINDS:
            raise UnreadableError(f"a reason is none of {', '.join(_KINDS)}")
        if not all(_is_small(reason.get(name)) for name in ("number", "stars", "year")):
            raise UnreadableError("number, stars or year is no number of four digits at most")
        genres = reason.get("genres")
        if not isinstance(genres, list) or not all(genre in GENRES for genre in genres):
            raise UnreadableError("genres is no list of genres")
    return reasons


def _is_small(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 10_000  # no bool, and not NaN or infinite


def _claim(reason: Mapping[str, Any], movie: str, liked: Sequence[str]) -> Claim | None:
    """A reason as a claim; None where it is about no film of the question."""
    if reason["reason"] == "year":
        return FromYear(movie, int(reason["year"]))
    place = int(reason["number"]) - 1
    if not 0 <= place < len(liked):
        return None
    if reason["reason"] == "stars":
        return YouGave(liked[place], float(reason["stars"]))
    return SharedGenres(movie, liked[place], tuple(dict.fromkeys(reason["genres"])))
