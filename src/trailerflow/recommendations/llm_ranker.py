"""Ranking by a language model: one yes/no question per user and film, and how likely it finds a yes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Form, Reading, UnreadableError, ask_form
from trailerflow.llm.table import ask_table
from trailerflow.llm.types import COST_COLUMNS, Asks, Request
from trailerflow.movies.titles import display_title
from trailerflow.recommendations import LIKED_RATING

HISTORY_FILMS = 10
"""Films of the user's history in a prompt: enough for a taste, few enough for a small model's speed."""

TOP_LOGPROBS = 20
"""Alternatives asked for at the first token: the most that OpenAI-compatible servers give."""

COLUMN_TYPES = {
    "ranker": str,
    "user": str,
    "movie": str,
    "score": float,
    "status": str,
    "reason": object,
    "earliest": object,
    **COST_COLUMNS,
}

LIKELIHOODS = range(11)
SCHEMA = {
    "type": "object",
    "properties": {"likelihood": {"type": "integer", "minimum": 0, "maximum": 10}},
    "required": ["likelihood"],
    "additionalProperties": False,
}
MAX_TOKENS = 24
"""An answer in this form takes about 8 tokens; the rest is room for white space."""


@dataclass(frozen=True)
class Question:
    """Whether one user would like one film.

    Attributes:
        user: Who is asked about.
        movie: The held-out film.
        variables: What the prompt file may use: history, title, genres, summary.
    """

    user: str
    movie: str
    variables: Mapping[str, str]


def rank_llm(
    client: Asks, questions: Sequence[Question], prompt: Path
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Ask a language model every question and score each film by how likely it finds a yes.

    A small model that is asked for an ordered list repeats the order it was shown; asked about one film at a
    time it cannot. Where the server gives log-probabilities, one token is generated, and the score is
    logP(yes) - logP(no) among the alternatives to it; elsewhere the model names a likelihood from 0 to 10.

    Args:
        client: The model.
        questions: User by user, so that the server can keep the part of the prompt that a user's films share.
        prompt: Prompt file with the variables of `Question`, which asks for the one or the other.

    Returns:
        One row per question (see `COLUMN_TYPES`), with a score where the status is ``ok`` and a reason where
        it is not; and the usage of every answer, for the account.

    Raises:
        TrailerflowError: The prompt file or the model's set-up is wrong.
    """
    ask = _ask_yes_no if client.model.log_probabilities else _ask_likelihood
    asked = ask_table(
        [render(prompt, question.variables) for question in questions],
        lambda messages: ask(client, messages),
        slots=client.model.slots,
        rule="rank_llm",
        unit="questions",
        groups=[question.user for question in questions],
    )
    rows = [
        {
            "ranker": client.model.name,
            "user": question.user,
            "movie": question.movie,
            "score": reading.value if reading else None,
        }
        | row
        for question, row, reading in zip(questions, asked.rows, asked.readings, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES), asked.usages


def _ask_yes_no(client: Asks, messages: list[dict[str, str]]) -> Reading[float]:
    """One token, and the score that its alternatives give."""
    answer = client.ask(Request(messages, max_tokens=1, top_logprobs=TOP_LOGPROBS))
    score, problem = None, None
    if not answer.top_logprobs:
        problem = "the server gives no log-probabilities of its tokens; set log_probabilities: false"
    elif (score := yes_no_score(answer.top_logprobs[0])) is None:
        problem = f"neither yes nor no is among the {len(answer.top_logprobs[0])} likeliest first tokens"
    return Reading(score, problem, problem, (answer,))


def _ask_likelihood(client: Asks, messages: list[dict[str, str]]) -> Reading[float]:
    """A likelihood from 0 to 10."""
    return ask_form(client, messages, FORM, MAX_TOKENS)


def read_likelihood(document: Any) -> int:
    """Read an answer that must keep to `SCHEMA`.

    Raises:
        UnreadableError: It is no object with the one key "likelihood", a whole number from 0 to 10.

    >>> read_likelihood({"likelihood": 7})
    7
    """
    if not isinstance(document, dict) or set(document) != {"likelihood"}:
        raise UnreadableError('the answer is no object with the one key "likelihood"')
    value = document["likelihood"]
    if isinstance(value, bool) or not isinstance(value, int) or value not in LIKELIHOODS:
        raise UnreadableError(f"the likelihood is {str(value)[:40]!r}, no whole number from 0 to 10")
    return value


FORM: Form[float] = Form(SCHEMA, read_likelihood)


def make_questions(
    train: pd.DataFrame,
    test: pd.DataFrame,
    users: pd.DataFrame,
    *,
    archive: pd.DataFrame,
    movies: pd.DataFrame,
    summaries: pd.DataFrame,
) -> list[Question]:
    """Make the questions about the held-out films of the users drawn for the language models.

    A history holds the newest training ratings that are not younger than the user's first held-out one: what
    came after it is not told.

    Args:
        train: Training ratings in order of time within a user: user, movie, rating, timestamp.
        test: Held-out ratings, the same columns.
        users: user, set; those of set "llm" are asked about.
        archive: Titles, years and genre flags of every rated film, for the histories.
        movies: The same of the films of this run, for the films asked about.
        summaries: movie, status and summary, by one model and prompt; those that are ``ok`` are shown.

    Returns:
        One question per held-out film, user by user in the order of ``users``.
    """
    drawn = users.loc[users["set"] == "llm", "user"]
    past = {str(user): rows for user, rows in train[train["user"].isin(drawn)].groupby("user", sort=False)}
    asked = {str(user): rows for user, rows in test[test["user"].isin(drawn)].groupby("user", sort=False)}
    candidates = _descriptions(movies)
    known = candidates | _descriptions(
        archive
    )  # the first id of a film of this run may be none of the archive's
    written = summaries[summaries["status"] == "ok"]
    texts = dict(zip(written["movie"], written["summary"], strict=True))
    questions = []
    for user in drawn:
        history = _history(past[user], asked[user]["timestamp"].min(), known)
        for movie in asked[user]["movie"]:
            title, genres = candidates[movie]
            variables = {
                "history": history,
                "title": title,
                "genres": genres,
                "summary": texts.get(movie, "not available"),
            }
            questions.append(Question(user, movie, variables))
    return questions


def yes_no_score(logprobs: Mapping[str, float]) -> float | None:
    """Log-odds of a yes against a no at one token.

    Every spelling counts ("Yes", " yes", "YES"): their probabilities are added. A side that is not among the
    alternatives is at most as likely as the least likely of them; it gets that log-probability less 1, so
    that it ranks below one that was just seen, whatever the tokenizer. A log-probability of minus infinity counts as
    not seen.

    Args:
        logprobs: Natural log-probability of each alternative.

    Returns:
        logP(yes) - logP(no), or None where neither is among the alternatives: the model did not answer.

    >>> round(yes_no_score({"Yes": -0.5, " yes": -2.0, "No": -1.5}), 3)
    1.201
    """
    seen = {token: logprob for token, logprob in logprobs.items() if math.isfinite(logprob)}
    sides: dict[str, list[float]] = {"yes": [], "no": []}
    for token, logprob in seen.items():
        letters = re.sub(r"[^a-z]", "", token.lower())
        if letters in sides:
            sides[letters].append(logprob)
    if not any(sides.values()):
        return None
    floor = min(seen.values()) - 1
    return _log_sum(sides["yes"] or [floor]) - _log_sum(sides["no"] or [floor])


def _log_sum(logprobs: Iterable[float]) -> float:
    values = list(logprobs)
    highest = max(values)
    return highest + math.log(sum(math.exp(value - highest) for value in values))


def _history(ratings: pd.DataFrame, until: int, known: Mapping[str, tuple[str, str]]) -> str:
    newest = ratings[ratings["timestamp"] <= until].tail(HISTORY_FILMS)
    lines = []
    for movie, rating in zip(newest["movie"], newest["rating"], strict=True):
        title, genres = known[movie]
        lines.append(f"- {title}, {genres}: {_opinion(rating)}")
    return "\n".join(lines)


def _opinion(rating: float) -> str:
    """A rating in words: half stars are kept as MovieLens gives them."""
    if rating >= LIKED_RATING:
        word = "liked"
    elif rating >= LIKED_RATING - 1:
        word = "so-so"
    else:
        word = "disliked"
    return f"{rating:g} of 5, {word}"


def _descriptions(movies: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Title with the year, and the genres, of each movie."""
    flags = movies[list(GENRES)].fillna(False).to_numpy(dtype=bool)
    described = {}
    for movie, title, year, row in zip(movies["movie"], movies["title"], movies["year"], flags, strict=True):
        genres = ", ".join(genre for genre, on in zip(GENRES, row, strict=True) if on)
        dated = display_title(title) if pd.isna(year) else f"{display_title(title)} ({year})"
        described[movie] = (dated, genres or "unknown")
    return described
