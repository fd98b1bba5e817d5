"""Labels of claims: what people, or another reader, say of the claims of summaries, as a CSV table; read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.text import compared_words

SUPPORTED, PARTLY, INVENTED, OTHER = "S", "P", "N", "O"
LABELS = {
    SUPPORTED: "supported by the transcript",
    PARTLY: "partly supported",
    INVENTED: "not supported: invented or wrong",
    OTHER: "opinion, cast or talk about the film",
}
COLUMNS = ("movie", "system", "sentence", "claim", "text", "label", "reader")
"""Columns of the table; it may have more."""

LONGEST_CLAIM = 2000
"""Longest claim, in characters."""

_PLACE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True)
class ClaimLabel:
    """What one reader says of one claim.

    Attributes:
        movie: Id of the movie.
        system: What wrote the summary.
        sentence: Place of the claim's sentence in the summary, from 0.
        claim: Place of the claim in the summary, from 0.
        text: The claim.
        label: One of `LABELS`.
        reader: Who or what read it. Two passes of one reader have two names.
        row: Row of the table, the header being row 1.
    """

    movie: str
    system: str
    sentence: int
    claim: int
    text: str
    label: str
    reader: str
    row: int

    @property
    def place(self) -> tuple[str, str, int]:
        """Which claim it is of: movie, system, and place in the summary."""
        return self.movie, self.system, self.claim


def read_claim_labels(path: Path) -> list[ClaimLabel]:
    """Read a table of labels. A row that says again what its reader said of the claim counts once.

    Args:
        path: CSV in UTF-8 with the columns of `COLUMNS`.

    Raises:
        TrailerflowError: The table cannot be read or is empty, a cell is wrong, one reader gives a claim two labels, or one
            claim has two texts.
    """
    found: dict[tuple[str, tuple[str, str, int]], ClaimLabel] = {}
    first: dict[tuple[str, str, int], ClaimLabel] = {}
    for row, cells in csv_rows(path, COLUMNS):
        label = _label(path, row, cells)
        same_claim = first.setdefault(label.place, label)
        if (label.text, label.sentence) != (same_claim.text, same_claim.sentence):
            raise TrailerflowError(
                f"{path}, row {row}: claim {label.claim} of movie {label.movie} by {label.system} is another sentence or "
                f"text than in row {same_claim.row}; all readers must label the same claims."
            )
        before = found.setdefault((label.reader, label.place), label)
        if label.label != before.label:
            raise TrailerflowError(
                f"{path}, row {row}: {label.reader} gives claim {label.claim} of movie {label.movie} by {label.system} the "
                f"label {label.label} and in row {before.row} {before.label}; keep one, or name the second pass as a reader "
                "of its own."
            )
    if not found:
        raise TrailerflowError(f"{path} has no labels; add rows below the header.")
    return list(found.values())


def check_texts(
    path: Path, labels: Iterable[ClaimLabel], sentences: Mapping[tuple[str, str], list[str]]
) -> None:
    """Refuse labels that are of other summaries than these.

    A claim is made of words of its sentence, so each word of it must stand there.

    Args:
        path: The table, for the message.
        labels: From `read_claim_labels`.
        sentences: Movie and system to the sentences of the summary.

    Raises:
        TrailerflowError: A movie is unknown, a system wrote no summary of it, or a claim is not of its sentence.
    """
    movies = {movie for movie, _ in sentences}
    for label in labels:
        if label.movie not in movies:
            raise TrailerflowError(
                f"{path}, row {label.row}: {label.movie} is no movie with a summary here; remove its rows."
            )
        if (label.movie, label.system) not in sentences:
            raise TrailerflowError(
                f"{path}, row {label.row}: there is no summary of movie {label.movie} by {label.system}; correct the system."
            )
        told = sentences[label.movie, label.system]
        own = told[label.sentence] if label.sentence < len(told) else ""
        if not set(compared_words(label.text)) <= set(compared_words(own)):
            raise TrailerflowError(
                f"{path}, row {label.row}: the claim {label.text[:80]!r} is not of sentence {label.sentence} of the summary "
                f"of movie {label.movie} by {label.system}; the labels are of other summaries: give these, or label anew."
            )


def _label(path: Path, row: int, cells: Mapping[str, str]) -> ClaimLabel:
    for column in ("movie", "system", "text", "reader"):
        if not cells[column]:
            raise TrailerflowError(f"{path}, row {row}: {column} is empty; fill it in.")
    for column in ("sentence", "claim"):
        if not _PLACE.fullmatch(cells[column]):
            raise TrailerflowError(
                f"{path}, row {row}: {column} is {cells[column][:20]!r}; it must be a whole number from 0 to 9999."
            )
    if cells["label"] not in LABELS:
        raise TrailerflowError(
            f"{path}, row {row}: the label is {cells['label'][:20]!r}; it must be one of {', '.join(LABELS)}."
        )
    if len(cells["text"]) > LONGEST_CLAIM:
        raise TrailerflowError(
            f"{path}, row {row}: the claim has {len(cells['text'])} characters; {LONGEST_CLAIM} are the most."
        )
    return ClaimLabel(
        movie=cells["movie"],
        system=cells["system"],
        sentence=int(cells["sentence"]),
        claim=int(cells["claim"]),
        text=cells["text"],
        label=cells["label"],
        reader=cells["reader"],
        row=row,
    )
