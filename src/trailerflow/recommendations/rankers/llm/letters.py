"""The films of a list bear letters, and a language model answers with one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from trailerflow.llm.first_token import ask_first_token
from trailerflow.llm.structured import Reading
from trailerflow.llm.types import Asks, Request
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.llm.ranker import Said
from trailerflow.recommendations.rankers.llm.told import LABELS

MAX_TOKENS = 4
"""A letter that is written, with what may stand around it."""

_AROUND = " \n\t.:)([\"'*"
"""What may stand around a letter."""


def ask_letter(client: Asks, messages: list[dict[str, str]], films: int) -> Reading[Said]:
    """The log-probability of each film's letter.

    A model that tells none writes a letter, which gets 1, and the others 0.

    Raises:
        LaterError, RefusedError, TrailerflowError: As `trailerflow.llm.client.Client.ask`.
    """
    if client.model.log_probabilities:
        return letter_by_log_probability(client, messages, films)
    answer = client.ask(Request(messages, max_tokens=MAX_TOKENS))
    place = _place(answer.text, films)
    problem = answer.problem or (None if place is not None else "the answer is no letter of a film")
    said = None if problem else Said(np.eye(films)[place])
    return Reading(said, problem, problem, (answer,))


def letter_by_log_probability(client: Asks, messages: list[dict[str, str]], films: int) -> Reading[Said]:
    """One token, and the log-probability of each film's letter among the alternatives to it.

    Raises:
        LaterError, RefusedError, TrailerflowError: As `trailerflow.llm.client.Client.ask`.
    """

    def read(logprobs: Mapping[str, float]) -> Said | None:
        scores = letter_scores(logprobs, films)
        return None if scores is None else Said(scores)

    return ask_first_token(client, messages, read, "no letter of a film is")


def letter_scores(logprobs: Mapping[str, float], films: int) -> Floats | None:
    """Log-probability of each film's letter, given that the answer is one of the letters.

    The spellings of a letter ("A", " A", "A.") are added. A letter that is not among the alternatives is at most as likely
    as the least likely of them; it gets that log-probability less 1.

    Args:
        logprobs: Natural log-probability of each alternative.
        films: How many films bear letters.

    Returns:
        Shape (films,), or None where no letter is among the alternatives: the model did not answer.

    >>> letter_scores({"A": -0.1, " B": -3.0, "The": -4.0}, 2).round(3).tolist()
    [-0.054, -2.954]
    """
    seen = {token: logprob for token, logprob in logprobs.items() if math.isfinite(logprob)}
    found = np.full(films, -np.inf)
    for token, logprob in seen.items():
        if (place := _place(token, films)) is not None:
            found[place] = np.logaddexp(found[place], logprob)
    if not np.isfinite(found).any():
        return None
    found[~np.isfinite(found)] = min(seen.values()) - 1
    scores: Floats = found - np.logaddexp.reduce(found)
    return scores


def _place(text: str, films: int) -> int | None:
    """Which film's letter a text is, or None."""
    label = text.strip(_AROUND)
    return LABELS.index(label) if len(label) == 1 and label in LABELS[:films] else None
