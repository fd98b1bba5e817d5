"""What a language model knows of a film by its title alone: the memorisation probe.

A model that was trained on the web may know the films that it is judged on. It is asked for the year of a film by its title,
and for its genres by title and year, without any text. Two rows to compare with: a constant answer, the most frequent one of
the films asked about, and the model's own answer to the title of another film. What it has right beyond these it knows by
the title: it remembers the film, or the title itself tells (as "Star Wars" does of its genres).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.references import CONSTANT_GENRES
from trailerflow.genres.systems.llm import FORM, MAX_TOKENS
from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Form, UnreadableError, ask_form
from trailerflow.llm.table import ask_table, usages_of
from trailerflow.llm.types import COST_COLUMNS, Asks, usage_row
from trailerflow.movies.titles import display_title
from trailerflow.row_kinds import CONSTANT, REFERENCE, SYSTEM
from trailerflow.statistics import bootstrap_interval

RULE = "probe_memory"
YEAR, KINDS = "year", "genres"
QUESTIONS = (YEAR, KINDS)
ANSWERS = {"right": "title alone", "constant": CONSTANT, "other_title": "another film's title"}
"""Column of the rows to what was answered."""

MEASURES = {YEAR: "share with the very year", KINDS: "mean F1 of a film's genres"}
YEARS = range(1880, 2101)

YEAR_SCHEMA = {
    "type": "object",
    "properties": {"year": {"type": "integer", "minimum": YEARS[0], "maximum": YEARS[-1]}},
    "required": ["year"],
    "additionalProperties": False,
}

ROW_TYPES = {
    "movie": str,
    "question": str,
    "status": object,
    "reason": object,
    "earliest": object,
    "unreadable": object,
    "answer": object,
    "truth": object,
    "right": float,
    "constant": float,
    "other_title": float,
    **COST_COLUMNS,
}
"""One row a film and question. ``right`` is 0 or 1 of a year, and the film's F1 of its genres; ``constant`` and
``other_title`` are the same of the two answers to compare with."""

SUMMARY_TYPES = {
    "model": str,
    "question": str,
    "measure": str,
    "answer": str,
    "row_kind": str,
    "value": float,
    "low": float,
    "high": float,
    "difference": float,
    "difference_low": float,
    "difference_high": float,
    "movies": "Int64",
    "left_out": "Int64",
}
"""One row a question and answer: the model's own, and the two to compare with. ``difference`` is what the model's own answer
has more right than this one, paired by film."""


def read_year(document: Any) -> list[str]:
    """Read an answer that must keep to `YEAR_SCHEMA`.

    Raises:
        UnreadableError: It is no object with the one key "year", or no year of a film.

    >>> read_year({"year": 1995})
    ['1995']
    """
    if not isinstance(document, dict) or set(document) != {"year"}:
        raise UnreadableError('the answer is no object with the one key "year"')
    year = document["year"]
    if isinstance(year, bool) or not isinstance(year, int) or year not in YEARS:
        raise UnreadableError(
            f"the year is {str(year)[:40]!r}, no whole number from {YEARS[0]} to {YEARS[-1]}"
        )
    return [str(year)]


FORMS: dict[str, Form[list[str]]] = {YEAR: Form(YEAR_SCHEMA, read_year), KINDS: FORM}
"""What an answer to each question looks like."""


def draw_films(movies: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """Films to ask about: with a year and genres, each film once, in the order of the catalogue.

    Args:
        movies: movie, title, year, duplicate_of and one bool column per genre.
        count: How many, or all where there are fewer.
        seed: Seed of the draw.
    """
    usable = movies[movies["year"].notna() & movies[list(GENRES)].any(axis=1) & movies["duplicate_of"].isna()]
    drawn = np.random.default_rng(seed).permutation(len(usable))[:count]
    return usable.iloc[np.sort(drawn)].reset_index(drop=True)


def title_variables(films: pd.DataFrame) -> list[dict[str, str]]:
    """What a question about a title may say: title, year and the genres to choose from, of each film."""
    return [
        {"title": display_title(title), "year": str(int(year)), "genres": ", ".join(GENRES)}
        for title, year in zip(films["title"], films["year"], strict=True)
    ]


def probe_memory(
    client: Asks, films: pd.DataFrame, prompts: Mapping[str, Path], seed: int
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Ask both questions about every film.

    Args:
        client: The model.
        films: From `draw_films`.
        prompts: Prompt file of each of `QUESTIONS`, with the variables ``{title}``, ``{year}`` and ``{genres}``.
        seed: Seed of the pairs of films.

    Returns:
        Rows by `ROW_TYPES`, question by question, and for each question `trailerflow.llm.types.usage_row`.
    """
    told, years = title_variables(films), films["year"].astype(int).astype(str)
    flags = films[list(GENRES)].to_numpy(dtype=bool)
    # Both questions in one go, so that no slot is empty between them.
    asked = ask_table(
        [(question, render(prompts[question], variables)) for question in QUESTIONS for variables in told],
        lambda asked: ask_form(client, asked[1], FORMS[asked[0]], MAX_TOKENS),
        client=client,
        rule=RULE,
        unit="questions",
    )
    truths = {
        YEAR: [{year} for year in years],
        KINDS: [{genre for genre, has in zip(GENRES, row, strict=True) if has} for row in flags],
    }
    usual = {YEAR: {*years.mode()[:1]}, KINDS: {*CONSTANT_GENRES}}
    tables, usages = [], []
    for place, question in enumerate(QUESTIONS):
        own = slice(place * len(told), (place + 1) * len(told))
        readings = asked.readings[own]
        said = [reading.value if reading else None for reading in readings]
        rows = pd.DataFrame(
            [
                dict(row) | {"unreadable": reading.first_problem if reading else None}
                for row, reading in zip(asked.rows[own], readings, strict=True)
            ]
        )
        judged = _judged(said, truths[question], usual[question], seed)
        tables.append(rows.assign(movie=list(films["movie"]), question=question, **judged))
        used = usages_of(readings)
        usages.append(usage_row(client.model.name, prompts[question].stem, len(films), used))
    return pd.concat(tables, ignore_index=True).reindex(columns=list(ROW_TYPES)).astype(ROW_TYPES), usages


def _judged(
    said: Sequence[list[str] | None], truths: Sequence[set[str]], usual: set[str], seed: int
) -> dict[str, list[Any]]:
    """The columns that say how right some answers are, each with n entries."""
    others = other_films(len(said), seed)
    return {
        "answer": [None if answer is None else "|".join(answer) for answer in said],
        "truth": ["|".join(sorted(truth)) for truth in truths],
        "right": [agreement(answer, truth) for answer, truth in zip(said, truths, strict=True)],
        "constant": [agreement(usual, truth) for truth in truths],
        "other_title": [agreement(said[other], truth) for other, truth in zip(others, truths, strict=True)],
    }


def agreement(said: Collection[str] | None, truth: Collection[str]) -> float:
    """F1 of an answer of one or several names; of one name against one it is 0 or 1. NaN without an answer.

    >>> agreement(["Drama", "War"], {"War"}), agreement(["1995"], {"1994"})
    (0.6666666666666666, 0.0)
    """
    return float("nan") if said is None else 2 * len({*said} & {*truth}) / (len(said) + len(truth))


def other_films(count: int, seed: int) -> list[int]:
    """For each of some films the place of another one, drawn so that each is taken once; a film alone has itself."""
    order = np.random.default_rng(seed).permutation(count)
    others = np.empty(count, dtype=int)
    others[order] = np.roll(order, 1)
    return others.tolist()


def summarise_probe(model: str, rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The mean of each question's answers with its interval, beside the two to compare with.

    Args:
        model: Name of the model.
        rows: From `probe_memory`.
        seed: Seed of the bootstrap.

    Returns:
        See `SUMMARY_TYPES`. Films that lack the answer, or the other film's, are left out of all rows of the question.
    """
    found = []
    for question, own in rows.groupby("question", sort=False):
        whole = own.dropna(subset=list(ANSWERS))
        for column, answer in ANSWERS.items():
            low, high = bootstrap_interval(whole[column], seed=seed)
            ahead = whole["right"] - whole[column]
            least, most = bootstrap_interval(ahead, seed=seed)
            is_own = column == "right"
            found.append(
                {
                    "model": model, "question": question, "measure": MEASURES[str(question)], "answer": answer,
                    "row_kind": SYSTEM if is_own else REFERENCE,
                    "value": whole[column].mean(), "low": low, "high": high,
                    "difference": None if is_own else ahead.mean(),
                    "difference_low": None if is_own else least,
                    "difference_high": None if is_own else most,
                    "movies": len(whole), "left_out": len(own) - len(whole),
                }
            )  # fmt: skip
    return pd.DataFrame(found, columns=list(SUMMARY_TYPES)).astype(SUMMARY_TYPES)
