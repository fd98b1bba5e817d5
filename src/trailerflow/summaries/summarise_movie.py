"""One movie's summary by one language model and one way of asking it, from its prepared transcript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow import __version__
from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.prompts import prompt_hash
from trailerflow.llm.types import Answer, Asks
from trailerflow.outcomes import Outcome
from trailerflow.sentences import sentences_of
from trailerflow.summaries.refusals import is_refusal
from trailerflow.summaries.telling import UNTOLD, why_not_asked
from trailerflow.summaries.ways.contract import NOTHING, Prompts, Told, Way, Written
from trailerflow.text import ends_with_a_stop, word_count

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript, Summary
    from trailerflow.summaries.check import Check

RULE = "summarise_movie"


def summarise_movie(
    transcript: Outcome[PreparedTranscript],
    *,
    title: str,
    way: Way,
    prompts: Prompts,
    words: int,
    client: Asks,
    check: Check | None = None,
) -> Outcome[Summary]:
    """Ask a model for a movie's summary, and check what it wrote.

    A transcript that is not ok is passed on without a request. Of one that tells nothing no checked summary is asked.

    Args:
        transcript: Outcome of ``prepare_transcript``.
        title: The movie's title as in the catalogue.
        way: The way of asking.
        prompts: The way's prompt files.
        words: Length aimed at.
        client: The way to the model.
        check: How the summary is checked; None where it is not.

    Returns:
        ``ok`` with ``summary`` (one paragraph), ``words`` and ``finish_reason``, and of a checked one ``written`` and
        ``claims``; ``absent`` where the transcript tells nothing, the model found no story in it, or nothing of its summary
        is kept; ``failed`` where a request was refused or the answer empty; ``later`` where the model could not be reached.

    Raises:
        TrailerflowError: A prompt file is missing or not sound, or the measure of support cannot be used.
    """
    made_by = {
        "model": client.model.name,
        "model_hash": client.model.hash,
        "prompt": way.name,
        "prompt_hash": "-".join(prompt_hash(prompts[name]) for name in way.prompts),
        "trailerflow": __version__,
    }
    if transcript.status != "ok" or transcript.data is None:
        return replace(transcript.passed_on(RULE), made_by=made_by)
    told = Told(title, transcript.data, words)
    if check is not None and (untold := why_not_asked(transcript.data)):
        return Outcome.absent(RULE, transcript.movie, untold, made_by=made_by)
    try:
        outcome = outcome_of(transcript.movie, way.write(told, prompts, client), made_by)
        return outcome if check is None else _checked(outcome, told, check)
    except (LaterError, RefusedError) as error:
        return Outcome.unanswered(RULE, transcript.movie, error, made_by=made_by)


def check_for(
    transcript: Outcome[PreparedTranscript],
    settings: Mapping[str, Any] | None,
    prompts: Iterable[Path],
    client: Asks,
) -> Check | None:
    """How a movie's summary is to be checked; None where it is not, or where there is no transcript.

    Args:
        transcript: Outcome of ``prepare_transcript``.
        settings: ``measure``, ``threshold`` and ``unsupported``; None for no check.
        prompts: The check's prompt file, where there is one.
        client: The way to the model.
    """
    if settings is None or transcript.data is None:
        return None
    from trailerflow.summaries.check import check_of  # loaded only where summaries are checked

    return check_of(settings, transcript.data["text"], {path.stem: path for path in prompts}, client)


def outcome_of(movie: str, written: Written, made_by: dict[str, Any]) -> Outcome[Summary]:
    """What a model's answers mean for a movie.

    Args:
        movie: Identifier of the movie.
        written: The answer with the summary, whose ``finish_reason`` "length" says that it was cut off, and the others.
        made_by: Model and prompt, for the record.
    """
    answer, answers = written.answer, [*written.others, written.answer]
    more: dict[str, Any] = {
        "source": _source(answers),
        "made_by": made_by,
        "seconds": sum(each.seconds for each in answers),
    }
    if problem := answer.problem or written.problem:
        return Outcome.failed(RULE, movie, problem, **more)
    if abstains(answer.text):
        return Outcome.absent(RULE, movie, "the model found nothing to summarise", **more)
    summary = summary_of(answer)
    data: Summary = {
        "summary": summary,
        "words": word_count(summary),
        "finish_reason": answer.finish_reason,
    }
    return Outcome.ok(RULE, movie, data, **more)


def summary_of(answer: Answer) -> str:
    """The summary of an answer as one paragraph, without a sentence that was cut off."""
    text = " ".join(answer.text.split())
    return without_cut_sentence(text) if answer.finish_reason == "length" else text


def _source(answers: Sequence[Answer]) -> dict[str, Any]:
    """What answers cost, and where they are kept."""
    return {
        "usages": [each.usage for each in answers],
        "answers": [each.kept for each in answers if each.kept],
    }


def _checked(outcome: Outcome[Summary], told: Told, check: Check) -> Outcome[Summary]:
    """What a check leaves of a summary; an outcome without one stays as it is.

    What was written and its claims stay in the data, or in the source where nothing is left.
    """
    if outcome.data is None:
        return outcome
    from trailerflow.summaries.check import (
        checked_claims,
        checked_text,
        kept_text,
    )  # loaded only where there is a summary to check

    written = outcome.data["summary"]
    text = checked_text(written, told, check)
    claims = checked_claims(text, told, check)
    rest = written if check.unsupported == "mark" else kept_text(text, claims)
    answers = check.support.answers()
    more: dict[str, Any] = {
        "made_by": outcome.made_by | {"check": check.about},
        "seconds": outcome.seconds + sum(each.seconds for each in answers),
    }
    source: dict[str, Any] = {name: [*outcome.source[name], *own] for name, own in _source(answers).items()}
    if not rest:
        looked_at = {"written": written, "claims": claims}
        return Outcome.absent(RULE, outcome.movie, UNTOLD, source=source | looked_at, **more)
    data: Summary = {
        "summary": rest,
        "words": word_count(rest),
        "finish_reason": outcome.data["finish_reason"],
        "written": written,
        "claims": claims,
    }
    return Outcome.ok(RULE, outcome.movie, data, source=source, **more)


def without_cut_sentence(text: str) -> str:
    """Leave out the last sentence where it was cut off; a text without a whole sentence stays as it is.

    >>> without_cut_sentence("He runs. She follows. They come to the")
    'He runs. She follows.'
    """
    parts = sentences_of(text)
    if len(parts) < 2 or ends_with_a_stop(parts[-1]):
        return text
    return text[: text.rindex(parts[-1])].rstrip()


def abstains(text: str) -> bool:
    """Whether the first line is the word NOTHING, whatever its case and punctuation, or the answer tells of no plot."""
    first_line = text.strip().splitlines()[0]
    return first_line.strip(" \t.!\"'“”*`").casefold() == NOTHING.casefold() or is_refusal(text)
