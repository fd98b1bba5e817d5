"""Genres of each film by one language model, which reads the title and its own summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Form, UnreadableError, ask_form
from trailerflow.llm.table import ask_table
from trailerflow.llm.types import COST_COLUMNS, Asks
from trailerflow.movies.titles import display_title

RULE = "predict_genres"
MOST_GENRES = 5
"""Most genres of one answer: of the 1,682 films of MovieLens-100K three have six."""

MAX_TOKENS = 96
"""Five genres in JSON take about 40 tokens; the rest is room for white space."""

SCHEMA = {
    "type": "object",
    "properties": {
        "genres": {
            "type": "array",
            "items": {"type": "string", "enum": list(GENRES)},
            "minItems": 1,
            "maxItems": MOST_GENRES,
        }
    },
    "required": ["genres"],
    "additionalProperties": False,
}

COLUMN_TYPES = {
    "movie": str,
    "status": str,
    "reason": object,
    "earliest": object,
    "genres": object,
    "unreadable": object,
    "cut": "boolean",
    **COST_COLUMNS,
}


def predict_genres(
    client: Asks, movies: pd.DataFrame, texts: pd.DataFrame, prompt: Path
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Ask a language model for the genres of every film that has a summary.

    One request per film, and one more where the answer cannot be read, all through the cache: what was answered
    before a kill is not asked again, and a changed summary costs one request.

    Args:
        client: The model.
        movies: movie and title, one row per film.
        texts: movie, status, reason and summary; a film whose status is not ``ok`` keeps it, and nothing is
            asked.
        prompt: Prompt file with the variables ``{genres}``, ``{title}`` and ``{summary}``.

    Returns:
        One row per film (see `COLUMN_TYPES`), with a list of genres, the likeliest first, where the status is
        ``ok`` and a reason where it is not; ``unreadable`` says why a first answer could not be read, ``cut`` whether
        the last one was cut off; and the usage of every answer, for the account.

    Raises:
        TrailerflowError: The prompt file or the model's set-up is wrong.
    """
    films = movies[["movie", "title"]].merge(texts, on="movie", how="left", validate="one_to_one")
    rows = films[["movie", "status", "reason"]].to_dict("records")
    to_ask = [number for number, row in enumerate(rows) if row["status"] == "ok"]
    asked = ask_table(
        [genre_messages(films["title"][number], films["summary"][number], prompt) for number in to_ask],
        lambda messages: ask_form(client, messages, FORM, MAX_TOKENS),
        slots=client.model.slots,
        rule=RULE,
        unit="movies",
    )
    for number, row, reading in zip(to_ask, asked.rows, asked.readings, strict=True):
        rows[number] |= row
        if reading:
            rows[number] |= {
                "genres": reading.value,
                "unreadable": reading.first_problem,
                "cut": reading.is_cut,
            }
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES), asked.usages


def reading_note(table: pd.DataFrame) -> str:
    """How many answers could not be read, before and after the one repair, and how many were cut off.

    Args:
        table: From `predict_genres`.
    """
    before = table["unreadable"].notna()
    after = before & (table["status"] == "failed")
    return (
        f"{before.sum()} first answers could not be read, {after.sum()} of them not after one repair either; "
        f"{int(table['cut'].sum())} were cut off."
    )


def read_genres(document: Any) -> list[str]:
    """Read an answer that must keep to `SCHEMA`; a genre that is named twice counts once.

    Args:
        document: The answer's JSON document.

    Returns:
        Genres in the order of the answer.

    Raises:
        UnreadableError: It is no object with the one key "genres", or names none of the genres, too many, or another one.

    >>> read_genres({"genres": ["War", "Drama", "War"]})
    ['War', 'Drama']
    """
    if not isinstance(document, dict) or set(document) != {"genres"}:
        raise UnreadableError('the answer is no object with the one key "genres"')
    named = document["genres"]
    if not isinstance(named, list) or not named:
        raise UnreadableError("the answer names no genre")
    for genre in named:
        if genre not in GENRES:
            raise UnreadableError(f"the answer names {str(genre)[:40]!r}, which is none of the genres")
    genres = list(dict.fromkeys(named))
    if len(genres) > MOST_GENRES:
        raise UnreadableError(f"the answer names {len(genres)} genres, more than {MOST_GENRES}")
    return genres


FORM = Form(SCHEMA, read_genres)


def genre_messages(title: str, summary: str, prompt: Path) -> list[dict[str, str]]:
    """The question about one film.

    Args:
        title: Title as in the catalogue.
        summary: The film's summary.
        prompt: Prompt file with the variables ``{genres}``, ``{title}`` and ``{summary}``.
    """
    return render(prompt, {"genres": ", ".join(GENRES), "title": display_title(title), "summary": summary})
