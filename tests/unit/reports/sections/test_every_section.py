"""What holds for every section of the page, whoever adds one: it stands in the register and is passed through these."""

from __future__ import annotations

import dataclasses
import json
import re

import pandas as pd
import pytest
from markupsafe import escape

from trailerflow.register import BY_NAME
from trailerflow.reports.pages import render, shown
from trailerflow.reports.register import SECTIONS
from trailerflow.reports.section import Section
from trailerflow.reports.view import Page
from trailerflow.row_kinds import REFERENCE, RESERVED, SYSTEM
from unit.report_frames import MODEL, Tables, empty_tables, full_run, full_tables, section_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.identifier),
]

HOSTILE = "<i>$x$ & \"'{}"
_SAID = (
    "system",
    "other",
    "ranker",
    "model",
    "prompt",
    "title",
    "summary",
    "text",
    "reason",
    "note",
    "scorer",
    "origin",
    "names",
)
"""Columns of what a user, a film or a model named or said."""
_NAMES = ("system", "other", "ranker", "model")
_COMPARED = ("lies above", "lies below", "cannot be told from", "has no interval to be compared with")


def rendered(section: Section) -> str:
    """A page of this section alone."""
    head = {name: tuple(getattr(section, name)()) for name in ("facts", "findings", "warnings")}
    return render(Page(title="", introduction="", sections=(shown(section),), **head))


def own(section: type[Section]) -> Tables:
    """The full run's tables that a section reads, with the columns that it sees."""
    return {reads.path: full_tables()[reads.path][list(reads.columns)] for reads in section.reads().values()}


def told(section: Section) -> str:
    """All that a section says but its drawings, whose lines move with the length of a name."""
    parts = ("findings", "facts", "warnings", "paragraphs", "tables", "samples", "verbatim")
    return str([tuple(getattr(section, part)()) for part in parts])


def test_it_says_in_one_place_what_it_is_and_reads(section: type[Section]) -> None:
    assert re.fullmatch(r"[a-z][a-z-]*", section.identifier)
    assert section.title and section.__doc__
    assert [each.identifier for each in SECTIONS].count(section.identifier) == 1
    assert section.__module__.startswith("trailerflow.reports.sections.")
    places = [reads.path for reads in section.reads().values()]
    assert len(places) == len(set(places))
    for place in (*places, *section.abouts):
        assert place.split("/")[0] in BY_NAME, f"{place} is of no rule"
    for reads in section.reads().values():
        assert len(reads.columns) == len(set(reads.columns)) > 0
    # The about of a table that is read need not be named.
    assert not set(section.abouts) & {reads.about for reads in section.reads().values()}


def test_it_sees_no_column_that_it_did_not_ask_for(section: type[Section]) -> None:
    made = section_of(section, {place: frame.assign(more=1) for place, frame in full_tables().items()})
    for name, reads in section.reads().items():
        assert list(getattr(made, name).columns) == list(reads.columns)


def test_without_rows_it_says_so_and_draws_nothing(section: type[Section]) -> None:
    empty = section()
    assert not empty.plots() and not empty.samples() and not empty.warnings()
    for table in empty.tables():
        assert not table.rows
        assert table.nothing.endswith(".")
        assert escape(table.nothing) in rendered(empty)
    assert not re.search(r"<(table|svg)\b", rendered(empty))


def test_each_of_its_tables_may_be_empty(section: type[Section]) -> None:
    for place in own(section):
        assert section.title in rendered(section_of(section, {place: empty_tables()[place]}))


def test_what_is_named_or_said_outside_is_escaped(section: type[Section]) -> None:
    tables = {}
    for place, frame in own(section).items():
        names = frame.columns.intersection(_SAID)
        tables[place] = frame.assign(
            **{
                name: frame[name].map(lambda said: HOSTILE + said if isinstance(said, str) else said)
                for name in names
            }
        )
    page = rendered(section_of(section, tables))
    assert "<i>" not in page
    if any(set(frame.columns) & set(_SAID) for frame in tables.values()):
        assert "&lt;i&gt;$x$ &amp; &#34;&#39;{}" in page


def test_missing_values_and_nullable_types_make_the_same(section: type[Section]) -> None:
    nullable = {place: frame.convert_dtypes() for place, frame in own(section).items()}
    assert rendered(section_of(section, nullable)) == rendered(section_of(section))


def test_its_tables_are_not_changed(section: type[Section]) -> None:
    before = {place: frame.copy() for place, frame in own(section).items()}
    told(section_of(section))
    for place, frame in own(section).items():
        pd.testing.assert_frame_equal(frame, before[place])


def test_names_of_drawings_are_its_own(section: type[Section]) -> None:
    names = [re.search(r'<title id="([^"]+)-title"', plot.svg) for plot in section_of(section).plots()]
    assert all(names)
    assert len({name[1] for name in names if name}) == len(names)


def test_figures_have_company(section: type[Section]) -> None:
    if not any("row_kind" in frame.columns for frame in own(section).values()):
        pytest.skip("it shows no scores")
    made = section_of(section)
    assert {row.kind for row in made.tables()[0].rows} >= {SYSTEM, REFERENCE}
    for sentence in made.findings():
        assert any(words in sentence for words in _COMPARED), sentence


def test_what_a_row_is_stands_in_the_table_and_is_not_read_from_its_name(section: type[Section]) -> None:
    if not any(set(frame.columns) & set(_NAMES) for frame in own(section).values()):
        pytest.skip("its tables name no system")
    before = told(section_of(section))
    for name in (*(f"{word}-8b" for word in RESERVED), "-".join(RESERVED)):
        tables = {
            place: frame.assign(
                **{
                    column: frame[column].replace(MODEL, name)
                    for column in frame.columns.intersection(_NAMES)
                }
            )
            for place, frame in own(section).items()
        }
        abouts = json.loads(json.dumps(full_run().abouts).replace(MODEL, name))
        renamed = section_of(section, tables, dataclasses.replace(full_run(), abouts=abouts))
        assert told(renamed).replace(name, MODEL) == before
