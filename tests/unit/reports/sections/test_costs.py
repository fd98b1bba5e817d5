"""What was asked and what it cost."""

from __future__ import annotations

from trailerflow.reports.sections.costs import Costs
from unit.report_frames import MODEL, section_of, texts


def test_costs_are_shown_with_their_totals_and_for_a_thousand_movies() -> None:
    tables = section_of(Costs).tables()
    asked = {row[0]: row[1:] for row in texts(tables, "Requests, tokens and money")}
    assert asked["predict_genres"] == [
        MODEL, "zero_shot", "20", "4", "6,200", "1,900", "2 min 30 s", "$0.0014", "$0.0011", "–",
    ]  # fmt: skip
    assert asked["all"][2:6] == ["40", "8", "12,400", "3,800"]
    per_movies = {row[0]: row[1:] for row in texts(tables, "For 1,000 movies")}
    assert per_movies["predict_genres"][2:5] == ["20", "2 h 5 min", "$0.069"]
