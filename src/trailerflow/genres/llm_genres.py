"""Genres of each film by one language model, which reads the title and its own summary."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.llm import Answer, Client, LaterError, RefusedError, Request
from trailerflow.llm.prompts import render
from trailerflow.progress import Progress
from trailerflow.text import display_title

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
    "prompt_tokens": "Int64",
    "completion_tokens": "Int64",
    "seconds": float,
    "cached": "boolean",
}


class UnreadableError(ValueError):
    """An answer that does not say which genres."""


def predict_genres(
    client: Client, movies: pd.DataFrame, texts: pd.DataFrame, prompt: Path
) -> tuple[pd.DataFrame, list[Answer]]:
    """Ask a language model for the genres of every film that has a summary.

    One request per film, all through the cache: what was answered before a kill is not asked again, and a
    changed summary costs one request.

    Args:
        client: The model.
        movies: movie and title, one row per film.
        texts: movie, status, reason and summary; a film whose status is not ``ok`` keeps it, and nothing is
            asked.
        prompt: Prompt file with the variables ``{genres}``, ``{title}`` and ``{summary}``.

    Returns:
        One row per film (see `COLUMN_TYPES`), with a list of genres, the likeliest first, where the status is
        ``ok`` and a reason where it is not; and the answers, for the account.

    Raises:
        TrailerflowError: The prompt file or the model's set-up is wrong.
    """
    films = movies[["movie", "title"]].merge(texts, on="movie", how="left", validate="one_to_one")
    rows = films[["movie", "status", "reason"]].to_dict("records")
    asked = [number for number, row in enumerate(rows) if row["status"] == "ok"]
    requests = [_request(films["title"][number], films["summary"][number], prompt) for number in asked]
    answers = []
    progress = Progress(RULE, len(requests), "movies")
    try:
        for position, answer in client.ask_many(requests):
            rows[asked[position]] |= _row(answer)
            if isinstance(answer, Answer):
                answers.append(answer)
            progress.advance()
    finally:
        progress.close()
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES), answers


def parse_genres(text: str) -> list[str]:
    """Read an answer that must keep to `SCHEMA`; a genre that is named twice counts once.

    Args:
        text: What the model wrote.

    Returns:
        Genres in the order of the answer.

    Raises:
        UnreadableError: It is no JSON object with the one key "genres", or names none of the genres, or
            another one.

    >>> parse_genres('{"genres": ["War", "Drama", "War"]}')
    ['War', 'Drama']
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("the answer is not JSON") from None
    if not isinstance(document, dict) or set(document) != {"genres"}:
        raise UnreadableError('the answer is no object with the one key "genres"')
    named = document["genres"]
    if not isinstance(named, list) or not named:
        raise UnreadableError("the answer names no genre")
    for genre in named:
        if genre not in GENRES:
            raise UnreadableError(f"the answer names {str(genre)[:40]!r}, which is none of the genres")
    return list(dict.fromkeys(named))


def _request(title: str, summary: str, prompt: Path) -> Request:
    variables = {"genres": ", ".join(GENRES), "title": display_title(title), "summary": summary}
    return Request(render(prompt, variables), max_tokens=MAX_TOKENS, schema=SCHEMA)


def _row(answer: Answer | LaterError | RefusedError) -> dict[str, object]:
    if isinstance(answer, LaterError):
        return {"status": "later", "reason": answer.reason, "earliest": answer.earliest}
    if isinstance(answer, RefusedError):
        return {"status": "failed", "reason": answer.reason}
    cost = {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
        "seconds": answer.seconds,
        "cached": answer.cached,
    }
    try:
        return cost | {"genres": parse_genres(answer.text)}
    except UnreadableError as error:
        cut = " and was cut off" if answer.finish_reason == "length" else ""
        return cost | {"status": "failed", "reason": f"{error}{cut}"}
