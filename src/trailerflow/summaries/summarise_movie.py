"""One movie's summary by one language model and one prompt, from its prepared transcript."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow import __version__
from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.prompts import prompt_hash, render
from trailerflow.llm.types import Answer, Asks, Request
from trailerflow.movies.titles import display_title, mask_title
from trailerflow.outcomes import Outcome
from trailerflow.text import ends_with_a_stop, sentences, word_count

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript, Summary

RULE = "summarise_movie"
NOTHING = "NOTHING"
"""What the prompts tell the model to answer where the transcript tells no story."""

_TOKENS_PER_WORD = 1.5  # English takes about 1.3; the rest is room for a summary that runs over


def summarise_movie(
    transcript: Outcome[PreparedTranscript],
    *,
    title: str,
    prompt: Path,
    prompt_name: str,
    words: int,
    client: Asks,
) -> Outcome[Summary]:
    """Ask a model for a movie's summary.

    A transcript that is not ok is passed on without a request.

    Args:
        transcript: Outcome of ``prepare_transcript``.
        title: The movie's title as in the catalogue.
        prompt: Prompt file, with the variables of `request_of`.
        prompt_name: What the prompt is called in paths and tables.
        words: Length aimed at; the answer is cut at 1.5 tokens a word.
        client: The way to the model.

    Returns:
        ``ok`` with ``summary`` (one paragraph), ``words`` and ``finish_reason``; ``absent`` where the model
        found no story in the transcript; ``failed`` where the request was refused or the answer empty;
        ``later`` where the model could not be reached.

    Raises:
        TrailerflowError: The prompt file is missing or not sound.
    """
    made_by = {
        "model": client.model.name,
        "model_hash": client.model.hash,
        "prompt": prompt_name,
        "prompt_hash": prompt_hash(prompt),
        "trailerflow": __version__,
    }
    if transcript.status != "ok" or transcript.data is None:
        return replace(transcript.passed_on(RULE), made_by=made_by)
    request = request_of(transcript.data["text"], title=title, prompt=prompt, words=words)
    try:
        answer = client.ask(request)
    except (LaterError, RefusedError) as error:
        return Outcome.unanswered(RULE, transcript.movie, error, made_by=made_by)
    return outcome_of(transcript.movie, answer, made_by)


def request_of(transcript: str, *, title: str, prompt: Path, words: int) -> Request:
    """The request for a summary.

    Args:
        transcript: The movie's prepared transcript.
        title: The movie's title as in the catalogue.
        prompt: Prompt file with any of the variables ``{title}``, ``{words}``, ``{transcript}`` and
            ``{masked_transcript}``, in which the film's own title is not told.
        words: Length aimed at; the answer is cut at 1.5 tokens a word.

    Raises:
        TrailerflowError: The prompt file is missing or not sound.
    """
    values = {
        "title": display_title(title),
        "words": str(words),
        "transcript": transcript,
        "masked_transcript": mask_title(transcript, title),
    }
    return Request(render(prompt, values), max_tokens=round(_TOKENS_PER_WORD * words))


def outcome_of(movie: str, answer: Answer, made_by: dict[str, Any]) -> Outcome[Summary]:
    """What a model's answer means for a movie.

    Args:
        movie: Identifier of the movie.
        answer: The model's answer; ``finish_reason`` "length" says that it was cut off.
        made_by: Model and prompt, for the record.
    """
    more: dict[str, Any] = {
        "source": {"usage": answer.usage, "answers": [answer.kept] if answer.kept else []},
        "made_by": made_by,
        "seconds": answer.seconds,
    }
    if answer.problem:
        return Outcome.failed(RULE, movie, answer.problem, **more)
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
    parts = sentences(text)
    if len(parts) < 2 or ends_with_a_stop(parts[-1]):
        return text
    return text[: text.rindex(parts[-1])].rstrip()


def _abstains(text: str) -> bool:
    """Whether the first line is the word NOTHING, whatever its case and punctuation."""
    first_line = text.strip().splitlines()[0]
    return first_line.strip(" \t.!\"'“”*`").casefold() == NOTHING.casefold()
