"""The way ``extract_then_write``: the telling lines are copied out first, and the summary is written from these alone."""

from __future__ import annotations

from typing import Any

from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Form, UnreadableError, ask_form
from trailerflow.llm.types import Asks, Request
from trailerflow.summaries.ways.contract import NOTHING, TOKENS_PER_WORD, Prompts, Told, Way, Written
from trailerflow.summaries.ways.quotes import LONGEST, spoken

LINES = 6
_TOKENS_OF_A_LINE = 40

SCHEMA = {
    "type": "object",
    "properties": {
        "quotes": {
            "type": "array",
            "maxItems": LINES,
            "items": {"type": "string", "maxLength": LONGEST},
        }
    },
    "required": ["quotes"],
    "additionalProperties": False,
}


class ExtractThenWrite(Way):
    """Asks for passages, then for a summary of those that are really spoken; without any there is no summary.

    A summary of half the words asked for is enough: the lines hold no more.
    """

    prompts = ("extract_lines", "write_from_lines")

    def requests(self, told: Told, prompts: Prompts) -> list[Request]:
        """Both requests, the second with as many words as the first may give."""
        return [
            self._extract(told, prompts),
            self._write([told.transcript["text"][:LONGEST]], told, prompts),
        ]

    def write(self, told: Told, prompts: Prompts, client: Asks) -> Written:
        """The passages, then the summary."""
        asked = self._extract(told, prompts)
        reading = ask_form(client, asked.messages, Form(SCHEMA, parsed_quotes), asked.max_tokens)
        lines = spoken(reading.value or [], told.transcript["text"])
        if not lines:
            return Written.of(reading, NOTHING)
        return Written(client.ask(self._write(lines, told, prompts)), others=reading.answers)

    def _extract(self, told: Told, prompts: Prompts) -> Request:
        values = {"transcript": told.transcript["text"], "lines": str(LINES)}
        return Request(render(prompts["extract_lines"], values), LINES * _TOKENS_OF_A_LINE, schema=SCHEMA)

    def _write(self, lines: list[str], told: Told, prompts: Prompts) -> Request:
        values = {"lines": "\n".join(lines), "words": str(told.words // 2)}
        return Request(render(prompts["write_from_lines"], values), round(TOKENS_PER_WORD * told.words))


def parsed_quotes(document: Any) -> list[str]:
    """The passages of an answer.

    Raises:
        UnreadableError: It has another form.
    """
    quotes = document.get("quotes") if isinstance(document, dict) else None
    if not isinstance(quotes, list) or not all(isinstance(quote, str) for quote in quotes):
        raise UnreadableError('the answer has no list "quotes" of texts')
    return [quote[:LONGEST] for quote in quotes[:LINES]]
