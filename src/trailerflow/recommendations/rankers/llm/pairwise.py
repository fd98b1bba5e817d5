"""The ranker ``pairwise``: each pair of films in both orders, and how many others a film wins against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from trailerflow.llm.structured import Reading
from trailerflow.llm.types import Asks
from trailerflow.recommendations.questions import Question
from trailerflow.recommendations.rankers.contract import Floats, Scores
from trailerflow.recommendations.rankers.llm.letters import MAX_TOKENS, ask_letter
from trailerflow.recommendations.rankers.llm.lists import OfLists
from trailerflow.recommendations.rankers.llm.orders import Order
from trailerflow.recommendations.rankers.llm.ranker import Asked, Said
from trailerflow.recommendations.rankers.llm.told import Told


class Pairwise(OfLists):
    """A film wins a pair where the model prefers it over both orders together; else each of the two has half a win.

    What counts are the log-probabilities of the letters, so that a liking for the first film cancels out. A model that tells
    none must prefer the film in both orders. The score is the number of wins (Copeland). The films are shown in a shuffled
    order and in its reverse. Three films that win against each other in a circle are counted.
    """

    source = "Qin et al., Large Language Models are Effective Text Rankers with Pairwise Ranking Prompting, NAACL 2024"

    def __init__(self, client: Asks, prompt: Path, settings: Mapping[str, Any] | None = None) -> None:
        super().__init__(client, prompt, settings)
        self._triples = np.zeros(3, dtype=int)

    def orders(self, told: Told) -> list[Order]:
        """One shuffle and its reverse."""
        return [each for order in self.shuffled(told, 1) for each in (order, order[::-1])]

    def asks_about(self, told: Told) -> list[Order]:
        """Each pair, as the two orders show it."""
        return [list(pair) for order in self.orders(told) for pair in combinations(order, 2)]

    def most_tokens(self, films: int) -> int:
        """Room for a letter."""
        return MAX_TOKENS

    def ask(self, messages: list[dict[str, str]], films: int) -> Reading[Said]:
        """One of two letters."""
        return ask_letter(self.client, messages, films)

    def of_orders(self, asked: Sequence[Asked], orders: Sequence[Order]) -> Floats:
        """The wins in each order; a pair that could not be read is half a win for both."""
        margins = _margins(asked, len(orders[0]))
        unread = np.isnan(margins).all(axis=(0, 1)) & (len(margins) > 1)
        return np.where(unread, np.nan, _wins(margins))

    def together(self, scores: Floats, asked: Sequence[Asked]) -> Floats:
        """The wins over both orders."""
        return _wins(_margins(asked, len(scores)).sum(axis=2))

    def scored(self, question: Question, told: Told, asked: Sequence[Asked]) -> Scores:
        """The films' scores, after their triples are counted."""
        if asked:
            self._triples += triples(_margins(asked, len(told.movies)).sum(axis=2))
        return super().scored(question, told, asked)

    def about(self) -> dict[str, Any]:
        """What every language model tells, and the counts of triples."""
        about = super().about()
        whole, circles, tied = self._triples.tolist()
        note = f"Of {whole} triples of films {circles} are intransitive, and {tied} have a pair that neither film wins."
        return about | {"notes": [*about["notes"], note]}


def triples(margins: Floats) -> tuple[int, int, int]:
    """Triples of films: all, those that win in a circle, and those with a pair that nobody wins.

    Args:
        margins: How far a film (row) is preferred to another (column), shape (films, films); NaN where it is not known.
    """
    all_of_them = list(combinations(range(len(margins)), 3))
    circles = tied = 0
    for one, two, three in all_of_them:
        signs = [np.sign(np.nan_to_num(margins[pair])) for pair in ((one, two), (two, three), (three, one))]
        circles += abs(sum(signs)) == len(signs)
        tied += 0 in signs
    return len(all_of_them), circles, tied


def _margins(asked: Sequence[Asked], films: int) -> Floats:
    """How far a film (row) is preferred to another (column) in each of the two orders, shape (films, films, 2).

    NaN where the answer could not be read, and on the diagonal.
    """
    margins = np.full((films, films, 2), np.nan)
    for number, one in enumerate(asked):
        if one.said is not None:
            first, second = one.shown
            order = int(number >= len(asked) // 2)
            margin = one.said.scores[0] - one.said.scores[1]
            margins[first, second, order], margins[second, first, order] = margin, -margin
    return margins


def _wins(margins: Floats) -> Floats:
    """Wins of each film (row): 1 for a margin above 0, half for none or one that is not known; shape (films, …)."""
    halves: Floats = (np.sign(np.nan_to_num(margins)) + 1) / 2
    wins: Floats = halves.sum(axis=1) - 0.5  # the diagonal
    return wins
