"""One question a row: a model is asked all of them, and every row says what came of its question and what it cost."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from trailerflow.llm.many import ask_many
from trailerflow.llm.structured import Reading
from trailerflow.llm.types import Asks, cost_columns, unanswered_columns
from trailerflow.progress import Progress

Question = TypeVar("Question")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Asked(Generic[Value]):
    """What came of the questions, in their order.

    Attributes:
        rows: Columns of each question: ``status`` (``ok``, ``later``, or ``failed`` where asking again would not help),
            ``reason`` where it is not ``ok``, ``earliest`` where it is ``later``, and those of
            `trailerflow.llm.types.COST_COLUMNS` where there was an answer.
        readings: What each answer says; None where there was none.
        usages: `trailerflow.llm.types.Answer.usage` of every answer, those of repairs too.
    """

    rows: list[dict[str, Any]]
    readings: list[Reading[Value] | None]
    usages: list[dict[str, Any]]


def ask_table(
    questions: Sequence[Question],
    ask: Callable[[Question], Reading[Value]],
    *,
    client: Asks,
    rule: str,
    unit: str,
    groups: Sequence[Hashable] | None = None,
) -> Asked[Value]:
    """Ask a model many questions and tell each as a row, with the progress shown meanwhile.

    Args:
        questions: What to ask.
        ask: Asks one question; it raises LaterError or RefusedError where there is no answer.
        client: The way to the model, by which ``ask`` asks.
        rule: Name of the rule, for the progress.
        unit: What a question is called in the progress, in the plural.
        groups: Group of each question, as in `trailerflow.llm.many.ask_many`.

    Raises:
        Exception: Any other error of ``ask``; what was not begun by then is not asked.
    """
    rows: list[dict[str, Any]] = [{} for _ in questions]
    readings: list[Reading[Value] | None] = [None for _ in questions]
    progress = Progress(rule, len(questions), unit)
    try:
        for number, result in ask_many(
            questions, ask, workers=client.model.workers, groups=groups, prepare=client.prepare
        ):
            if isinstance(result, Reading):
                readings[number] = result
                rows[number] = _answered_columns(result)
            else:
                rows[number] = unanswered_columns(result)
            progress.advance()
    finally:
        progress.close()
    return Asked(rows, readings, usages_of(readings))


def usages_of(readings: Sequence[Reading[Any] | None]) -> list[dict[str, Any]]:
    """`trailerflow.llm.types.Answer.usage` of every answer of some questions."""
    return [answer.usage for reading in readings if reading for answer in reading.answers]


def _answered_columns(reading: Reading[Any]) -> dict[str, Any]:
    columns = cost_columns(reading.usage)
    if reading.value is None:
        return columns | {"status": "failed", "reason": reading.problem}
    return columns | {"status": "ok"}
