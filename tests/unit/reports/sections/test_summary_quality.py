"""Faithfulness beside its floor, and the rules kept."""

from __future__ import annotations

from trailerflow.reports.sections.summary_quality import SummaryQuality
from unit.report_frames import COMPLIANCE, MODEL, full_tables, section_of, texts


def test_faithfulness_stands_beside_its_floor() -> None:
    assert texts(section_of(SummaryQuality).tables(), "Faithfulness of the summaries") == [
        [MODEL, "zero_shot", ".640 [.610, .670]", "10"],
        ["mismatch floor", "zero_shot", ".550 [.520, .580]", "10"],
    ]


def test_rules_kept_are_told_with_the_names_found() -> None:
    table = section_of(SummaryQuality).tables()[1]
    row = dict(zip([column.label for column in table.columns], texts([table], "")[0], strict=True))
    assert row["Asked"] == "11"
    assert row["Abstained"] == "1"
    assert row["70–130 % of the words"] == ".800 [.700, .900]"
    assert row["Copies the transcript"] == ".300 [.200, .400]"
    assert "Cast and crew found: Ann Lee, Tom Hanks." in table.note
    assert table.note.endswith("Invented: Jack, Sarah Connor. Words of the prompt's examples: tinsmith.")
    many = full_tables()[COMPLIANCE].assign(names="; ".join(f"Name {number:02}" for number in range(23)))
    table = section_of(SummaryQuality, {COMPLIANCE: many}).tables()[1]
    assert "Name 19 and 3 more." in table.note
