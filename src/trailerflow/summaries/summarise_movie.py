"""One movie's summary by one language model and one way of asking it, from its prepared transcript."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trailerflow import __version__
from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.prompts import prompt_hash
from trailerflow.llm.types import Asks
from trailerflow.outcomes import Outcome
from trailerflow.sentences import sentences_of
from trailerflow.summaries.refusals import is_refusal
from trailerflow.summaries.ways.contract import NOTHING, Prompts, Told, Way, Written
from trailerflow.text import ends_with_a_stop, word_count

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript, Summary

RULE = "summarise_movie"


def summarise_movie(
    transcript: Outcome[PreparedTranscript],
    *,
    title: str,
    way: Way,
    prompts: Prompts,
    words: int,
    client: Asks,
) -> Outcome[Summary]:
    """Ask a model for a movie's summary.

    A transcript that is not ok is passed on without a request.

    Args:
        transcript: Outcome of ``prepare_transcript``.
        title: The movie's title as in the catalogue.
        way: The way of asking.
        prompts: The way's prompt files.
        words: Length aimed at.
        client: The way to the model.

    Returns:
        ``ok`` with ``summary`` (one paragraph), ``words`` and ``finish_reason``; ``absent`` where the model
        found no story in the transcript; ``failed`` where a request was refused or the answer empty;
        ``later`` where the model could not be reached.

    Raises:
        TrailerflowError: A prompt file is missing or not sound.
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
    try:
        written = way.write(Told(title, transcript.data, words), prompts, client)
    except (LaterError, RefusedError) as error:
        return Outcome.unanswered(RULE, transcript.movie, error, made_by=made_by)
    return outcome_of(transcript.movie, written, made_by)


def outcome_of(movie: str, written: Written, made_by: dict[str, Any]) -> Outcome[Summary]:
    """What a model's answers mean for a movie.

    Args:
        movie: Identifier of the movie.
        written: The answer with the summary, whose ``finish_reason`` "length" says that it was cut off, and the others.
        made_by: Model and prompt, for the record.
    """
    answer, answers = written.answer, [*written.others, written.answer]
    more: dict[str, Any] = {
        "source": {
            "usages": [each.usage for each in answers],
            "answers": [each.kept for each in answers if each.kept],
        },
        "made_by": made_by,
        "seconds": sum(each.seconds for each in answers),
    }
    if problem := answer.problem or written.problem:
        return Outcome.failed(RULE, movie, problem, **more)
    if _abstains(answer.text):
        return Outcome.absent(RULE, movie, "the model found nothing to summarise", **more)
    summary = " ".join(answer.text.split())
    if answer.finish_reason == "length":
        summary = without_cut_sentence(summary)
    data: Summary = {
        "summary": summary,
        "words": word_count(summary),
        "finish_reason": answer.finish_reason,
    }
    return Outcome.ok(RULE, movie, data, **more)


def without_cut_sentence(text: str) -> str:
    """Leave out the last sentence where it was cut off; a text without a whole sentence stays as it is.

    >>> without_cut_sentence("He runs. She follows. They come to the")
    'He runs. She follows.'
    """
    parts = sentences_of(text)
    if len(parts) < 2 or ends_with_a_stop(parts[-1]):
        return text
    return text[: text.rindex(parts[-1])].rstrip()


def _abstains(text: str) -> bool:
    """Whether the first line is the word NOTHING, whatever its case and punctuation, or the answer tells of no plot."""
    first_line = text.strip().splitlines()[0]
    return first_line.strip(" \t.!\"'“”*`").casefold() == NOTHING.casefold() or is_refusal(text)
