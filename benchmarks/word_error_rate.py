"""Word error rate of the speech stage's two pipelines on recordings with references, and their speed beside bare loops.

The manifest is a CSV with the columns file (relative to the manifest's folder), reference and reference_kind;
further columns are not read. Each file goes through the warm server by the careful and by the batched pipeline, as in a
run but for the start of a program per movie, and through a bare faster-whisper loop of each pipeline around the same
model in this process with the library's own settings: which of the four comes first changes from file to file, so that a
busy machine slows all.
"""

from __future__ import annotations

import argparse
import csv
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.program import run
from trailerflow.trailers.speech.recogniser import Recogniser, SpeechSettings
from trailerflow.trailers.speech.speech_server import BATCH, SAMPLE_RATE, choose_device, decode, load_model
from trailerflow.trailers.speech.spoken import spoken_segments

PIPELINES = ("careful", "batched")


Way = Callable[[Path], str]
"""Gives the text of a recording."""


@dataclass(frozen=True)
class Clip:
    """What was measured on one recording by one pipeline."""

    name: str
    kind: str
    words: int
    errors: int
    bare_errors: int
    seconds: float
    bare_seconds: float
    audio_seconds: float


def normalised_words(text: str) -> list[str]:
    """Words in lower case without punctuation, accents and apostrophes; numbers stay as they are written."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", re.sub("['’]", "", plain))


def word_errors(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Fewest substitutions, deletions and insertions of words that turn one text into the other.

    The distance of Levenshtein, Binary codes capable of correcting deletions, insertions and reversals
    (Soviet Physics Doklady 10, 1966), over words; divided by the words of the reference it is the word error
    rate.

    >>> word_errors("the cat sat down".split(), "a cat sat".split())
    2
    """
    row = list(range(len(hypothesis) + 1))
    for count, word in enumerate(reference, start=1):
        diagonal, row[0] = row[0], count
        for place, heard in enumerate(hypothesis, start=1):
            diagonal, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, diagonal + (word != heard)),
            )
    return row[-1]


def measure(
    rows: Sequence[dict[str, str]], folder: Path, ways: Mapping[str, tuple[Way, Way]]
) -> dict[str, list[Clip]]:
    """Recognise every recording by every way, one after the other.

    Args:
        rows: Rows of the manifest.
        folder: Place of the recordings.
        ways: Ours and the bare loop of each pipeline.
    """
    order = [way for pair in ways.values() for way in pair]
    clips: dict[str, list[Clip]] = {pipeline: [] for pipeline in ways}
    for number, row in enumerate(rows):
        path, reference = folder / row["file"], normalised_words(row["reference"])
        errors, seconds = {}, {}
        for way in (*order[number % len(order) :], *order[: number % len(order)]):
            started = time.perf_counter()
            text = way(path)
            seconds[way] = time.perf_counter() - started
            errors[way] = word_errors(reference, normalised_words(text))
        for pipeline, (ours, bare) in ways.items():
            clips[pipeline].append(
                Clip(
                    name=path.name,
                    kind=row["reference_kind"].split(" ", 1)[0],
                    words=len(reference),
                    errors=errors[ours],
                    bare_errors=errors[bare],
                    seconds=seconds[ours],
                    bare_seconds=seconds[bare],
                    audio_seconds=len(decode(path)[0]) / SAMPLE_RATE,
                )
            )
    return clips


def bare_loops(model: Any, *, beam_size: int, batch: int) -> dict[str, Way]:
    """A loop around each of faster-whisper's pipelines, with the library's own settings."""
    from faster_whisper import BatchedInferencePipeline

    batched = BatchedInferencePipeline(model)

    def careful_loop(path: Path) -> str:
        return " ".join(part.text for part in model.transcribe(str(path), beam_size=beam_size)[0])

    def batched_loop(path: Path) -> str:
        parts, _ = batched.transcribe(str(path), beam_size=beam_size, batch_size=batch)
        return " ".join(part.text for part in parts)

    return {"careful": careful_loop, "batched": batched_loop}


def our_ways(model: Path, *, beam_size: int, threads: int, cache: Path, run: Path) -> dict[str, Way]:
    """The warm server by each pipeline, then what is spoken.

    Args:
        model: Folder of a fetched model.
        beam_size: Beams of the search.
        threads: CPU threads of the server.
        cache: Folder of the answers; an empty one, or nothing is measured.
        run: Folder of the server's endpoint.
    """

    def way(pipeline: str) -> Way:
        settings = SpeechSettings(
            model=model.name,
            pipeline=pipeline,
            batch=None,
            beam_size=beam_size,
            device="auto",
            compute_type="auto",
            translate=False,
            idle_seconds=60,
        )
        recogniser = Recogniser(settings, model.parent, cache, run, threads)
        return lambda path: " ".join(part["text"] for part in spoken_segments(recogniser.recognise(path)[0]))

    return {pipeline: way(pipeline) for pipeline in PIPELINES}


def report(clips: Iterable[Clip]) -> str:
    """A Markdown table: one row a clip, one for each kind of reference, one for all."""
    clips = list(clips)
    lines = [
        "| recordings | words | word error rate | bare loop | times real time | bare loop | speed, ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    groups = [(clip.name, [clip]) for clip in clips]
    for kind in sorted({clip.kind for clip in clips}):
        groups.append((f"reference: {kind}", [clip for clip in clips if clip.kind == kind]))
    for name, group in [*groups, ("all", clips)]:
        words = sum(clip.words for clip in group)
        audio = sum(clip.audio_seconds for clip in group)
        seconds = sum(clip.seconds for clip in group)
        bare_seconds = sum(clip.bare_seconds for clip in group)
        lines.append(
            f"| {name} | {words} | {sum(clip.errors for clip in group) / words:.1%} "
            f"| {sum(clip.bare_errors for clip in group) / words:.1%} | {audio / seconds:.1f} "
            f"| {audio / bare_seconds:.1f} | {bare_seconds / seconds:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Read the manifest, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--manifest", type=Path, required=True, help="CSV with file, reference, reference_kind"
    )
    parser.add_argument(
        "--model", type=Path, required=True, help="folder of a model that `make models` fetched"
    )
    parser.add_argument("--beam-size", type=int, default=5, help="beams of the search")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of either way")
    parser.add_argument("--clips", type=int, help="only so many of the manifest's first recordings")
    arguments = parser.parse_args()
    with open(arguments.manifest, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[: arguments.clips]
    folder = arguments.manifest.parent
    device, compute_type = choose_device("auto", "auto")
    model = load_model(arguments.model, device=device, compute_type=compute_type, threads=arguments.threads)
    settings = {"beam_size": arguments.beam_size, "threads": arguments.threads}
    loops = bare_loops(model, beam_size=arguments.beam_size, batch=BATCH[device])
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        warm, fresh = (
            our_ways(arguments.model, **settings, cache=place / cache, run=place / "run")
            for cache in ("warm", "fresh")
        )
        # The first recording loads both models, and counts for nothing.
        measure(rows[:1], folder, {pipeline: (warm[pipeline], loops[pipeline]) for pipeline in PIPELINES})
        clips = measure(
            rows, folder, {pipeline: (fresh[pipeline], loops[pipeline]) for pipeline in PIPELINES}
        )
    for pipeline in PIPELINES:
        batch = f", {BATCH[device]} windows at once" if pipeline == "batched" else ""
        print(
            f"\n{arguments.model.name}, {pipeline}, {device} {compute_type}, beam {arguments.beam_size}{batch}\n"
        )
        print(report(clips[pipeline]))


if __name__ == "__main__":
    run(main)
