"""What the measures share that ask a language model about each claim."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from trailerflow.errors import LaterError
from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Reading
from trailerflow.llm.table import ask_table
from trailerflow.llm.types import Answer
from trailerflow.summaries.support.contract import MODEL, NOTHING, Beside, Score, Support, Surroundings
from trailerflow.summaries.support.windows import likest_windows

RULE = "check_summaries"
PROMPT = "supported"


class Asked(Support):
    """A language model that reads the whole transcript and a claim; its prompt has {transcript} and {claim}.

    It names no window: shown is the one with most of the claim's words.
    """

    needs = frozenset({MODEL})

    def __init__(self, surroundings: Surroundings) -> None:
        self.client = surroundings.model()
        self._prompt = surroundings.prompts[PROMPT]
        self._answers: list[Answer] = []
        self._later: LaterError | None = None

    def scores(self, films: Sequence[Beside]) -> list[list[Score]]:
        """Ask about every claim, film by film, so that a server reads a transcript once."""
        shown = [likest_windows(film.claims, film.spoken) for film in films]
        places = [
            (number, place, window)
            for number, row in enumerate(shown)
            for place, window in enumerate(row)
            if window is not None
        ]
        questions = [
            render(
                self._prompt,
                {"transcript": films[number].spoken.text, "claim": films[number].claims[place]},
            )
            for number, place, _ in places
        ]
        asked = ask_table(
            questions,
            self.ask,
            client=self.client,
            rule=RULE,
            unit="claims",
            groups=[number for number, *_ in places],
        )
        self._answers += [answer for reading in asked.readings if reading for answer in reading.answers]
        for row in asked.rows:
            if row["status"] == "later":
                self._later = LaterError(row["reason"], row["earliest"])
        found = [[NOTHING for _ in film.claims] for film in films]
        for (number, place, window), reading in zip(places, asked.readings, strict=True):
            if reading and reading.value is not None:
                found[number][place] = Score(reading.value, window)
        return found

    def answers(self) -> Sequence[Answer]:
        """All answers."""
        return self._answers

    def later(self) -> LaterError | None:
        """The last question that is for later."""
        return self._later

    @abstractmethod
    def ask(self, messages: list[dict[str, str]]) -> Reading[float]:
        """Ask one question."""
