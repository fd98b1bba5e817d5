"""The page: from its parts to the view, from the view to HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from trailerflow.redaction import redact_values
from trailerflow.reports.head import Head
from trailerflow.reports.section import Run, Section
from trailerflow.reports.view import Page, ShownSection
from trailerflow.templates import page_template


def build_page(sections: Sequence[type[Section]], tables: Mapping[str, pd.DataFrame], run: Run) -> Page:
    """All that the page says, ready to print.

    Args:
        sections: The kinds of sections, in the order of the page.
        tables: What the sections and the head read, by place below ``results/``; each may be empty or hold movies
            that are later, absent or failed.
        run: What they may know beside it.
    """
    filled = [section.of(tables, run) for section in sections]
    return Page(
        title="From trailers to summaries, genres and recommendations",
        introduction=Head.of(tables, run).introduction(),
        facts=tuple(fact for section in filled for fact in section.facts()),
        findings=tuple(finding for section in filled for finding in section.findings()),
        warnings=tuple(warning for section in filled for warning in section.warnings()),
        sections=tuple(map(shown, filled)),
    )


def shown(section: Section) -> ShownSection:
    """What a section says in its place of the page."""
    return ShownSection(
        identifier=section.identifier,
        title=section.title,
        paragraphs=tuple(section.paragraphs()),
        plots=tuple(section.plots()),
        tables=tuple(section.tables()),
        samples=tuple(section.samples()),
        verbatim=tuple(section.verbatim()),
    )


def render(page: Page) -> str:
    """The page as one HTML file that needs neither network nor scripts, and holds no value of a secret variable.

    Every text is escaped; only the drawings, which escape their own texts, go in as they are.
    """
    return str(redact_values(page_template("trailerflow.reports", "page.html.jinja").render(page=page)))
