"""The audit of the splits: lights with their shares, what they mean, and who is asked about."""

from __future__ import annotations

from trailerflow.reports.sections.split_audit import SplitAudit
from unit.report_frames import AUDIT, empty_tables, full_tables, section_of, texts


def test_each_split_and_protocol_has_its_lights() -> None:
    section = section_of(SplitAudit)
    assert texts(section.tables(), "Lights of every split") == [
        ["this_run, temporal", "red 97.0 % of 120", "amber 25.5 % of 120"],
        ["global_time, temporal", "green 0.0 % of 120", "–"],
    ]
    lights = section.tables()[0]
    assert [column.label for column in lights.columns] == ["Split, protocol", "future", "tie at cut"]
    assert [cell.status for cell in lights.rows[0].cells] == ["", "red", "amber"]


def test_what_is_red_is_said_first() -> None:
    assert section_of(SplitAudit).paragraphs()[1] == "Red: future (this_run)."
    calm = full_tables()[AUDIT].assign(light="green")
    assert section_of(SplitAudit, {AUDIT: calm}).paragraphs()[1] == "No light is red."


def test_every_light_has_its_limits_and_its_reason() -> None:
    assert texts(section_of(SplitAudit).tables(), "What each light counts") == [
        ["future", "earlier ratings", "0.0 %", "5.0 %", "It tells."],
        ["tie at cut", "tied users", "1.0 %", "never", "It tells."],
    ]


def test_who_is_left_out_is_said_with_the_reason() -> None:
    assert texts(section_of(SplitAudit).tables(), "Who is asked about") == [
        ["this_run", "Users who have 15 ratings: 120 of 943."]
    ]


def test_a_run_without_questions_says_so() -> None:
    lights = section_of(SplitAudit, empty_tables()).tables()[0]
    assert not lights.rows
    assert lights.nothing.startswith("No split asks about anybody")
    assert section_of(SplitAudit, empty_tables()).warnings() == (
        "The split this_run asks about nobody. Users who have 15 ratings: 120 of 943.",
    )
    assert section_of(SplitAudit).warnings() == ()
