"""A language model that is asked about several films at a time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from trailerflow.llm.types import COST_COLUMNS
from trailerflow.recommendations.questions import Question
from trailerflow.recommendations.rankers.contract import Floats, Scores
from trailerflow.recommendations.rankers.llm.orders import Order, places_of, shuffles
from trailerflow.recommendations.rankers.llm.ranker import Asked, LlmRanker
from trailerflow.recommendations.rankers.llm.told import LABELS, Told

MOST_FILMS = len(LABELS)

TOO_MANY = "a language model orders {most} films at most, and these are {films}; let it rank the best ones of another ranker"
FALLBACK = "ranked in the order of the seeded shuffle, since no answer could be read: {problem}"


class OfLists(LlmRanker):
    """The model is asked about several of a user's films at a time, and its answers are put together.

    The orders in which films are shown are shuffled by the seed and the user. Where no answer about a user can be read, the
    films have the first of these orders, and ``reason`` says so.
    """

    @abstractmethod
    def orders(self, told: Told) -> list[Order]:
        """The orders in which a user's films are shown."""

    @abstractmethod
    def of_orders(self, asked: Sequence[Asked], orders: Sequence[Order]) -> Floats:
        """What each order alone gives each film: shape (films, orders), NaN where it could not be read."""

    @abstractmethod
    def together(self, scores: Floats, asked: Sequence[Asked]) -> Floats:
        """The films' scores.

        Args:
            scores: Those of each order that was read, shape (films, orders).
            asked: All that was asked about the user.
        """

    def shuffled(self, told: Told, count: int) -> list[Order]:
        """Shuffled orders of a user's films; none where there are too many films, or none."""
        if not 0 < len(told.movies) <= MOST_FILMS:
            return []
        return shuffles(told.movies, told.user, self.settings["seed"], count)

    def scored(self, question: Question, told: Told, asked: Sequence[Asked]) -> Scores:
        """The films' scores; all films have one status."""
        films = len(told.movies)
        orders = self.orders(told)
        by_order = self.of_orders(asked, orders) if orders else np.empty((films, 0))
        read = ~np.isnan(by_order).any(axis=0)
        scores = self.together(by_order[:, read], asked) if read.any() else np.full(films, np.nan)
        status, reason, earliest = _outcome(films, asked)
        if status == "ok" and films and not read.any():
            scores, reason = _as_shown(orders[0]), FALLBACK.format(problem=reason)
        elif status == "ok":
            reason = None
        else:
            scores = np.full(films, np.nan)
        same = {"status": status, "reason": reason, "earliest": earliest, "repaired": _is_repaired(asked)}
        told_of_films = {
            **{name: [value] * films for name, value in same.items()},
            **{name: _shares(asked, name, films) for name in COST_COLUMNS},
            "places": places_of(orders, films),
            "order_scores": by_order.tolist(),
        }
        return Scores(question.number, scores, told_of_films)


class AllAtOnce(OfLists):
    """The model is shown all films of a question at once, in one or more shuffled orders.

    The setting ``orders`` says how many; without it there is one.
    """

    def orders(self, told: Told) -> list[Order]:
        """As many shuffles as the settings say."""
        return self.shuffled(told, self.settings.get("orders", 1))

    def asks_about(self, told: Told) -> list[Order]:
        """All films, once in each order."""
        return self.orders(told)

    def of_orders(self, asked: Sequence[Asked], orders: Sequence[Order]) -> Floats:
        """What each answer says."""
        found = np.full((len(orders[0]), len(orders)), np.nan)
        for number, one in enumerate(asked):
            if one.said is not None:
                found[one.shown, number] = one.said.scores
        return found


def _outcome(films: int, asked: Sequence[Asked]) -> tuple[str, str | None, str | None]:
    """Status, reason and time of a user's films by those of the requests."""
    if films > MOST_FILMS:
        return "failed", TOO_MANY.format(most=MOST_FILMS, films=films), None
    for one in asked:
        if one.row["status"] == "later":
            return "later", one.row["reason"], one.row["earliest"]
    problems = [one.row["reason"] for one in asked if one.row.get("reason")]
    answered = not asked or any(one.reading is not None for one in asked)
    return "ok" if answered else "failed", problems[0] if problems else None, None


def _is_repaired(asked: Sequence[Asked]) -> bool:
    """Whether an answer could not be read at once, or was mended."""
    read = [one.reading for one in asked if one.reading is not None]
    return any(
        one.first_problem is not None or (one.value is not None and one.value.repaired) for one in read
    )


def _as_shown(order: Order) -> Floats:
    """Scores that put films into the order in which they were shown."""
    scores = np.empty(len(order))
    scores[order] = -np.arange(len(order))
    return scores


def _shares(asked: Sequence[Asked], name: str, films: int) -> list[Any]:
    """What a user's answers cost, shared among its films so that the films' sum is that of the answers."""
    costs = [one.row[name] for one in asked if one.row.get(name) is not None]
    if not costs:
        return [None] * films
    whole = sum(costs)
    if isinstance(whole, float):
        return [whole / films] * films
    return [whole * (place + 1) // films - whole * place // films for place in range(films)]
