"""Support as a language model's plain answer to "does the text say this?": for models without log-probabilities."""

from __future__ import annotations

import re

from trailerflow.llm.structured import Reading
from trailerflow.llm.types import Request
from trailerflow.summaries.support.questions import Asked

_TOKENS = 8
"""Room for the word, and for a mark before it."""

_ANSWERS = {"yes": 1.0, "no": 0.0}


class YesNoWords(Asked):
    """1 where the answer begins with a yes, 0 where it begins with a no: a measure with one threshold."""

    name = "yes_no_words"

    def ask(self, messages: list[dict[str, str]]) -> Reading[float]:
        """A short answer, of which the first word is read.

        Raises:
            LaterError, RefusedError, TrailerflowError: As `trailerflow.llm.client.Client.ask`.
        """
        answer = self.client.ask(Request(messages, max_tokens=_TOKENS))
        first = re.search(r"[a-z]+", answer.text.lower())
        value = _ANSWERS.get(first[0]) if first else None
        problem = answer.problem or (
            None if value is not None else "the answer begins with neither yes nor no"
        )
        return Reading(None if problem else value, problem, problem, (answer,))
