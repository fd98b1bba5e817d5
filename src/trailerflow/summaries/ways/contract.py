"""What a way of asking for a summary is: it reads a transcript, asks a language model, and gives what came of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from trailerflow.llm.types import STOP, Answer, Asks, Request

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript
    from trailerflow.llm.structured import Reading

Prompts = Mapping[str, Path]
"""Prompt files by their names."""

NOTHING = "NOTHING"
"""What the prompts tell the model to answer where the transcript tells no story."""

TOKENS_PER_WORD = 1.5
"""English takes about 1.3; the rest is room for a summary that runs over."""


@dataclass(frozen=True)
class Told:
    """What a way is told of a movie.

    Attributes:
        title: The movie's title as in the catalogue.
        transcript: What is spoken in its trailer.
        words: Length of the summary aimed at.
    """

    title: str
    transcript: PreparedTranscript
    words: int


@dataclass(frozen=True)
class Written:
    """What came of asking.

    Attributes:
        answer: The answer whose text is the summary, or says that there is nothing to summarise.
        others: The other answers that it took, in the order in which they came: earlier steps, other samples, checks.
        problem: Why no summary could be made of the answers, or None.
    """

    answer: Answer
    others: tuple[Answer, ...] = ()
    problem: str | None = None

    @classmethod
    def of(cls, reading: Reading[Any], text: str) -> Self:
        """A summary that was put together from a form; where that could not be read, why.

        Args:
            reading: What came of the form.
            text: The summary.
        """
        *others, last = reading.answers
        return cls(replace(last, text=text, finish_reason=STOP), tuple(others), reading.problem)


class Way(ABC):
    """One way of asking for a summary.

    Attributes:
        name: What it is called in the configuration, in paths and in the tables' column ``prompt``.
        prompts: Names of the prompt files that it asks with.
        folders: Folders of those that are not among the summaries' prompts, by their names.
    """

    prompts: tuple[str, ...]
    folders: ClassVar[Mapping[str, str]] = {}

    def __init__(self, name: str) -> None:
        self.name = name

    def prompt_places(self) -> list[str]:
        """Folder and name of each prompt file, such as ``summaries/short``."""
        return [f"{self.folders.get(name, 'summaries')}/{name}" for name in self.prompts]

    @abstractmethod
    def requests(self, told: Told, prompts: Prompts) -> list[Request]:
        """What it asks about a movie, as far as it can be told before any answer: costs are estimated by it.

        Where a request is made of an answer, one of the same size stands for it.

        Args:
            told: What there is to read.
            prompts: Its prompt files.

        Raises:
            TrailerflowError: A prompt file is missing or not sound.
        """

    @abstractmethod
    def write(self, told: Told, prompts: Prompts, client: Asks) -> Written:
        """Ask for the summary.

        Every answer is kept by its request, so that a way that was killed, or is told to come later, goes on where it was.

        Args:
            told: What there is to read.
            prompts: Its prompt files.
            client: The way to the model.

        Raises:
            LaterError, RefusedError: There is no answer to one of its requests.
            TrailerflowError: A prompt file is missing or not sound.
        """
