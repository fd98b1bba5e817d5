"""A language model that is asked for the genres of each film, without any example: zero-shot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films, Floats
from trailerflow.genres.systems.contract import Prediction
from trailerflow.genres.systems.language_model import RULE, LanguageModelSystem, no_scores
from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Form, UnreadableError, ask_form
from trailerflow.llm.table import ask_table

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


class LlmSystem(LanguageModelSystem):
    """A language model that names the genres of a film: one request a film, and one more where the answer cannot be read."""

    kind = "llm"

    def predict(self, films: Films) -> Prediction:
        """Ask about every film.

        Its scores fall with the place of a genre in the answer, the best fit first: 1, .8, .6, .4, .2; a genre that is not
        named has 0. It gives no probabilities.

        Raises:
            TrailerflowError: The prompt file or the model's set-up is wrong.
        """
        asked = ask_table(
            self.questions(films),
            lambda messages: ask_form(self.client, messages, FORM, MAX_TOKENS),
            client=self.client,
            rule=RULE,
            unit="movies",
        )
        scores = no_scores(len(films))
        rows = []
        for place, (row, reading) in enumerate(zip(asked.rows, asked.readings, strict=True)):
            rows.append(dict(row))
            if reading:
                rows[-1] |= {"unreadable": reading.first_problem, "cut": reading.is_cut}
                if reading.value is not None:
                    scores[place] = scores_of(reading.value)
        return Prediction(scores, decided=scores > 0, films=self.answered(rows, asked.usages))

    def questions(self, films: Films) -> list[list[dict[str, str]]]:
        """The question about each film."""
        return [self.messages(variables) for variables in self.variables(films)]

    def messages(self, variables: Mapping[str, str]) -> list[dict[str, str]]:
        """The question about one film, from what a prompt may say of it."""
        return render(self.prompt, variables)


def scores_of(genres: list[str]) -> Floats:
    """Scores of the 18 genres from those that an answer names, the best fit first.

    >>> scores_of(["War", "Drama"])[[GENRES.index("War"), GENRES.index("Drama"), 0]].tolist()
    [1.0, 0.8, 0.0]
    """
    scores: Floats = np.zeros(len(GENRES))
    for place, genre in enumerate(genres):
        scores[GENRES.index(genre)] = (MOST_GENRES - place) / MOST_GENRES
    return scores


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
