"""What all language models share as rankers: their settings, their questions, and what is told of their answers."""

from __future__ import annotations

import argparse
import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.llm.client import BYTES_PER_TOKEN, TOKENS_PER_MESSAGE
from trailerflow.llm.prompts import prompt_hash, render
from trailerflow.llm.structured import Reading
from trailerflow.llm.table import ask_table
from trailerflow.llm.types import COST_COLUMNS, Asks, usage_row
from trailerflow.recommendations.questions import Question, Questions
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Scores, Side, add_settings
from trailerflow.recommendations.rankers.llm.orders import Order
from trailerflow.recommendations.rankers.llm.settings import DEFAULTS, LIMITS, side_tables
from trailerflow.recommendations.rankers.llm.told import Told, Words
from trailerflow.recommendations.rankers.reranking import reranked


@dataclass(frozen=True)
class Said:
    """What one answer says of the films that it was asked about.

    Attributes:
        scores: Shape (films,), in the order in which they were shown; higher is better.
        repaired: Whether the answer was incomplete or malformed, and was mended.
    """

    scores: Floats
    repaired: bool = False


@dataclass(frozen=True)
class Asked:
    """One request and what came of it.

    Attributes:
        shown: Places of the films among the candidates, in the order in which they were shown.
        row: Its status, reason and cost; see `trailerflow.llm.table.Asked`.
        reading: What the answer says; None where there was none.
    """

    shown: Order
    row: Mapping[str, Any]
    reading: Reading[Said] | None

    @property
    def said(self) -> Said | None:
        """What could be read of the answer."""
        return self.reading.value if self.reading else None


class LlmRanker(Ranker):
    """A language model that is asked about the films of each question.

    Every answer is kept by its request, so a job that was killed asks nothing again.

    Args:
        client: The model.
        prompt: Prompt file with the variables of `trailerflow.recommendations.rankers.llm.told.Told.variables`.
        settings: Its own settings; what is left out has its default.
    """

    side = side_tables(DEFAULTS)
    second_pass = False
    drawn_users_only = True
    keeps_parts = False
    tells = {  # noqa: RUF012
        "reason": object,
        "earliest": object,
        **COST_COLUMNS,
        "places": object,
        "order_scores": object,
        "repaired": "boolean",
    }
    defaults = DEFAULTS
    limits = LIMITS

    def __init__(self, client: Asks, prompt: Path, settings: Mapping[str, Any] | None = None) -> None:
        super().__init__(settings)
        self.client = client
        self.prompt = prompt
        self._usages: list[dict[str, Any]] = []
        self._movies: set[str] = set()
        self._cut = 0

    @classmethod
    def side_of(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the tables that the texts, genres and histories of these settings come from."""
        return side_tables({**cls.defaults, **settings})

    @classmethod
    def reads(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The ranker whose best films it ranks, where it reranks."""
        return tuple(filter(None, [settings.get("rerank")]))

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
    def asks_about(self, told: Told) -> list[Order]:
        """What one user's requests are about: places of films among the candidates, in the order in which they are shown."""

    @abstractmethod
    def most_tokens(self, films: int) -> int:
        """Longest answer to one request about so many films, in tokens."""

    @abstractmethod
    def ask(self, messages: list[dict[str, str]], films: int) -> Reading[Said]:
        """Send one request about so many films, and read the answer."""

    @abstractmethod
    def scored(self, question: Question, told: Told, asked: Sequence[Asked]) -> Scores:
        """The scores of one question by all that was asked about it."""

    def messages(self, told: Told, shown: Order) -> list[dict[str, str]]:
        """The words of one request."""
        return render(self.prompt, told.variables(shown))

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Nothing is learned: a question tells the history."""
        return reranked(_Asking(self, Words(side, self.settings)), self.settings, train, side)

    def fitting(self, told: Told) -> Told:
        """What can be told of a user within the model's context, with a shorter history where the whole is too long."""
        orders = self.asks_about(told)
        while told.history and self._longest(told, orders) > self.client.model.context:
            told = told.cut
            self._cut += 1
        return told

    def _longest(self, told: Told, orders: Sequence[Order]) -> int:
        """Tokens of the longest request and its answer, rather too many."""
        return max((self._size(told, shown) for shown in orders), default=0)

    def _size(self, told: Told, shown: Order) -> int:
        sent = sum(
            math.ceil(len(message["content"].encode()) / BYTES_PER_TOKEN) + TOKENS_PER_MESSAGE
            for message in self.messages(told, shown)
        )
        return sent + self.most_tokens(len(shown))

    def noted(self, usages: Sequence[dict[str, Any]], movies: Sequence[str]) -> None:
        """Keep what some answers cost, and which films they were about, for `about`."""
        self._usages += usages
        self._movies |= set(movies)

    def about(self) -> dict[str, Any]:
        """The model and its prompt, what the answers cost, and what of histories was left out."""
        model = self.client.model
        usage = usage_row(model.name, self.prompt.stem, len(self._movies), self._usages)
        return {
            "models": [{"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(self.prompt)}],
            "usage": [usage],
            "notes": [f"{self._cut} films of histories were left out, since the model's context had no room."]
            * bool(self._cut),
        }


class _Asking(Fitted):
    def __init__(self, ranker: LlmRanker, words: Words) -> None:
        self._ranker = ranker
        self._words = words

    def score(self, questions: Questions) -> Iterator[Scores]:
        """Ask all questions, user by user, so that a server can keep the part of the prompt that a user's requests share."""
        ranker = self._ranker
        told = [ranker.fitting(each) for each in self._words.of(questions)]
        about = [ranker.asks_about(each) for each in told]
        requests = [(each, shown) for each, orders in zip(told, about, strict=True) for shown in orders]
        asked = ask_table(
            requests,
            lambda request: ranker.ask(ranker.messages(*request), len(request[1])),
            client=ranker.client,
            rule="rank_films",
            unit="questions",
            groups=[each.user for each, _ in requests],
        )
        ranker.noted(asked.usages, [movie for each in told for movie in each.movies])
        whole = [
            Asked(shown, row, reading)
            for (_, shown), row, reading in zip(requests, asked.rows, asked.readings, strict=True)
        ]
        first = 0
        for question, each, orders in zip(questions, told, about, strict=True):
            yield ranker.scored(question, each, whole[first : first + len(orders)])
            first += len(orders)
