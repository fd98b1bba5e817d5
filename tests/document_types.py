"""Whether an outcome's data are exactly what `trailerflow.documents` says of its rule."""

from __future__ import annotations

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from trailerflow import documents
from trailerflow.outcomes import Outcome

DOCUMENTS = {
    "find_trailer": documents.Candidates,
    "fetch_captions": documents.TrailerCaptions,
    "fetch_audio": documents.TrailerAudio,
    "transcribe_trailer": documents.Transcript,
    "translate_transcript": documents.TranslatedTranscript,
    "prepare_transcript": documents.PreparedTranscript,
    "remove_audio": documents.RemovedAudio,
    "fetch_synopsis": documents.Synopsis,
    "summarise_movie": documents.Summary,
}


def check_document(outcome: Outcome[Any]) -> None:
    """Raise for an ok outcome whose data lack a key, have one more, or hold a value of another type."""
    if outcome.data is not None:
        problem = _problem(outcome.data, DOCUMENTS[outcome.rule])
        assert problem is None, f"{outcome.rule}: data{problem}"


def _problem(value: Any, kind: Any) -> str | None:
    """Where a value is not of a type, and why; None where it is."""
    origin, parts = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _problem_of_keys(value, kind)
    if origin in (Union, UnionType):
        problems = [_problem(value, part) for part in parts]
        return None if None in problems else " or ".join(sorted(filter(None, problems)))
    if origin is list and isinstance(value, list):
        found = ((number, _problem(part, parts[0])) for number, part in enumerate(value))
        return next((f"[{number}]{problem}" for number, problem in found if problem), None)
    return None if _is_of(value, kind) else f" is {value!r}"


def _is_of(value: Any, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, int | float)  # JSON has one kind of number
    return isinstance(value, get_origin(kind) or kind)


def _problem_of_keys(value: Any, kind: Any) -> str | None:
    if not isinstance(value, dict):
        return f" is {value!r}"
    if missing := kind.__required_keys__ - value.keys():
        return f" has no {sorted(missing)}"
    if more := value.keys() - kind.__required_keys__ - kind.__optional_keys__:
        return f" has {sorted(more)} beside"
    hints = get_type_hints(kind)
    found = ((key, _problem(part, hints[key])) for key, part in value.items())
    return next((f"[{key!r}]{problem}" for key, problem in found if problem), None)
