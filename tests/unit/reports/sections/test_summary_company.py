"""Scores at equal length and paired differences."""

from __future__ import annotations

from trailerflow.reports.sections.summary_company import SummaryCompany
from unit.report_frames import MODEL, SUMMARY_COMPARISONS, empty_tables, section_of, texts


def test_a_finding_names_all_that_a_system_is_compared_with() -> None:
    assert section_of(SummaryCompany).findings() == [
        f"{MODEL} (zero_shot), cut to the length of the references: ROUGE-L F1 .150 [.120, .180], which lies above "
        "the mismatch floor (+.030 [.010, .050]), and cannot be told from the constant sentence (+.010 [-.010, .030]).",
        f"{MODEL} (few_shot), cut to the length of the references: ROUGE-L F1 .140 [.110, .170], which cannot be told "
        "from its own zero_shot (-.010 [-.030, .010]).",
    ]
    tables = {SUMMARY_COMPARISONS: empty_tables()[SUMMARY_COMPARISONS]}
    assert "has no interval to be compared with" in section_of(SummaryCompany, tables).findings()[0]


def test_scores_of_equal_length_alone_stand_in_the_first_table() -> None:
    rows = texts(section_of(SummaryCompany).tables(), "Scores of texts that are cut")
    assert [MODEL, "zero_shot", "–", "–", ".150 [.120, .180]", "–", "–", ".550 [.520, .580]", "10"] in rows
    assert ["chance", "–", "–", "–", "–", "–", "–", ".050 [.020, .080]", "10"] in rows
    assert len(rows) == 4


def test_a_verdict_stands_beside_its_difference() -> None:
    rows = texts(
        section_of(SummaryCompany).tables(), "How far each system is above what it is compared with, cut"
    )
    assert rows[0][:7] == [
        MODEL,
        "zero_shot",
        "mismatch floor",
        "zero_shot",
        "–",
        "–",
        "+.030 [.010, .050] better",
    ]
    assert rows[1][6] == "+.010 [-.010, .030]"
