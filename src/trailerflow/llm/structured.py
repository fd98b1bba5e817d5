"""Answers in a form: the server keeps to a schema where it can, a strict parser reads, and one repair is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from trailerflow.llm.types import CUT, Answer, Asks, Request
from trailerflow.outside import OutsideError, parse_json

Value = TypeVar("Value")

REPAIR = (
    "This answer cannot be read: {problem}. Answer once more, with one JSON object that keeps to this JSON schema and has "
    "no value that the schema does not allow, and with nothing before or after it.\n{schema}"
)
"""What is said after an answer that cannot be read. It tells of the form alone, never what would be right."""

_FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n?```", re.DOTALL)


class UnreadableError(ValueError):
    """An answer that does not keep to its form; the message says how."""


@dataclass(frozen=True)
class Form(Generic[Value]):
    """What an answer is to look like.

    Attributes:
        schema: Its JSON schema.
        parse: Reads the JSON document of an answer; raises `UnreadableError`.
    """

    schema: dict[str, Any]
    parse: Callable[[Any], Value]


_CHECKED = frozenset(
    {
        "minItems",
        "maxItems",
        "uniqueItems",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    }
    | {"minLength", "maxLength", "pattern", "format"}
)
"""Words of a schema that strict modes of some services refuse; the parsers check what they say."""


def portable_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON schema without the words that a strict mode may refuse.

    >>> portable_schema({"properties": {"minimum": {"type": "integer", "minimum": 0}}})
    {'properties': {'minimum': {'type': 'integer'}}}
    """

    def part(value: Any) -> Any:
        return portable_schema(value) if isinstance(value, Mapping) else value

    return {
        word: {name: part(inner) for name, inner in value.items()} if word == "properties" else part(value)
        for word, value in schema.items()
        if word not in _CHECKED
    }


@dataclass(frozen=True)
class Reading(Generic[Value]):
    """What came of a request for an answer in a form.

    Attributes:
        value: What the answer says, or None where it could not be read.
        problem: Why it could not be read, or None.
        first_problem: Why the first answer could not be read, or None. Where there is a ``value``, the repair helped.
        answers: The answer, and the repaired one where there was a repair.
    """

    value: Value | None
    problem: str | None
    first_problem: str | None
    answers: tuple[Answer, ...]

    @property
    def is_cut(self) -> bool:
        """Whether the last answer was cut off."""
        return self.answers[-1].finish_reason == CUT

    @property
    def usage(self) -> dict[str, Any]:
        """What its answers cost together; it counts as cached where each of them was."""
        return {
            "prompt_tokens": sum(answer.prompt_tokens for answer in self.answers),
            "completion_tokens": sum(answer.completion_tokens for answer in self.answers),
            "seconds": round(sum(answer.seconds for answer in self.answers), 3),
            "cached": all(answer.cached for answer in self.answers),
        }


def ask_form(
    client: Asks, messages: Sequence[Mapping[str, str]], form: Form[Value], max_tokens: int
) -> Reading[Value]:
    """Ask for an answer in a form, and once more where it does not keep to it.

    Args:
        client: The way to the model.
        messages: The question.
        form: What the answer is to look like.
        max_tokens: Longest answer, in tokens.

    Raises:
        LaterError, RefusedError, TrailerflowError: As `trailerflow.llm.client.Client.ask`.
    """
    asked = [dict(message) for message in messages]
    first = client.ask(Request(asked, max_tokens, schema=form.schema))
    value: Value | None
    value, problem = _read(first, form)
    if problem is None or first.problem:  # without words there is nothing to repair
        return Reading(value, problem, problem, (first,))
    repair = REPAIR.format(problem=problem, schema=json.dumps(form.schema))
    asked += [{"role": "assistant", "content": first.text}, {"role": "user", "content": repair}]
    second = client.ask(Request(asked, max_tokens, schema=form.schema))
    value, second_problem = _read(second, form)
    return Reading(value, second_problem, problem, (first, second))


def parse_document(text: str) -> Any:
    """Read an answer that must be one JSON document, alone or alone in a fenced block; nothing is guessed.

    Raises:
        UnreadableError: It is anything else.

    >>> parse_document('```json\\n{"a": 1}\\n```')
    {'a': 1}
    """
    text = text.strip()
    if fenced := _FENCED.fullmatch(text):
        text = fenced[1]
    try:
        return parse_json(text)
    except OutsideError:
        raise UnreadableError("the answer is not JSON") from None


def _read(answer: Answer, form: Form[Any]) -> tuple[Any, str | None]:
    if answer.problem:
        return None, answer.problem
    try:
        return form.parse(parse_document(answer.text)), None
    except UnreadableError as error:
        cut = " and was cut off" if answer.finish_reason == CUT else ""
        return None, f"{error}{cut}"
