"""A language model that is shown films with their genres before it is asked: few-shot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from trailerflow.genre_names import GENRES
from trailerflow.genres.films import NO_FILMS, Films, Flags, Training
from trailerflow.genres.systems.llm import MOST_GENRES, LlmSystem
from trailerflow.llm.prompts import render

EXAMPLES = 4
"""Films that are shown."""

EXAMPLE_WORDS = 100
"""Words of a film's text that are shown, so that few examples of transcripts leave room for the question."""


class FewShotSystem(LlmSystem):
    """A language model that names the genres of a film after it was shown others.

    The examples are films that it is fitted on, the same for all films that it then predicts, so that a server reads them
    once. Where there are none they come from the extra labelled texts, and without these the prompt's own are shown: all
    turns between the system's and the last one.

    The last turn of the prompt file is the question, and every example has its form. In the masked arm the titles of the
    examples are not told either.
    """

    kind = "llm_few_shot"
    learns = True

    _examples: Films | None = None

    def fit(self, train: Training, validation: Films) -> None:
        """Draw the examples from the films, or from the extra texts where there are no films."""
        known = train.films if len(train.films) else train.extra
        self._examples = draw_examples(known, self.seed)

    def messages(self, variables: Mapping[str, str]) -> list[dict[str, str]]:
        """The examples and the question about one film."""
        if self._examples is None:
            raise self.not_fitted()
        asked = render(self.prompt, variables)
        if not len(self._examples):
            return asked
        shown = []
        for told, genres in zip(self.variables(self._examples), self._examples.labels, strict=True):
            words = " ".join(told["summary"].split()[:EXAMPLE_WORDS])
            shown.append(render(self.prompt, told | {"summary": words})[-1])
            shown.append({"role": "assistant", "content": answer_of(genres)})
        system = [message for message in asked if message["role"] == "system"]
        return [*system, *shown, asked[-1]]

    def learnt(self) -> dict[str, Any]:
        """The examples."""
        if self._examples is None:
            raise self.not_fitted()
        return {
            "examples": {
                "texts": {name: list(texts) for name, texts in self._examples.texts.items()},
                "genres": [names_of(genres) for genres in self._examples.labels]
                if len(self._examples)
                else [],
            }
        }

    def take(self, saved: Mapping[str, Any]) -> None:
        """Take over the examples that were saved."""
        examples = saved["examples"]
        flags = np.array([[genre in genres for genre in GENRES] for genres in examples["genres"]], dtype=bool)
        movies = [str(number) for number in range(len(flags))]
        self._examples = Films(movies, examples["texts"], flags) if movies else NO_FILMS


def draw_examples(films: Films, seed: int) -> Films:
    """A few films that differ in genre: in a shuffled order, each the next that shares no genre with those before it.

    Films with more genres than an answer may name, or with none, are passed over.

    Args:
        films: With their genres; none gives none.
        seed: Seed of the order.
    """
    if not len(films):
        return NO_FILMS
    shown = np.zeros(len(GENRES), dtype=bool)
    chosen: list[int] = []
    for place in np.random.default_rng(seed).permutation(len(films)).tolist():
        genres = films.labels[place]
        if 1 <= genres.sum() <= MOST_GENRES and not (genres & shown).any() and len(chosen) < EXAMPLES:
            chosen.append(place)
            shown |= genres
    rows = np.zeros(len(films), dtype=bool)
    rows[chosen] = True
    return films.at(rows)


def names_of(genres: Flags) -> list[str]:
    """Names of the genres that are set, shape (18,)."""
    return [genre for genre, has in zip(GENRES, genres, strict=True) if has]


def answer_of(genres: Flags) -> str:
    """The right answer about a film with these genres, shape (18,).

    >>> answer_of(np.arange(18) == 7)
    '{"genres": ["Drama"]}'
    """
    return json.dumps({"genres": names_of(genres)})
