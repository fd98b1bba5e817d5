"""The rankings: beside chance, and better rankers named."""

from __future__ import annotations

from trailerflow.reports.sections.recommendations import Recommendations
from unit.report_frames import MODEL, section_of, texts


def test_a_finding_tells_whether_chance_does_as_well_and_who_does_better() -> None:
    ranking = section_of(Recommendations).findings()[-1]
    assert "less chance .020 [-.040, .080], so it cannot be told from chance." in ranking
    assert ranking.endswith("Higher for the same users: popularity .882 and item_knn .902.")


def test_rankers_are_shown_with_their_difference_to_chance() -> None:
    tables = section_of(Recommendations).tables()
    drawn = next(
        table
        for table in tables
        if table.caption == "Ranking quality for the users drawn for the LLM (this_run, temporal)"
    )
    at = [column.label for column in drawn.columns].index("NDCG@5 less chance")
    rows = {row[0]: row for row in texts([drawn], "")}
    assert rows[MODEL][at] == ".020 [-.040, .080]"
    assert rows["published (student report, Llama-3.1-8B)"][at] == "–"
    assert list(dict.fromkeys(row.kind for row in drawn.rows)) == ["system", "reference", "published"]


def test_users_that_wait_are_told_in_words() -> None:
    section = section_of(Recommendations)
    assert section.warnings() == ("For 1 user the LLM could not rank yet (later): the next run asks again.",)
    assert f"{MODEL} did not rank for 1 user of 10." in section.paragraphs()
