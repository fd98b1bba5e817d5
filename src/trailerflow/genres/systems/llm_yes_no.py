"""A language model that is asked of each genre whether it fits: yes or no, by their log-probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films
from trailerflow.genres.systems.contract import Prediction
from trailerflow.genres.systems.language_model import RULE, LanguageModelSystem, no_scores
from trailerflow.llm.first_token import NO_LOGPROBS
from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Reading
from trailerflow.llm.table import ask_table
from trailerflow.llm.types import COST_COLUMNS
from trailerflow.llm.yes_no import ask_yes_no

REPAIR = "Answer with one word, Yes or No."
"""What is said after an answer that is neither; it tells of the form alone."""


class YesNoSystem(LanguageModelSystem):
    """A language model that is asked one question a film and genre, and scored by logP(yes) - logP(no).

    After Zhuang et al., Beyond Yes and No: Improving Zero-Shot LLM Rankers, NAACL 2024. The questions about one film follow
    each other and differ in their last words, so that a server reads the film's text once. The prompt file has the variable
    ``{genre}`` beside those of the other ways.
    """

    kind = "llm_yes_no"

    def predict(self, films: Films) -> Prediction:
        """Ask about every film and genre. The scores are log-odds, without probabilities: they are to be calibrated.

        Raises:
            TrailerflowError: The model gives no log-probabilities, or the prompt file or its set-up is wrong.
        """
        asked = ask_table(
            self.questions(films),
            self._ask,
            client=self.client,
            rule=RULE,
            unit="questions",
            groups=[movie for movie in range(len(films)) for _ in GENRES],
        )
        scores = no_scores(len(films))
        rows = []
        for place in range(len(films)):
            own = slice(place * len(GENRES), (place + 1) * len(GENRES))
            rows.append(_of_film(asked.rows[own], asked.readings[own]))
            if rows[-1]["status"] == "ok":
                scores[place] = [reading.value for reading in asked.readings[own] if reading]
        return Prediction(scores, films=self.answered(rows, asked.usages))

    def questions(self, films: Films) -> list[list[dict[str, str]]]:
        """The questions about some films, film by film in the order of the genres."""
        return [
            render(self.prompt, variables | {"genre": genre})
            for variables in self.variables(films)
            for genre in GENRES
        ]

    def _ask(self, messages: list[dict[str, str]]) -> Reading[float]:
        first = ask_yes_no(self.client, messages)
        if first.problem == NO_LOGPROBS:
            raise TrailerflowError(
                f"Model {self.client.model.name} gives no log-probabilities of its tokens, which yes_no needs; "
                "remove yes_no from genres.language_models.ways, or ask another model."
            )
        if first.value is not None:
            return first
        repair = [
            {"role": "assistant", "content": first.answers[0].text},
            {"role": "user", "content": REPAIR},
        ]
        second = ask_yes_no(self.client, [*messages, *repair])
        return Reading(second.value, second.problem, first.problem, (*first.answers, *second.answers))


def _of_film(rows: Sequence[dict[str, Any]], readings: Sequence[Reading[float] | None]) -> dict[str, Any]:
    """What became of a film, by its 18 questions: the worst of them, and what they cost together.

    An answer of one token is always cut off, so that is not told.
    """
    worst = next((row for status in ("later", "failed") for row in rows if row["status"] == status), rows[0])
    first_problems = (reading.first_problem for reading in readings if reading)
    costs = {name: np.sum([row[name] for row in rows if name in row]) for name in COST_COLUMNS}
    return {
        **{name: worst.get(name) for name in ("status", "reason", "earliest")},
        "unreadable": next(filter(None, first_problems), None),
        "cut": False,
        **(costs if any(readings) else {}),
    }
