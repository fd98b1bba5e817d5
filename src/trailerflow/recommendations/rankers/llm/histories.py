"""Which films of a history a language model is told of: the newest, the best rated, or the most alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import Codes, Question
from trailerflow.recommendations.rankers.content.films import film_content, text_vectors, unit_rows
from trailerflow.recommendations.rankers.contract import Floats, Side
from trailerflow.recommendations.rankers.llm.films import known_films
from trailerflow.recommendations.rankers.llm.settings import RATING, SIMILARITY


class Choice:
    """Chooses from histories.

    Args:
        side: The tables of `trailerflow.recommendations.rankers.llm.settings.side_tables`.
        settings: With all defaults.
        films: Ids of the films, by their codes.
    """

    def __init__(self, side: Side, settings: Mapping[str, Any], films: pd.Index) -> None:
        self._most: int = settings["history"]
        self._by: str = settings["history_by"]
        self._likeness = _content(side, films) if self._by == SIMILARITY else np.zeros((len(films), 0))

    def places(self, question: Question) -> npt.NDArray[np.intp]:
        """Places in the history of the films that are told, the first to be told first: a cut leaves out the last ones.

        Of films that are equally good or equally alike the newer one comes first.
        """
        history = question.history
        age = -np.arange(len(history.movies))
        if self._by == RATING:
            order = np.lexsort((age, -history.ratings))
        elif self._by == SIMILARITY:
            order = np.lexsort((age, -self._alike(history.movies, question.candidates)))
        else:
            order = np.argsort(age, kind="stable")
        return order[: self._most]

    def _alike(self, films: Codes, candidates: Codes) -> Floats:
        """Cosine of each film with the candidates, their mean, shape (films,)."""
        alike: Floats = self._likeness[films] @ self._likeness[candidates].sum(axis=0)
        return alike / max(candidates.size, 1)


def _content(side: Side, films: pd.Index) -> Floats:
    """The vectors of the films' texts, or their genres where no film has one; rows of unit length."""
    vectors = text_vectors(side["vectors"], films) if "vectors" in side else np.zeros((len(films), 0))
    return vectors if vectors.any() else unit_rows(film_content(known_films(side), films).genres)
