"""The way ``quoted``: every sentence with the spoken words that it rests on."""

from __future__ import annotations

from typing import Any

from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Form, UnreadableError, ask_form
from trailerflow.llm.types import Asks, Request
from trailerflow.summaries.ways.contract import NOTHING, Prompts, Told, Way, Written
from trailerflow.summaries.ways.quotes import LONGEST, is_spoken
from trailerflow.text import compared_words

CLAIMS = 6
_TOKENS_OF_A_CLAIM = 60

SCHEMA = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "maxItems": CLAIMS,
            "items": {
                "type": "object",
                "properties": {
                    "claim": {"type": "string", "maxLength": LONGEST},
                    "quote": {"type": "string", "maxLength": LONGEST},
                },
                "required": ["claim", "quote"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["claims"],
    "additionalProperties": False,
}

Claims = list[tuple[str, str]]
"""Sentences with their passages."""


class Quoted(Way):
    """Asks once for sentences with quotes, and keeps those whose quote is spoken.

    An answer that cannot be read is asked for once more. Where no quote is spoken there is no summary.
    """

    prompts = ("quoted",)

    def requests(self, told: Told, prompts: Prompts) -> list[Request]:
        """The one request."""
        values = {"transcript": told.transcript["text"], "claims": str(CLAIMS)}
        return [Request(render(prompts["quoted"], values), CLAIMS * _TOKENS_OF_A_CLAIM, schema=SCHEMA)]

    def write(self, told: Told, prompts: Prompts, client: Asks) -> Written:
        """The sentences that a quote bears out, as one text."""
        (request,) = self.requests(told, prompts)
        reading = ask_form(client, request.messages, Form(SCHEMA, parsed_claims), request.max_tokens)
        transcript = compared_words(told.transcript["text"])
        kept = dict.fromkeys(claim for claim, quote in reading.value or [] if is_spoken(quote, transcript))
        return Written.of(reading, " ".join(kept) or NOTHING)


def parsed_claims(document: Any) -> Claims:
    """The sentences and passages of an answer.

    Raises:
        UnreadableError: It has another form.
    """
    if not isinstance(document, dict) or not isinstance(document.get("claims"), list):
        raise UnreadableError('the answer has no list "claims"')
    found = []
    for item in document["claims"][:CLAIMS]:
        if not isinstance(item, dict) or not all(
            isinstance(item.get(name), str) for name in ("claim", "quote")
        ):
            raise UnreadableError('a claim is no object with the texts "claim" and "quote"')
        if claim := " ".join(item["claim"][:LONGEST].split()):
            found.append((claim, item["quote"][:LONGEST]))
    return found
