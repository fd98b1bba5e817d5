"""Support as a language model's log-odds of a yes to "does the text say this?"."""

from __future__ import annotations

from trailerflow.errors import TrailerflowError
from trailerflow.llm.first_token import NO_LOGPROBS
from trailerflow.llm.structured import Reading
from trailerflow.llm.yes_no import ask_yes_no
from trailerflow.summaries.support.questions import Asked


class YesNo(Asked):
    """logP(yes) - logP(no) of one token (Kadavath et al., Language Models (Mostly) Know What They Know, 2022)."""

    name = "yes_no"

    def ask(self, messages: list[dict[str, str]]) -> Reading[float]:
        """One token.

        Raises:
            LaterError, RefusedError: There is no answer.
            TrailerflowError: The model gives no log-probabilities.
        """
        reading = ask_yes_no(self.client, messages)
        if reading.problem == NO_LOGPROBS:
            raise TrailerflowError(
                f"Model {self.client.model.name} gives no log-probabilities of its tokens, which the measure of support "
                "yes_no needs; set yes_no_words instead, or ask another model."
            )
        return reading
