"""What the systems share that ask a language model about each film, whatever the question."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_bytes, write_json
from trailerflow.film_texts import TITLE
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films, Floats, Reads, Training
from trailerflow.genres.systems.contract import Surroundings, System, Told
from trailerflow.genres.texts import only_text
from trailerflow.llm.prompts import prompt_hash
from trailerflow.llm.types import COST_COLUMNS, Asks, usage_row
from trailerflow.movies.titles import display_title
from trailerflow.row_kinds import LANGUAGE_MODEL

RULE = "predict_genres"

TITLED, MASKED = "titled", "masked"
ARMS = (TITLED, MASKED)
"""Whether a model is told the title, or gets a text that is masked since it is not; see `reads_of`."""

NOT_TOLD = "not given"
"""What stands in a question for a title that is not told."""

COLUMN_TYPES = {
    "status": object,
    "reason": object,
    "earliest": object,
    "unreadable": object,
    "cut": "boolean",
    **COST_COLUMNS,
}
"""What is told of every film's answers: ``unreadable`` says why a first answer could not be read, ``cut`` whether the last
one was cut off."""

_SAVED = "language_model.json"


class LanguageModelSystem(System):
    """A language model that is asked about each film.

    Every answer is kept by its request: what was answered before a kill is not asked again, and a changed text costs one
    film's requests.

    Args:
        name: Its name in paths and tables.
        reads: A text, and the title where it is told.
        client: The model.
        prompt: Prompt file of the question.
        seed: Seed of whatever it draws.
    """

    family = LANGUAGE_MODEL
    learns = False

    def __init__(self, name: str, reads: Reads, client: Asks, prompt: Path, seed: int = 0) -> None:
        super().__init__(name, reads)
        self.client = client
        self.prompt = prompt
        self.seed = seed
        self._text = only_text(reads.texts)
        self._usages: list[dict[str, Any]] = []
        self._answers: list[pd.DataFrame] = []

    @classmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> Self:
        """Make it from the settings of its ``model`` and the path of its ``prompt``."""
        return cls(name, reads, surroundings.client(settings["model"]), Path(settings["prompt"]), seed)

    @property
    def asked_by(self) -> str:
        """Name of the prompt and, where the title is not told, of the arm, for the costs."""
        return self.prompt.stem if TITLE in self.reads.texts else f"{self.prompt.stem}, {MASKED}"

    def fit(self, train: Training, validation: Films) -> None:
        """Nothing is learnt: the model knows genres by their names."""

    @abstractmethod
    def questions(self, films: Films) -> list[list[dict[str, str]]]:
        """The messages of every question about some films, film by film."""

    def variables(self, films: Films) -> list[dict[str, str]]:
        """What a prompt may say of each film: genres, title and summary, which is the text."""
        titles = [NOT_TOLD] * len(films)
        if TITLE in self.reads.texts:
            titles = [display_title(title) for title in films.texts[TITLE]]
        return [
            {"genres": ", ".join(GENRES), "title": title, "summary": text}
            for title, text in zip(titles, films.texts[self._text], strict=True)
        ]

    def answered(self, rows: Sequence[Mapping[str, Any]], usages: Sequence[dict[str, Any]]) -> pd.DataFrame:
        """Keep what became of some films, for `told`.

        Args:
            rows: A film each, by `COLUMN_TYPES`.
            usages: `trailerflow.llm.types.Answer.usage` of every answer.

        Returns:
            The rows as a table.
        """
        table = pd.DataFrame(list(rows), columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
        self._usages += usages
        self._answers.append(table)
        return table

    def save(self, folder: Path) -> None:
        """Write the model's settings and the prompt; the model itself is not ours to keep."""
        write_bytes(folder / self.prompt.name, self.prompt.read_bytes())
        settings = {"model": self.client.model.answering, "prompt": self.prompt.name}
        write_json(folder / _SAVED, settings | self.learnt())

    @classmethod
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> Self:
        """Read what `save` wrote; the model is asked wherever its settings say."""
        try:
            saved = json.loads((folder / _SAVED).read_text(encoding="utf-8"))
            settings = saved | {"prompt": str(folder / Path(saved["prompt"]).name)}
            system = cls.from_settings(name, reads, settings, surroundings, 0)
            system.take(saved)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise TrailerflowError(
                f"{folder / _SAVED} cannot be read ({error}); save the system again."
            ) from None
        return system

    def learnt(self) -> dict[str, Any]:
        """What `save` keeps beside the settings, as JSON knows it."""
        return {}

    def take(self, saved: Mapping[str, Any]) -> None:
        """Take over what `learnt` gave."""

    def told(self) -> Told:
        """The model, what its answers cost, and how many could not be read."""
        answers = pd.concat(self._answers) if self._answers else pd.DataFrame(columns=list(COLUMN_TYPES))
        model = self.client.model
        return Told(
            packages=("pandas",),
            models=({"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(self.prompt)},),
            usage=(usage_row(model.name, self.asked_by, len(answers), self._usages),),
            notes=(reading_note(answers),),
        )


def reads_of(text: str, arm: str) -> Reads:
    """What a language model reads of a film: one text, and in the arm `TITLED` the title.

    Where the title is not read, texts are masked (`trailerflow.genres.job.gather`).
    """
    return Reads(texts=(TITLE, text) if arm == TITLED else (text,))


def no_scores(films: int) -> Floats:
    """Scores of films that nobody has answered for yet, shape (films, 18)."""
    return np.full((films, len(GENRES)), np.nan)


def reading_note(answers: pd.DataFrame) -> str:
    """Of how many films an answer could not be read, before and after the one repair, or was cut off.

    Args:
        answers: status, unreadable and cut of every film that was asked about.
    """
    before = answers["unreadable"].notna()
    after = before & (answers["status"] == "failed")
    return (
        f"Of {len(answers)} films, {before.sum()} had an answer that could not be read at once, {after.sum()} one that "
        f"could not be read after a repair, and {int(answers['cut'].sum())} one that was cut off."
    )
