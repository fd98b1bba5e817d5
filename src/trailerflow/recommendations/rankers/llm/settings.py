"""Settings that all language models share as rankers, their defaults and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trailerflow.own_settings import Limit
from trailerflow.recommendations.rankers import reranking

SUMMARY, SYNOPSIS = "summary", "synopsis"
CATALOGUE, PREDICTED = "catalogue", "predicted"
RECENCY, RATING, SIMILARITY = "recency", "rating", "similarity"
NONE = "none"

DEFAULTS: Mapping[str, Any] = {
    "titled": True,
    "text": SUMMARY,
    "genres": CATALOGUE,
    "history": 10,
    "history_by": RECENCY,
    "seed": 0,
    **reranking.DEFAULTS,
}
"""Whether titles are told; which text of a film and which genres; how many films of the history, and which: the newest,
the best rated, or those that are most alike to the films asked about; the seed of the orders in which films are shown;
whose best films are ranked, and how many.

Ten films are enough for a taste, and few enough for a small model's speed.
"""

LIMITS: Mapping[str, Limit] = {
    "text": (SUMMARY, SYNOPSIS, NONE),
    "genres": (CATALOGUE, PREDICTED, NONE),
    "history": (0, 500),
    "history_by": (RECENCY, RATING, SIMILARITY),
    "seed": (0, 2**31 - 1),
    **reranking.LIMITS,
}

ORDERS_LIMITS: Mapping[str, Limit] = {**LIMITS, "orders": (1, 50)}
"""Limits of a ranker that has the setting ``orders``: how many shuffled orders films are shown in."""

_TEXT_TABLES = {SUMMARY: ("summaries",), SYNOPSIS: ("synopses",), NONE: ()}
_GENRE_TABLES = {CATALOGUE: (), PREDICTED: ("predicted_genres",), NONE: ()}


def side_tables(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the tables beside the ratings that a ranker of these settings reads.

    ``archive`` and ``movies``: titles, years and genre flags of every rated film, and of the films of this run.
    ``summaries``: movie, status, summary. ``synopses``: movie, status, text. ``predicted_genres``: movie and a bool column
    for each genre. ``vectors``: movie, vector, for a history by similarity; where it has no film, genres count.

    Args:
        settings: With all defaults.
    """
    vectors = ("vectors",) if settings["history_by"] == SIMILARITY else ()
    return (
        "archive",
        "movies",
        *_TEXT_TABLES[settings["text"]],
        *_GENRE_TABLES[settings["genres"]],
        *vectors,
    )
