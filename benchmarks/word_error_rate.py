"""Word error rate of the speech stage on recordings with references, and its speed beside a bare loop.

The manifest is a CSV with the columns file (relative to the manifest's folder), reference and reference_kind;
further columns are not read. Each file goes through the warm server, as in a run but for the start of a
program per movie, and through a bare faster-whisper loop around the same model in this process with the
library's own settings: which of the two comes first changes from file to file, so that a busy machine slows
both.
"""

from __future__ import annotations

import argparse
import csv
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.program import run
from trailerflow.trailers.speech import Recogniser, SpeechSettings, spoken_segments
from trailerflow.trailers.speech_server import choose_device, load_model


@dataclass(frozen=True)
class Clip:
    """What was measured on one recording."""

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
    rows: Sequence[dict[str, str]], folder: Path, recogniser: Recogniser, bare: Any, beam_size: int
) -> list[Clip]:
    """Recognise every recording both ways, one after the other."""

    def served(path: Path) -> str:
        return " ".join(part["text"] for part in spoken_segments(recogniser.recognise(path)[0]))

    def looped(path: Path) -> str:
        return " ".join(part.text for part in bare.transcribe(str(path), beam_size=beam_size)[0])

    clips = []
    for number, row in enumerate(rows):
        path = folder / row["file"]
        texts, seconds = {}, {}
        for way in (served, looped) if number % 2 else (looped, served):
            started = time.perf_counter()
            texts[way] = normalised_words(way(path))
            seconds[way] = time.perf_counter() - started
        reference = normalised_words(row["reference"])
        clips.append(
            Clip(
                name=path.name,
                kind=row["reference_kind"].split(" ", 1)[0],
                words=len(reference),
                errors=word_errors(reference, texts[served]),
                bare_errors=word_errors(reference, texts[looped]),
                seconds=seconds[served],
                bare_seconds=seconds[looped],
                audio_seconds=recogniser.recognise(path)[0]["duration"],
            )
        )
    return clips


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
    settings = SpeechSettings(arguments.model.name, arguments.beam_size, "auto", "auto", idle_seconds=30)
    device, compute_type = choose_device("auto", "auto")
    bare = load_model(arguments.model, device=device, compute_type=compute_type, threads=arguments.threads)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        warm, kept = (
            Recogniser(settings, arguments.model.parent, place / cache, place / "run", arguments.threads)
            for cache in ("warm", "kept")
        )
        measure(rows[:1], folder, warm, bare, arguments.beam_size)  # loads both, and counts for nothing
        clips = measure(rows, folder, kept, bare, arguments.beam_size)
    print(f"{arguments.model.name}, {device} {compute_type}, beam {arguments.beam_size}\n\n{report(clips)}")


if __name__ == "__main__":
    run(main)
