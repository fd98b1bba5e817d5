"""Reference synopses: from the first of the configured sources that has one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.errors import LaterError
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome
from trailerflow.synopses.sources import from_source
from trailerflow.text import word_count
from trailerflow.web.access import WebAccess

if TYPE_CHECKING:
    from trailerflow.documents import Synopsis

RULE = "fetch_synopsis"


def fetch_synopsis(
    movie: Movie, sources: Sequence[str], *, web: WebAccess, table: Path | None
) -> Outcome[Synopsis]:
    """A movie's reference synopsis.

    Args:
        movie: With its id, and where a site may be asked with its title and year.
        sources: Names of `trailerflow.synopses.sources.SOURCES`, in the order in which they are asked.
        web: How the web is reached.
        table: The user's table of synopses, or None where none is configured.

    Returns:
        ``ok`` with ``text`` and ``words``, and in ``source`` where they are from; ``absent`` with each source's reason;
        or ``later`` where a source does not answer now.
    """
    reasons: list[str] = []
    answers: list[str] = []
    for name in sources:
        try:
            sought = from_source(name, movie, web, table)
        except LaterError as error:
            return Outcome.later(
                RULE, movie.id, error.reason, earliest=error.earliest, source=_with_answers({}, answers)
            )
        answers += sought.answers
        if sought.text is not None:
            data: Synopsis = {"text": sought.text, "words": word_count(sought.text)}
            return Outcome.ok(RULE, movie.id, data, source=_with_answers(sought.source, answers))
        reasons.append(sought.reason)
    return Outcome.absent(RULE, movie.id, *reasons, source=_with_answers({}, answers))


def _with_answers(source: dict[str, Any], answers: list[str]) -> dict[str, Any]:
    """Where data are from, with the files of the cache that they rest on."""
    return source | {"answers": answers} if answers else source
