"""A user's question to a language model, and models whose answers follow from what they are shown."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from trailerflow.llm.types import Answer, Request
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Ranker, Scores, Side
from unit.recommendations.frames import coded_ratings, movie_table
from unit.scripted_model import said

PROMPTS = Path(__file__).parents[5] / "resources/prompts/recommendations"
FILMS = [f"f{number}" for number in range(5)]
TRAIN = coded_ratings([("u", "seen", 4, 1)], FILMS)
SIDE: Side = {
    "archive": movie_table([("seen", "A Film", 1980, ["War"])]),
    "movies": movie_table([(film, f"Number {film}", 1990, ["Drama"]) for film in FILMS]),
    "summaries": pd.DataFrame({"movie": FILMS, "status": "ok", "summary": "Braces {title} stay."}),
}
_SHOWN = re.compile(r"^([A-T]): (.*)$", re.MULTILINE)


def scored(ranker: Ranker, films: list[str], side: Side = SIDE) -> Scores:
    """What a ranker says of some films to the user u."""
    questions = Questions(
        pd.DataFrame({"user": ["u"], "timestamp": [9], "rule": "listed"}),
        pd.DataFrame({"user": "u", "movie": films}, columns=["user", "movie"]),
        TRAIN,
    )
    (scores,) = ranker.fit(TRAIN, TRAIN.head(0), side).score(questions)
    return scores


def shown(request: Request) -> dict[str, str]:
    """The films of a list by their letters."""
    return dict(_SHOWN.findall(request.messages[-1]["content"]))


def letters(logprobs: Mapping[str, float]) -> Answer:
    """An answer of one token with these alternatives."""
    return Answer(
        max(logprobs, key=lambda letter: logprobs[letter]), "length", 90, 1, 0.5, False, [dict(logprobs)]
    )


class Taste:
    """A language model that finds a film as good as a function of its words says, wherever it is shown.

    Attributes:
        asked: The requests so far.
    """

    def __init__(
        self, good: Callable[[str], float], *, log_probabilities: bool = True, context: int = 4096
    ) -> None:
        self.model: Any = SimpleNamespace(
            name="taste", slots=2, workers=2, hash="abc", log_probabilities=log_probabilities, context=context
        )
        self.asked: list[Request] = []
        self._good = good

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request: Request) -> Answer:
        """A yes, a likelihood, a letter or an order, as it is asked for."""
        self.asked.append(request)
        films = {letter: self._good(film) for letter, film in shown(request).items()}
        properties = (request.schema or {}).get("properties", {})
        if "order" in properties:
            return said(json.dumps({"order": sorted(films, key=lambda letter: -films[letter])}))
        if "likelihood" in properties:
            return said(json.dumps({"likelihood": round(10 * self._good(request.messages[-1]["content"]))}))
        if films and request.top_logprobs:
            return letters({letter: good - 1 for letter, good in films.items()})
        if films:
            return said(f" {max(films, key=lambda letter: films[letter])}.")
        return letters({"Yes": self._good(request.messages[-1]["content"]) - 1, "No": -1.0})


def by_hash(words: str) -> float:
    """From 0 to 1, by the words alone."""
    return hashlib.sha256(words.encode()).digest()[0] / 255
