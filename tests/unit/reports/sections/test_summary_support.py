"""What the check of claims kept, behind what its measure is worth."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from trailerflow.reports.sections.summary_support import SummarySupport
from unit.report_frames import KEPT_CLAIMS, MODEL, SUPPORT_WORTH, empty_tables, full_run, section_of, texts
from unit.report_scores import kept_claims


def test_a_finding_tells_the_worth_of_the_measure_with_the_share() -> None:
    kept = f"{MODEL} (zero_shot): of 42 claims in 10 summaries, .500 [.400, .600] are kept as supported by the transcript. "
    assert section_of(SummarySupport).findings() == [
        kept
        + "The measure yes_no tells supported claims from invented ones with an AUC of .820 [.720, .920] (read by Ada)."
    ]
    tables = {SUPPORT_WORTH: empty_tables()[SUPPORT_WORTH]}
    assert section_of(SummarySupport, tables).findings() == [
        kept + "What the measure yes_no is worth was not measured."
    ]


def test_the_worth_of_the_measure_stands_before_what_it_kept() -> None:
    worth, kept = section_of(SummarySupport).tables()
    assert texts([worth], "What the measure yes_no is worth") == [
        ["supported, invented", "Ada", MODEL, ".820 [.720, .920]", ".420 [.320, .520]", "113", "14"],
        ["own film's plot, another's", "–", MODEL, ".820 [.720, .920]", ".420 [.320, .520]", "113", "14"],
    ]
    assert texts([kept], "What the check kept") == [
        [
            MODEL,
            "zero_shot",
            "10",
            "42",
            "2.100",
            ".500 [.400, .600]",
            ".100 [.000, .200]",
            ".200 [.100, .300]",
        ]
    ]


def test_the_worth_is_that_of_the_measure_that_was_asked() -> None:
    tables = empty_tables() | {KEPT_CLAIMS: pd.DataFrame(kept_claims()).assign(measure="yes_no_words")}
    section = section_of(SummarySupport, tables)
    assert section.findings()[0].endswith("What the measure yes_no_words is worth was not measured.")
    assert "by the measure yes_no_words." in section.paragraphs()[0]
    assert section.tables()[0].caption == "What the measure yes_no_words is worth"


def test_where_no_way_is_checked_it_says_so_and_no_more() -> None:
    run = replace(full_run(), config={"summaries": {"check": {"ways": [], "measure": "yes_no"}}})
    section = section_of(SummarySupport, empty_tables(), run)
    (said,) = section.paragraphs()
    assert said.startswith("No way of asking is checked")
    assert not section.tables() and not section.findings()
