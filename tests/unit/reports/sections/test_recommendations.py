"""The rankings: who is best beside chance, what parts add, for whom, and whether published figures lie inside ours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trailerflow.reports.sections.recommendations.section import Recommendations
from trailerflow.reports.view import Table
from unit.report_frames import (
    COMPARED_RANKERS,
    MODEL,
    RANKING_METRICS,
    full_run,
    full_tables,
    section_of,
    texts,
)
from unit.report_rankings import FUSION, WITHOUT


@pytest.fixture(scope="module")
def section() -> Recommendations:
    return section_of(Recommendations)


def table(section: Recommendations, caption: str) -> Table:
    return next(table for table in section.tables() if table.caption.startswith(caption))


def rows(section: Recommendations, caption: str) -> list[list[str]]:
    return texts(section.tables(), caption)


def test_the_first_sentences_tell_the_best_ranker_of_each_protocol_beside_its_company(
    section: Recommendations,
) -> None:
    findings = section.findings()
    assert [sentence.split(":")[0] for sentence in findings[:2]] == [
        "Rankings, the held-out films put into an order (this_run, temporal, 120 users)",
        "Rankings, the held-out films sought among others (leave_last, full, 943 users)",
    ]
    assert findings[1].endswith(
        "fusion is the best of 3 rankers, NDCG@10 .180 [.168, .192], which lies above chance (chance .010, the oracle .910); "
        "recall@10 .182 [.170, .194]. It is better than all 2 others."
    )
    assert len(findings) == 3  # ties by id are no finding of their own


def test_rankers_that_cannot_be_told_apart_are_named_with_what_could_have_been_seen() -> None:
    comparisons = full_tables()["score_rankings/comparisons.csv"].copy()
    close = comparisons["other"] == WITHOUT
    comparisons.loc[close, "verdict"] = "cannot be told apart"
    made = section_of(Recommendations, {"score_rankings/comparisons.csv": comparisons})
    assert made.findings()[1].endswith(
        "It is better than 1 of the 2 others. It cannot be told apart from fusion_without_sequence (a difference of .010 would "
        "have been seen four times in five)."
    )


def test_a_finding_tells_whether_chance_does_as_well_and_who_does_better(section: Recommendations) -> None:
    ranking = section.findings()[-1]
    assert ranking.startswith(f"{MODEL}: NDCG@5 .872")
    assert "less chance .020 [-.040, .080], so it cannot be told from chance." in ranking
    assert ranking.endswith("Higher for the same users: popularity .882 and item_knn .902.")


def test_rankers_are_shown_the_best_first_with_their_difference_to_chance(section: Recommendations) -> None:
    drawn = table(section, "Ranking quality for the users drawn for the LLM (this_run, temporal)")
    at = [column.label for column in drawn.columns].index("NDCG@5 less chance")
    found = {row[0]: row for row in texts([drawn], "")}
    assert list(found) == ["item_knn", "popularity", MODEL, "chance", "oracle"]
    assert found[MODEL][at] == ".020 [-.040, .080]"
    assert list(dict.fromkeys(row.kind for row in drawn.rows)) == ["system", "reference"]
    full = table(section, "Ranking quality for all test users (leave_last, full)")
    assert full.note == "Means over 5 tie seeds."
    assert [row.cells[0].text for row in full.rows if row.kind == "published"] == [
        "published (inside)",
        "published (above)",
    ]


def test_ties_by_id_stand_apart_and_are_folded(section: Recommendations) -> None:
    by_id = table(section, "Ranking quality for all test users (leave_last, full, ties by id)")
    assert by_id.folded == "Show the figures (leave_last, full, ties by id)"
    assert not table(section, "Ranking quality for all test users (leave_last, full)").folded


def test_each_ranker_stands_less_the_best(section: Recommendations) -> None:
    found = rows(section, f"Which ranker is better: each less {FUSION} for all test users (leave_last, full)")
    assert found[0] == [WITHOUT, "NDCG@10", "-.020 [-.030, -.010]", "-.040", "<.001", "worse", ".010"]
    assert found[2][5] == "cannot be told apart"


def test_what_a_part_adds_to_a_fusion_is_the_fusion_less_the_same_without_it(
    section: Recommendations,
) -> None:
    found = rows(section, "What each part adds to a fusion")
    assert found[0] == [
        FUSION, "sequence", "leave_last, full", "NDCG@10", ".180 [.168, .192]", ".160 [.148, .172]", "+.020 [.010, .030]",
        "+.040", "<.001", "better", ".010",
    ]  # fmt: skip
    assert len(found) == 2


def test_groups_stand_with_their_counts_beside_chance(section: Recommendations) -> None:
    gap = table(section, "By the time from a user's last training rating")
    assert not gap.folded
    assert [row[:6] for row in texts([gap], "")] == [
        ["time to the test", "at most one second", "NDCG@10", "480", ".200 [.180, .220]", "–"],
        ["time to the test", "more than an hour", "NDCG@10", "42", ".090 [.070, .110]", "–"],
    ]
    others = rows(section, "By groups of users and films")
    assert [row[:4] for row in others] == [
        ["sex", "F", "NDCG@10", "273"],
        ["age of the film", "2 to 5 years", "Recall@10", "700"],
    ]


def test_both_levels_stand_side_by_side(section: Recommendations) -> None:
    found = rows(section, "With others' later ratings and without them")
    assert found[0] == [
        FUSION, "leave_last, full", "NDCG@10", ".180", ".160", "-.020 [-.030, -.010]", ".001", "940"
    ]  # fmt: skip


def test_what_is_shown_has_numbers_of_films(section: Recommendations) -> None:
    found = {row[0]: row for row in rows(section, "What is shown for all test users (leave_last, full)")}
    assert found["chance"][1:] == [".100 [.088, .112]", "1,500"]


def test_published_figures_lie_inside_our_interval_or_outside(section: Recommendations) -> None:
    found = {row[0]: row for row in rows(section, "Published figures beside our best ranker")}
    assert found["published (inside)"][3:8] == [
        ".185",
        "610",
        ".180 [.168, .192]",
        FUSION,
        "inside our interval",
    ]
    assert found["published (above)"][7] == "above our interval"
    assert found["published (apart)"][5:8] == ["–", "", "the protocol was not run"]


def test_users_that_wait_are_told_in_words(section: Recommendations) -> None:
    assert section.warnings() == (
        f"{MODEL} could not rank for 1 user of this_run yet (later): the next run asks again.",
    )
    assert f"{MODEL} did not rank for 1 user of 10 (this_run)." in section.paragraphs()


def test_a_ranker_without_company_is_the_only_one() -> None:
    metrics = full_tables()[RANKING_METRICS]
    alone = metrics[~metrics["ranker"].isin(["popularity", WITHOUT, MODEL])]
    made = section_of(Recommendations, {RANKING_METRICS: alone})
    assert "fusion is the only ranker, NDCG@10" in made.findings()[1]
    assert not [each for each in made.tables() if each.caption.startswith("Which ranker is better")]


def test_what_language_models_rankings_hang_on_and_cost(section: Recommendations) -> None:
    shown = rows(section, "Language models as rankers: what their rankings hang on")
    assert shown[0][-4:] == [".060", ".300 [.100, .500]", ".400 [.300, .500]", ".200"]
    assert shown[1][2:] == [".872", ".050", "none", ".000", ".000", "–", "–", ".200"]
    answers = rows(section, "Language models as rankers: their answers")
    assert answers[0][2:] == ["10", "–", "–", ".200", ".000", ".700", "–", "900", "40", "1 min 23 s", "$0"]


def test_a_drawing_tells_how_high_films_are_put_by_the_place_where_they_are_shown(
    section: Recommendations,
) -> None:
    (plot,) = [plot for plot in section.plots() if "by-place" in plot.svg]
    assert f"{MODEL}, chance .500: 1 .650, 2 .500, 3 .350" in plot.svg


def test_a_sentence_tells_what_a_language_model_adds_to_a_fusion() -> None:
    entries = [
        {"name": name, "settings": {"reads": reads}}
        for name, reads in ((FUSION, ["popularity", MODEL]), (WITHOUT, ["popularity"]))
    ]
    run = full_run()
    config = {**run.config, "recommendations": {"rankers": ["popularity", *entries]}}
    made = section_of(Recommendations, run=replace(run, config=config))
    assert made.findings()[-1] == (
        f"What {MODEL} adds to fusion for all test users (leave_last, full): NDCG@10 +.020 [.010, .030] over "
        "fusion_without_sequence, paired; it is better."
    )
    comparisons = full_tables()[COMPARED_RANKERS].copy()
    comparisons.loc[comparisons["other"] == WITHOUT, "verdict"] = "cannot be told apart"
    made = section_of(Recommendations, {COMPARED_RANKERS: comparisons}, replace(run, config=config))
    assert made.findings()[-1].endswith(
        "paired; the two cannot be told apart (a difference of .010 would have been seen four times in five)."
    )
