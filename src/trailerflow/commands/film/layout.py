"""Plain text in parts with a heading each, in lines that fit a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trailerflow.outside import clean_text

WIDTH = 96
INDENT = "  "


class Part(NamedTuple):
    """A part of the page.

    Attributes:
        title: Its heading.
        lines: What it says, without the indent.
    """

    title: str
    lines: Sequence[str]


def page_text(heading: str, parts: Iterable[Part]) -> str:
    """The whole page; long lines are wrapped, and go on behind their own indent. Nothing in it controls a terminal."""
    lines = ["", *textwrap.wrap(heading, WIDTH)]
    for part in parts:
        lines += ["", part.title.upper()]
        for line in part.lines:
            lines += wrapped(line)
    return clean_text("\n".join(lines))


def wrapped(line: str) -> list[str]:
    """A line in as many as it needs."""
    own = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line.strip(),
        WIDTH,
        initial_indent=INDENT + own,
        subsequent_indent=INDENT + own + INDENT,
        break_on_hyphens=False,
        drop_whitespace=True,
    ) or [""]


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their cells below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def shortened(text: str, words: int) -> str:
    """The first words of a text."""
    parts = text.split()
    return text if len(parts) <= words else f"{' '.join(parts[:words])} …"
