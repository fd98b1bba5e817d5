"""What the measures share that ask a language model about each claim."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Reading
from trailerflow.llm.table import ask_table
from trailerflow.summaries.support.contract import (
    MODEL,
    NOTHING,
    TRANSCRIPTS,
    Beside,
    Score,
    Support,
    Surroundings,
)
from trailerflow.summaries.support.coverage import RareWordCoverage

RULE = "check_summaries"
PROMPT = "supported"


class Asked(Support):
    """A language model that reads the whole transcript and a claim; its prompt has {transcript} and {claim}.

    It names no window: shown is the one with most of the claim's rare words.
    """

    needs = frozenset({MODEL, TRANSCRIPTS})

    def __init__(self, surroundings: Surroundings) -> None:
        self.client = surroundings.model()
        self._prompt = surroundings.prompts[PROMPT]
        self._windows = RareWordCoverage(surroundings)
        self._usages: list[dict[str, Any]] = []

    def scores(self, films: Sequence[Beside]) -> list[list[Score]]:
        """Ask about every claim, film by film, so that a server reads a transcript once."""
        shown = self._windows.scores(films)
        places = [
            (number, place)
            for number, row in enumerate(shown)
            for place, score in enumerate(row)
            if score.window is not None
        ]
        questions = [
            render(
                self._prompt,
                {"transcript": films[number].spoken.text, "claim": films[number].claims[place]},
            )
            for number, place in places
        ]
        asked = ask_table(
            questions,
            self.ask,
            slots=self.client.model.slots,
            rule=RULE,
            unit="claims",
            groups=[number for number, _ in places],
        )
        self._usages += asked.usages
        for (number, place), reading in zip(places, asked.readings, strict=True):
            value = reading.value if reading else None
            shown[number][place] = NOTHING if value is None else Score(value, shown[number][place].window)
        return shown

    def usage(self) -> list[dict[str, Any]]:
        """What all answers cost."""
        return self._usages

    @abstractmethod
    def ask(self, messages: list[dict[str, str]]) -> Reading[float]:
        """Ask one question."""
