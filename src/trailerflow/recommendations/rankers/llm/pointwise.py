"""A language model that is asked about one film at a time."""

from __future__ import annotations

import argparse
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.llm.prompts import prompt_hash, render
from trailerflow.llm.structured import Reading
from trailerflow.llm.table import ask_table
from trailerflow.llm.types import COST_COLUMNS, Asks, usage_row
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Scores, Side, add_settings
from trailerflow.recommendations.rankers.llm.questions import SIDE, FilmQuestion, Texts


class Pointwise(Ranker):
    """One question per user and film, and a score by each answer.

    A small model that is asked for an ordered list repeats the order it was shown; asked about one film at a time it cannot.
    Every answer is kept by its request, so a job that was killed asks nothing again.

    Args:
        client: The model.
        prompt: Prompt file with the variables of `FilmQuestion`.
        settings: Its own settings.
    """

    side = SIDE
    drawn_users_only = True
    keeps_parts = False
    tells = {"reason": object, "earliest": object, **COST_COLUMNS}  # noqa: RUF012

    def __init__(self, client: Asks, prompt: Path, settings: Mapping[str, Any] | None = None) -> None:
        super().__init__(settings)
        self.client = client
        self.prompt = prompt
        self.usages: list[dict[str, Any]] = []
        self.movies: set[str] = set()

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """Add its settings, the model, the threads of its server among its arguments, and its prompt."""
        add_settings(parser)
        add_model_arguments(parser)
        parser.add_argument("--prompt", type=Path, required=True, help="prompt file of the question")

    @classmethod
    def from_arguments(cls, arguments: argparse.Namespace) -> Self:
        """The ranker that asks the model of a command line."""
        return cls(client_of(arguments), arguments.prompt, arguments.settings)

    @abstractmethod
    def ask(self, messages: list[dict[str, str]]) -> Reading[float]:
        """Ask about one film."""

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Nothing is learned: a question tells the history."""
        return _Asking(self, Texts(side))

    def about(self) -> dict[str, Any]:
        """The model and its prompt, and what the answers cost."""
        model = self.client.model
        usage = usage_row(model.name, self.prompt.stem, len(self.movies), self.usages)
        return {
            "models": [{"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(self.prompt)}],
            "usage": [usage],
        }


class _Asking(Fitted):
    def __init__(self, ranker: Pointwise, texts: Texts) -> None:
        self._ranker = ranker
        self._texts = texts

    def score(self, questions: Questions) -> Iterator[Scores]:
        """Ask all questions, user by user, so that a server can keep the part of the prompt that a user's films share."""
        by_user = list(self._texts.film_questions(questions))
        films: list[FilmQuestion] = [film for asked in by_user for film in asked]
        asked = ask_table(
            [render(self._ranker.prompt, film.variables) for film in films],
            self._ranker.ask,
            slots=self._ranker.client.model.slots,
            rule="rank_films",
            unit="questions",
            groups=[film.user for film in films],
        )
        self._ranker.usages += asked.usages
        self._ranker.movies |= {film.movie for film in films}
        first = 0
        for question, own in zip(questions, by_user, strict=True):
            rows = asked.rows[first : first + len(own)]
            readings = asked.readings[first : first + len(own)]
            first += len(own)
            scores = [
                np.nan if reading is None or reading.value is None else reading.value for reading in readings
            ]
            told = {name: [row.get(name) for row in rows] for name in ("status", *Pointwise.tells)}
            yield Scores(question.number, np.array(scores, dtype=float), told)
