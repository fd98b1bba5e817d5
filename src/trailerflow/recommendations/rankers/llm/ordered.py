"""A language model that is asked for an ordered list: what the answer must look like, and how a faulty one is mended."""

from __future__ import annotations

from typing import Any

import numpy as np

from trailerflow.llm.structured import Form, Reading, UnreadableError, ask_form
from trailerflow.recommendations.rankers.llm.lists import AllAtOnce
from trailerflow.recommendations.rankers.llm.ranker import Said
from trailerflow.recommendations.rankers.llm.told import LABELS

TOKENS, TOKENS_A_FILM = 16, 8
"""An answer takes about 4 tokens a film; the rest is room for white space."""


class Ordered(AllAtOnce):
    """The model writes the letters of the films in order, the best first, as JSON."""

    def most_tokens(self, films: int) -> int:
        """Room for a list of so many letters."""
        return TOKENS + TOKENS_A_FILM * films

    def ask(self, messages: list[dict[str, str]], films: int) -> Reading[Said]:
        """A list of letters, mended where films are missing, doubled or none that was asked about."""
        return ask_form(self.client, messages, order_form(films), self.most_tokens(films))


def order_form(films: int) -> Form[Said]:
    """What an answer about so many films is to look like."""
    letters = {"type": "string", "enum": list(LABELS[:films])}
    schema = {
        "type": "object",
        "properties": {"order": {"type": "array", "items": letters, "minItems": films, "maxItems": films}},
        "required": ["order"],
        "additionalProperties": False,
    }
    return Form(schema, lambda document: read_order(document, films))


def read_order(document: Any, films: int) -> Said:
    """Read an answer, and mend it by nothing but the order in which the films were shown.

    Films that nobody asked about are dropped, of doubled ones the first stays, and missing ones follow as they were shown.

    Raises:
        UnreadableError: It is no object with the key "order" and a list that names a film.

    >>> read_order({"order": ["C", "Z", "C", "A"]}, 3)
    Said(scores=array([-1., -2.,  0.]), repaired=True)
    """
    listed = document.get("order") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise UnreadableError('the answer is no object with the key "order" and a list of letters')
    letters = LABELS[:films]
    named = [
        letters.index(each) for each in listed if isinstance(each, str) and len(each) == 1 and each in letters
    ]
    kept = list(dict.fromkeys(named))
    if not kept:
        raise UnreadableError("the list names none of the films")
    whole = [*kept, *(place for place in range(films) if place not in kept)]
    scores = np.empty(films)
    scores[whole] = -np.arange(films)
    return Said(scores, repaired=len(kept) < films or len(listed) != films)
