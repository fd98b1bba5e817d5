"""What the template sees: texts that are ready to print, and no frame or number."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: What it says.
        detail: Smaller text beside it, such as an interval.
        status: ``ok``, ``absent``, ``failed`` or ``later`` where the cell shows an outcome, ``green``, ``amber`` or ``red``
            where it shows a light.
    """

    text: str
    detail: str = ""
    status: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a table; ``kind`` is ``system``, ``reference``, ``published`` or ``total``."""

    cells: tuple[Cell, ...]
    kind: str = "system"


@dataclass(frozen=True)
class Column:
    """Heading of a column, and whether it holds figures."""

    label: str
    figures: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption.

    Attributes:
        caption: What it shows.
        columns: Headings, the rows' names first.
        rows: Rows of as many cells; with none, the page says ``nothing``.
        note: A sentence on how to read it.
        folded: Text of the fold that the table is shown behind, or the empty text for an open table.
        nothing: What the page says when there are no rows.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    folded: str = ""
    nothing: str = "Nothing to show: the table is empty."

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of the table '{self.caption}' has not {len(self.columns)} cells")


@dataclass(frozen=True)
class Plot:
    """A plot as an inline SVG drawing that carries its own title and description.

    Attributes:
        svg: The drawing.
        caption: What it shows and how to read it.
    """

    svg: Markup
    caption: str


@dataclass(frozen=True)
class SampleClaim:
    """A claim of a summary in a sample.

    Attributes:
        text: The claim.
        fault: Why it is not kept; empty where it is.
        window: The part of the transcript that is most like it, with its times; empty where there is none.
    """

    text: str
    fault: str
    window: str


@dataclass(frozen=True)
class SampleSummary:
    """A summary in a sample: which system wrote it, the text, its scores in words, and its claims where it was checked."""

    label: str
    text: str
    scores: str
    claims: tuple[SampleClaim, ...] = ()


@dataclass(frozen=True)
class Sample:
    """A movie whose texts are shown side by side."""

    title: str
    genres: str
    predicted: tuple[str, ...]
    transcript: str
    transcript_label: str
    synopsis: str
    summaries: tuple[SampleSummary, ...]


@dataclass(frozen=True)
class ShownSection:
    """A section of the page; paragraphs come first, then plots, tables, samples and folded verbatim texts."""

    identifier: str
    title: str
    paragraphs: tuple[str, ...] = ()
    plots: tuple[Plot, ...] = ()
    tables: tuple[Table, ...] = ()
    samples: tuple[Sample, ...] = ()
    verbatim: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fact:
    """A figure of the head: the number and what it counts."""

    value: str
    label: str


@dataclass(frozen=True)
class Page:
    """The whole page."""

    title: str
    introduction: str
    facts: tuple[Fact, ...]
    findings: tuple[str, ...]
    warnings: tuple[str, ...]
    sections: tuple[ShownSection, ...]
