"""Ratings by the judge and by people, and how far they agree."""

from __future__ import annotations

from trailerflow.reports.sections.judging import Judging
from unit.report_frames import section_of, texts


def test_ratings_are_shown_by_rater_and_system_with_their_agreement() -> None:
    tables = section_of(Judging).tables()
    rows = {(row[0], row[2]): row[3:] for row in texts(tables, "Mean ratings")}
    # As drawn the first system has 4 and 3, swapped 2 and 2; a movie's mean is 3 and 2.5.
    assert rows["the judge", "zero_shot"][0] == "2.75 [2.50, 3.00]"
    assert rows["people", "few_shot"][4:] == ["2.00 [2.00, 2.00]", "2", "1", ""]
    assert rows["the judge, corrected by people", "zero_shot"][:5] == ["–"] * 5
    assert rows["the judge, corrected by people", "zero_shot"][-1].endswith("there are 2 and 0")
    people, judge = (
        {(row[0], row[1], row[2]): row[3:] for row in texts(tables, f"How far {who}")}
        for who in ("people", "the judge")
    )
    assert people["people", "All", "Krippendorff's alpha"] == ["–", "0", "nothing was rated twice"]
    assert judge["the judge", "All", "first place less second, in points"][0].startswith("1.50")
    assert {who for who, _, _ in judge} > {"the judge", "people beside the judge", "the judge with people"}
    assert people["Ada and Ben", "Labels of claims", "Cohen's kappa"][:2] == ["0.33", "2"]


def test_without_ratings_the_page_says_where_to_rate() -> None:
    (said,) = Judging().paragraphs()
    assert "results/make_rating_kit/kit.html" in said
