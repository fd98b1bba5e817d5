"""The texts of a film by name: its transcript, its synopsis, or a model's summary by a prompt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from trailerflow.errors import TrailerflowError

TITLE = "title"
"""Name of the text that every film has."""

OWN = "own"
"""Stands in a text's name for the language model that reads it: each reads its own summaries."""

Kind = Literal["transcript", "synopsis", "summary"]

_RULES: dict[Kind, tuple[str, str]] = {
    "transcript": ("prepare_transcript", "text"),
    "synopsis": ("fetch_synopsis", "text"),
    "summary": ("summarise_movie", "summary"),
}
"""Kind of a text to the rule that makes it, and its name in the data of that rule's outcomes."""

FORMS = "transcript, synopsis, summary/<model>/<prompt>"
"""How a text may be named, for people."""


@dataclass(frozen=True)
class Text:
    """One text of every film.

    Attributes:
        kind: What it is.
        model: For a summary: who wrote it.
        prompt: For a summary: how it was asked for.
    """

    kind: Kind
    model: str = ""
    prompt: str = ""

    @classmethod
    def from_name(cls, name: str) -> Text:
        """Read a name.

        Raises:
            TrailerflowError: It is none of `FORMS`.

        >>> Text.from_name("summary/qwen/zero_shot")
        Text(kind='summary', model='qwen', prompt='zero_shot')
        """
        kind, *more = name.split("/")
        if kind not in _RULES or len(more) != 2 * (kind == "summary") or not all(more):
            raise TrailerflowError(f"{name!r} is no text of a film; choose one of {FORMS}.")
        return cls(kind, *more)

    @property
    def name(self) -> str:
        """The name that it was read from."""
        return "/".join(filter(None, (self.kind, self.model, self.prompt)))

    @property
    def rule(self) -> str:
        """Name of the rule whose outcome documents hold it."""
        return _RULES[self.kind][0]

    @property
    def column(self) -> str:
        """Its name in the data of these documents."""
        return _RULES[self.kind][1]

    def read_by(self, model: str) -> Text:
        """The text that a language model reads: `OWN` becomes its name."""
        return replace(self, model=model) if self.model == OWN else self

    def holds(self, path: PurePath) -> bool:
        """Whether an outcome document is of this text, by its folder.

        >>> Text.from_name("summary/qwen/zero_shot").holds(PurePath("results/summarise_movie/qwen/zero_shot/1.json"))
        True
        """
        folders = tuple(filter(None, (self.rule, self.model, self.prompt)))
        return path.parts[-1 - len(folders) : -1] == folders
