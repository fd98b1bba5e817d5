"""What language models know by a title, beside what a constant answer gets."""

from __future__ import annotations

from trailerflow.reports.sections.memorisation import Memorisation
from unit.report_frames import MODEL, PROBE, full_tables, section_of, texts


def test_a_finding_says_whether_the_title_tells_more_than_a_constant_answer() -> None:
    (sentence,) = section_of(Memorisation).findings()
    assert sentence == (
        f"{MODEL}, asked for the year by the title alone: share with the very year .400 [.100, .700]; it lies above "
        "constant (difference .300 [.100, .500])."
    )
    as_much = full_tables()[PROBE].assign(difference_low=-0.1)
    (sentence,) = section_of(Memorisation, {PROBE: as_much}).findings()
    assert "it cannot be told from constant" in sentence


def test_the_answers_stand_beside_what_they_are_compared_with() -> None:
    rows = texts(section_of(Memorisation).tables(), "Answers by the title")
    assert rows[0][3:] == ["title alone", ".400 [.100, .700]", "–", "10", "0"]
    assert rows[1][4:6] == [".100 [.000, .300]", ".300 [.100, .500]"]


def test_without_a_probe_the_page_says_so() -> None:
    (said,) = Memorisation().paragraphs()
    assert "genres.probe.movies is null" in said
