"""What the trailer of a film says, what language models make of it, and what went wrong on the way."""

from __future__ import annotations

from typing import Any

from trailerflow.commands.film.known import ABSENT_WORDS, Known, told
from trailerflow.commands.film.layout import Part, shortened
from trailerflow.llm.types import CUT
from trailerflow.outcomes import Outcome
from trailerflow.planning.film import summaries_of_film
from trailerflow.register import PREPARE_TRANSCRIPT, SUMMARISE_MOVIE

TRANSCRIPT_WORDS = 60


def transcript_part(known: Known) -> Part:
    """The transcript, shortened, with its source and language; or why there is none."""
    outcome = known.outcome(PREPARE_TRANSCRIPT.name)
    if outcome is None:
        target = PREPARE_TRANSCRIPT.output.format(movie=known.movie.id)
        return Part("Transcript", [known.not_made(target)])
    if outcome.data is None:
        return Part(
            "Transcript",
            [
                told(outcome),
                f"So the story {ABSENT_WORDS}: the film is known by its title, year and genres alone.",
            ],
        )
    data = outcome.data
    language = f"in {data['language']}" if data["language"] else "in a language that could not be told"
    translated = ", translated" if data["translated"] else ""
    source = f"{_origin(known, data['origin'])}, {language}{translated}, {data['words']} words."
    return Part("Transcript", [source, f"“{shortened(data['text'], TRANSCRIPT_WORDS)}”"])


def _origin(known: Known, origin: str) -> str:
    """Where the words are from: read in captions or heard, and in what."""
    rule, said = ("fetch_captions", "Captions") if origin == "captions" else ("fetch_audio", "Speech")
    outcome = known.outcome(rule)
    candidate = (outcome.data or {}).get("candidate", {}) if outcome else {}
    place = candidate.get("path") or (f"YouTube's video {candidate['video']}" if "video" in candidate else "")
    return f"{said} of {place}" if place else said


def summary_part(known: Known) -> Part:
    """The summaries by model and way of asking, or why there is none."""
    lines = []
    for (model, way), path in summaries_of_film(known.config, known.movie.id).items():
        outcome = known.outcomes.get(path)
        lines += [f"{model}, {way}", f"  {_summary(known, outcome, path)}"]
    return Part("Summaries", lines)


def _summary(known: Known, outcome: Outcome[Any] | None, path: str) -> str:
    if outcome is None:
        return known.not_made(path)
    if outcome.data is not None:
        return str(outcome.data["summary"])
    found_nothing = outcome.status == "absent" and "passed_on_from" not in outcome.source
    return f"{told(outcome)}; the story {ABSENT_WORDS}." if found_nothing else f"{told(outcome)}."


def warning_part(known: Known) -> Part:
    """Every reason of a document that is not ok, and what was cut off."""
    lines = []
    for path, outcome in known.outcomes.items():
        what = path.removeprefix("results/").removesuffix(f"/{known.movie.id}.json")
        if outcome.rule == "fetch_audio" and outcome.status == "absent" and _has_captions(known):
            continue  # no sound is needed
        if outcome.data is None and "passed_on_from" not in outcome.source:
            lines.append(f"{what}: {told(outcome)}")
        elif outcome.rule == SUMMARISE_MOVIE.name and (outcome.data or {}).get("finish_reason") == CUT:
            lines.append(
                f"{what}: the answer was cut off at its longest; its last whole sentence is the last one."
            )
        elif "untranslated" in outcome.source:
            lines.append(f"{what}: {outcome.source['untranslated']}")
        elif outcome.rule == PREPARE_TRANSCRIPT.name and outcome.data is not None:
            words, before = outcome.data["words"], outcome.data["words_before_trim"]
            lines += [f"{what}: {before} words were cut to {words}."] if words < before else []
    return Part("Warnings", lines or ["none"])


def _has_captions(known: Known) -> bool:
    captions = known.outcome("fetch_captions")
    return captions is not None and captions.status == "ok"
