"""A language model that is asked for the genres of each film: zero-shot, from the title and one text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_bytes, write_json
from trailerflow.film_texts import TITLE
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films, Floats, Reads, Training
from trailerflow.genres.systems.contract import Prediction, Surroundings, System, Told
from trailerflow.genres.texts import only_text
from trailerflow.llm.prompts import prompt_hash, render
from trailerflow.llm.structured import Form, UnreadableError, ask_form
from trailerflow.llm.table import ask_table
from trailerflow.llm.types import COST_COLUMNS, Asks, usage_row
from trailerflow.movies.titles import display_title
from trailerflow.row_kinds import LANGUAGE_MODEL

RULE = "predict_genres"
MOST_GENRES = 5
"""Most genres of one answer: of the 1,682 films of MovieLens-100K three have six."""

MAX_TOKENS = 96
"""Five genres in JSON take about 40 tokens; the rest is room for white space."""

SCHEMA = {
    "type": "object",
    "properties": {
        "genres": {
            "type": "array",
            "items": {"type": "string", "enum": list(GENRES)},
            "minItems": 1,
            "maxItems": MOST_GENRES,
        }
    },
    "required": ["genres"],
    "additionalProperties": False,
}

COLUMN_TYPES = {
    "status": object,
    "reason": object,
    "earliest": object,
    "unreadable": object,
    "cut": "boolean",
    **COST_COLUMNS,
}
"""What is told of every film's answer: ``unreadable`` says why a first answer could not be read, ``cut`` whether the last
one was cut off."""

_SAVED = "language_model.json"


class LlmSystem(System):
    """A language model, asked one question a film.

    One request per film, and one more where the answer cannot be read, all through the cache: what was answered
    before a kill is not asked again, and a changed text costs one request.

    Args:
        name: Its name in paths and tables.
        text: Name of the text that it reads beside the title.
        client: The model.
        prompt: Prompt file with the variables ``{genres}``, ``{title}`` and ``{summary}``, the text.
    """

    kind = "llm"
    family = LANGUAGE_MODEL
    learns = False

    def __init__(self, name: str, text: str, client: Asks, prompt: Path) -> None:
        super().__init__(name, Reads(texts=(TITLE, text)))
        self._text = text
        self._client = client
        self._prompt = prompt
        self._usages: list[dict[str, Any]] = []
        self._answers: list[pd.DataFrame] = []

    @classmethod
    def from_settings(
        cls, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> LlmSystem:
        """Make it from the settings of its ``model`` and the path of its ``prompt``."""
        client = surroundings.client(settings["model"])
        return cls(name, only_text(reads.texts), client, Path(settings["prompt"]))

    def fit(self, train: Training, validation: Films) -> None:
        """Nothing is learnt: the model knows genres by their names."""

    def predict(self, films: Films) -> Prediction:
        """Ask about every film.

        Its scores fall with the place of a genre in the answer, the best fit first: 1, .8, .6, .4, .2; a genre that is not
        named has 0. It gives no probabilities.

        Raises:
            TrailerflowError: The prompt file or the model's set-up is wrong.
        """
        asked = ask_table(
            [
                genre_messages(title, text, self._prompt)
                for title, text in zip(films.texts[TITLE], films.texts[self._text], strict=True)
            ],
            lambda messages: ask_form(self._client, messages, FORM, MAX_TOKENS),
            slots=self._client.model.slots,
            rule=RULE,
            unit="movies",
        )
        scores: Floats = np.full((len(films), len(GENRES)), np.nan)
        rows = []
        for place, (row, reading) in enumerate(zip(asked.rows, asked.readings, strict=True)):
            rows.append(dict(row))
            if reading:
                rows[-1] |= {"unreadable": reading.first_problem, "cut": reading.is_cut}
                if reading.value is not None:
                    scores[place] = scores_of(reading.value)
        table = pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
        self._usages += asked.usages
        self._answers.append(table)
        return Prediction(scores, decided=scores > 0, films=table)

    def save(self, folder: Path) -> None:
        """Write the model's settings and the prompt; the model itself is not ours to keep."""
        write_bytes(folder / self._prompt.name, self._prompt.read_bytes())
        settings = {"model": self._client.model.answering, "prompt": self._prompt.name}
        write_json(folder / _SAVED, settings)

    @classmethod
    def load(cls, folder: Path, name: str, reads: Reads, surroundings: Surroundings) -> LlmSystem:
        """Read what `save` wrote; the model is asked wherever its settings say."""
        try:
            saved = json.loads((folder / _SAVED).read_text(encoding="utf-8"))
            settings, prompt = saved["model"], folder / Path(saved["prompt"]).name
            text = only_text(reads.texts)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise TrailerflowError(
                f"{folder / _SAVED} cannot be read ({error}); save the system again."
            ) from None
        return cls(name, text, surroundings.client(settings), prompt)

    def told(self) -> Told:
        """The model, what its answers cost, and how many could not be read."""
        answers = pd.concat(self._answers) if self._answers else pd.DataFrame(columns=list(COLUMN_TYPES))
        model = self._client.model
        return Told(
            packages=("pandas",),
            models=({"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(self._prompt)},),
            usage=(usage_row(model.name, self._prompt.stem, len(answers), self._usages),),
            notes=(reading_note(answers),),
        )


def scores_of(genres: list[str]) -> Floats:
    """Scores of the 18 genres from those that an answer names, the best fit first.

    >>> scores_of(["War", "Drama"])[[GENRES.index("War"), GENRES.index("Drama"), 0]].tolist()
    [1.0, 0.8, 0.0]
    """
    scores: Floats = np.zeros(len(GENRES))
    for place, genre in enumerate(genres):
        scores[GENRES.index(genre)] = (MOST_GENRES - place) / MOST_GENRES
    return scores


def reading_note(answers: pd.DataFrame) -> str:
    """How many answers could not be read, before and after the one repair, and how many were cut off.

    Args:
        answers: status, unreadable and cut of every film that was asked about.
    """
    before = answers["unreadable"].notna()
    after = before & (answers["status"] == "failed")
    return (
        f"{before.sum()} first answers could not be read, {after.sum()} of them not after one repair either; "
        f"{int(answers['cut'].sum())} were cut off."
    )


def read_genres(document: Any) -> list[str]:
    """Read an answer that must keep to `SCHEMA`; a genre that is named twice counts once.

    Args:
        document: The answer's JSON document.

    Returns:
        Genres in the order of the answer.

    Raises:
        UnreadableError: It is no object with the one key "genres", or names none of the genres, too many, or another one.

    >>> read_genres({"genres": ["War", "Drama", "War"]})
    ['War', 'Drama']
    """
    if not isinstance(document, dict) or set(document) != {"genres"}:
        raise UnreadableError('the answer is no object with the one key "genres"')
    named = document["genres"]
    if not isinstance(named, list) or not named:
        raise UnreadableError("the answer names no genre")
    for genre in named:
        if genre not in GENRES:
            raise UnreadableError(f"the answer names {str(genre)[:40]!r}, which is none of the genres")
    genres = list(dict.fromkeys(named))
    if len(genres) > MOST_GENRES:
        raise UnreadableError(f"the answer names {len(genres)} genres, more than {MOST_GENRES}")
    return genres


FORM = Form(SCHEMA, read_genres)


def genre_messages(title: str, text: str, prompt: Path) -> list[dict[str, str]]:
    """The question about one film.

    Args:
        title: Title as in the catalogue.
        text: The film's text, which prompts call its summary.
        prompt: Prompt file with the variables ``{genres}``, ``{title}`` and ``{summary}``.
    """
    return render(prompt, {"genres": ", ".join(GENRES), "title": display_title(title), "summary": text})
