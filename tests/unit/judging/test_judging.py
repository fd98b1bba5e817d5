"""Pairs, the judge, the rating kit, people's ratings and how far raters agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.judging.judge_summaries import judge_summaries, read_judgement
from trailerflow.judging.make_rating_kit import FORMAT, kit_id, kit_key, kit_page
from trailerflow.judging.pairs import CRITERIA, Pair, draw_pairs, ratings_table, shuffled
from trailerflow.judging.rating_units import ALL
from trailerflow.judging.read_ratings import read_ratings
from trailerflow.judging.score_ratings import POINTS, agreement_table, mean_ratings
from trailerflow.llm.structured import UnreadableError
from unit.judging.rated import NO_LABELS, rated
from unit.scripted_model import ScriptedModel

PROMPT = Path(__file__).parents[3] / "resources/prompts/judging/rate_pair.txt"
MOVIES = pd.DataFrame({"movie": ["1", "2", "3", "4"], "title": ["Net, The", "B & <C>", "D", "E"]})
TRANSCRIPTS = pd.DataFrame({"movie": ["1", "2", "3"], "text": ["words one", "words two", "words three"]})
SYNOPSES = pd.DataFrame({"movie": ["1", "2"], "text": ["The plot of one.", None]})


def summaries(*systems: tuple[str, str], without: tuple[str, ...] = ()) -> pd.DataFrame:
    rows = [
        {
            "movie": movie, "model": model, "prompt": prompt, "summary": f"{movie} by {index}.",
            "status": "absent" if movie in without else "ok",
        }
        for index, (model, prompt) in enumerate(systems)
        for movie in MOVIES["movie"]
    ]  # fmt: skip
    return pd.DataFrame(rows)


TWO = (("secretmodel", "zeroprompt"), ("secretmodel", "fewprompt"))


def pairs(
    *systems: tuple[str, str], count: int = 9, without: tuple[str, ...] = (), seed: int = 0
) -> list[Pair]:
    table = summaries(*(systems or TWO), without=without)
    return draw_pairs(table, TRANSCRIPTS, SYNOPSES, MOVIES, count=count, seed=seed)


# ---- pairs


def test_a_pair_holds_the_first_system_and_another_of_movies_that_have_all():
    drawn = pairs(*TWO, ("other", "zeroprompt"), without=("2",))
    assert [pair.movie for pair in drawn] == ["1", "1", "3", "3"]  # 4 has no transcript
    assert [pair.id for pair in drawn] == ["0001", "0002", "0003", "0004"]
    for pair, other in zip(drawn, [TWO[1], ("other", "zeroprompt")] * 2, strict=True):
        assert {(each.model, each.prompt) for each in pair.summaries} == {TWO[0], other}
    assert (drawn[0].reference, drawn[2].reference) == ("The plot of one.", None)


def test_a_pair_has_the_same_id_however_many_movies_are_drawn():
    systems = (*TWO, ("other", "zeroprompt"))
    ids = [
        {
            (pair.movie, *sorted(each.prompt for each in pair.summaries)): pair.id
            for pair in pairs(*systems, count=count)
        }
        for count in (1, 2, 3)
    ]
    assert ids[0].items() <= ids[1].items() <= ids[2].items()
    assert sorted(ids[2].values()) == ["0001", "0002", "0003", "0004", "0005", "0006"]


def test_places_on_the_page_tell_nothing_of_systems():
    drawn = pairs(*TWO, ("other", "zeroprompt"))
    orders = {tuple(pair.id for pair in shuffled(drawn, seed)) for seed in range(20)}
    assert len(orders) > 10
    assert all(sorted(order) == sorted(pair.id for pair in drawn) for order in orders)


def test_the_draw_is_by_seed_and_both_orders_come_up():
    assert pairs(count=2) == pairs(count=2)
    orders = {pair.summaries[0].prompt for seed in range(8) for pair in pairs(seed=seed)}
    assert orders == {"zeroprompt", "fewprompt"}
    assert len(pairs(count=2)) == 2


def test_one_system_or_no_movies_make_no_pairs():
    assert pairs(TWO[0]) == []
    assert pairs(count=0) == []


# ---- the judge


def said(first: int, second: int) -> str:
    return json.dumps({"first": dict.fromkeys(CRITERIA, first), "second": dict.fromkeys(CRITERIA, second)})


def test_each_pair_is_judged_in_both_orders():
    (pair,) = pairs(count=1)
    model = ScriptedModel(said(4, 2), said(3, 5))
    judgements, ratings, usages = judge_summaries(model, [pair], PROMPT)
    assert judgements[["order", "status"]].values.tolist() == [["as drawn", "ok"], ["swapped", "ok"]]
    first, second = (request.messages[-1]["content"] for request in model.asked)
    text_a, text_b = (each.text for each in pair.summaries)
    assert first.index(text_a) < first.index(text_b) and second.index(text_b) < second.index(text_a)
    shared = first[: first.index("First summary:")]
    assert second.startswith(shared) and pair.transcript in shared
    assert "secretmodel" not in first
    rated = ratings.groupby(["order", "prompt"])["rating"].mean().to_dict()
    a, b = (each.prompt for each in pair.summaries)
    assert rated == {("as drawn", a): 4, ("as drawn", b): 2, ("swapped", b): 3, ("swapped", a): 5}
    assert len(ratings) == 2 * 2 * len(CRITERIA)
    assert len(usages) == 2
    assert set(ratings["kind"]) == {"judge"}


def test_a_judgement_that_is_not_there_has_its_reason():
    model = ScriptedModel(
        LaterError("quota", "2030-01-01T00:00:00Z"), "Both are fine.", "Both.", RefusedError("no"), said(1, 1)
    )
    judgements, ratings, _ = judge_summaries(model, pairs(count=2), PROMPT)
    assert sorted(judgements["status"]) == ["failed", "failed", "later", "ok"]
    assert set(judgements["reason"].dropna()) == {"quota", "the answer is not JSON", "no"}
    assert len(ratings) == 2 * len(CRITERIA)


def test_no_pairs_ask_nobody():
    judgements, ratings, usages = judge_summaries(ScriptedModel(), [], PROMPT)
    assert judgements.empty and ratings.empty and usages == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda answer: answer.pop("second"), "exactly the keys first, second"),
        (lambda answer: answer["first"].pop("fluency"), "exactly the keys relevance"),
        (lambda answer: answer["first"].update(fluency=6), "first summary's fluency is '6'"),
        (lambda answer: answer["second"].update(fluency="4"), "second summary's fluency is '4'"),
        (lambda answer: answer["second"].update(fluency=True), "'True'"),
        (lambda answer: answer.update(first=[1]), "exactly the keys relevance"),
    ],
)
def test_a_judgement_that_breaks_the_form_is_unreadable(change, reason):
    answer: Any = json.loads(said(3, 3))
    change(answer)
    with pytest.raises(UnreadableError, match=reason):
        read_judgement(answer)


# ---- the kit


def test_the_page_names_no_system_and_needs_no_network():
    page = kit_page(pairs(), [])
    for secret in ("secretmodel", "zeroprompt", "fewprompt"):
        assert secret not in page
    assert "http" not in page
    assert "<h2>2. B &amp; &lt;C&gt;</h2>" in page
    assert page.count("<fieldset") == 3 * 2 * len(CRITERIA)
    assert "There is nothing to rate" in kit_page([], [])


def export(
    path: Path, drawn: list[Pair], name: str, rating: int, saved: str = "2026-11-23", **more: Any
) -> Path:
    given = {"first": dict.fromkeys(CRITERIA, rating), "second": {"fluency": 1}}
    document = {
        "format": FORMAT,
        "kit": kit_id(drawn, []),
        "rater": name,
        "saved": saved,
        "ratings": {"0001": given},
        "claims": {},
    }
    path.write_text(json.dumps(document | more))
    return path


def test_ratings_come_back_with_the_systems_of_the_key(tmp_path):
    drawn = pairs()
    files = [
        export(tmp_path / "a.json", drawn, "Ada", 2, "2026-11-21"),
        export(tmp_path / "b.json", drawn, "Ada", 4, "2026-11-22"),
        export(tmp_path / "c.json", drawn, "Ben", 5),
    ]
    table, _ = read_ratings(files, kit_key(drawn, []))
    first, second = drawn[0].summaries
    assert len(table) == 2 * (len(CRITERIA) + 1)
    means = table.groupby(["rater", "prompt"])["rating"].mean().to_dict()
    assert means == {
        ("Ada", first.prompt): 4,
        ("Ada", second.prompt): 1,
        ("Ben", first.prompt): 5,
        ("Ben", second.prompt): 1,
    }
    assert set(table["movie"]) == {drawn[0].movie}
    assert all(table.empty for table in read_ratings([], kit_key(drawn, [])))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"format": "x"}, "holds no ratings of a rating kit; take it out"),
        (
            {"format": "trailerflow ratings 1"},
            "is of a rating kit of another version .trailerflow ratings 1;",
        ),
        ({"kit": "0" * 16}, "has ratings of another kit .0000000000000000."),
        ({"rater": " "}, "names no rater; write a name"),
        ({"ratings": {"0099": {}}}, "rates the pair '0099', which this kit does not have"),
        (
            {"ratings": {"0001": {"first": {"fluency": 9}}}},
            "has 9 for fluency of the first summary of pair 0001",
        ),
        (
            {"ratings": {"0001": {"third": {"fluency": 3}}}},
            "has 3 for fluency of the third summary of pair 0001",
        ),
        ({"ratings": {"0001": 3}}, "has no ratings by summary for pair 0001"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path, more, sentence):
    drawn = pairs()
    with pytest.raises(TrailerflowError, match=rf"a\.json {sentence}"):
        read_ratings([export(tmp_path / "a.json", drawn, "Ada", 2, **more)], kit_key(drawn, []))


def test_a_file_that_is_not_json_is_named(tmp_path):
    (tmp_path / "a.json").write_text("<html>")
    with pytest.raises(TrailerflowError, match=r"a\.json cannot be read as ratings"):
        read_ratings([tmp_path / "a.json"], kit_key(pairs(), []))


def test_another_text_makes_another_kit():
    assert kit_id(pairs(), []) != kit_id(pairs(count=2), [])


# ---- agreement


KRIPPENDORFF_2011 = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""The reliability data of section C of Krippendorff's paper, whose alpha for ordinal values it gives as .815."""


def test_alpha_is_that_of_krippendorffs_example():
    data = np.array(
        [[np.nan if value is None else value for value in row] for row in KRIPPENDORFF_2011], dtype=float
    )
    assert POINTS.agreement(data) == pytest.approx(0.815, abs=5e-4)


def test_alpha_has_nothing_to_say_where_all_ratings_are_equal_or_single():
    assert np.isnan(POINTS.agreement(np.full((2, 4), 3.0)))
    assert np.isnan(POINTS.agreement(np.array([[1.0, 2.0], [np.nan, np.nan]])))


def test_the_judge_is_compared_with_itself_and_with_people():
    drawn = {("1", "a"): 5, ("1", "b"): 1, ("2", "a"): 4, ("2", "b"): 2}
    swapped = {("1", "a"): 5, ("1", "b"): 1, ("2", "a"): 2, ("2", "b"): 4}
    rows = rated("j", "judge", drawn) + rated("j", "judge", swapped, "swapped")
    rows += rated("Ada", "person", drawn) + rated("Ben", "person", drawn)
    table = agreement_table(ratings_table(rows), NO_LABELS, seed=0).set_index(
        ["who", "criterion", "measure"]
    )["value"]
    assert table["people", "fluency", "Krippendorff's alpha"] == pytest.approx(1)
    assert table["Ada and Ben", "fluency", "Cohen's kappa, quadratic"] == pytest.approx(1)
    assert 0 < table["the judge with itself, swapped", "fluency", "Krippendorff's alpha"] < 1
    assert table["the judge", ALL, "same preference in both orders, share"] == 0.5
    # First place: pair 1 has 5 and 1, pair 2 has 4 and 4; second place: 1 and 5, 2 and 2.
    assert table["the judge", ALL, "first place less second, in points"] == pytest.approx((0 + 2) / 2)
    means = mean_ratings(ratings_table(rows), seed=0).set_index(["kind", "prompt", "criterion"])
    assert means.loc[("judge", "a", "fluency"), "mean"] == pytest.approx((5 + 3) / 2)
    assert means.loc[("person", "b", ALL), ["mean", "movies", "raters"]].tolist() == [1.5, 2, 2]


def test_a_pair_that_was_judged_in_one_order_only_is_left_out():
    better = {(str(pair), prompt): 5 if prompt == "a" else 1 for pair in range(4) for prompt in "ab"}
    swapped = {key: rating for key, rating in better.items() if key[0] in "01"}
    table = ratings_table(rated("j", "judge", better) + rated("j", "judge", swapped, "swapped"))
    rows = agreement_table(table, NO_LABELS, seed=0).set_index("measure")
    bias = rows.loc["first place less second, in points"]
    assert (bias["value"], bias["units"]) == (0, 2)
    assert bias["note"] == "judged in one order only and left out: 2"
    assert set(mean_ratings(table, seed=0)["movies"]) == {2}


def test_intervals_of_alpha_draw_movies_and_not_single_ratings():
    halo = np.random.default_rng(0)
    rows = []
    for movie in range(12):
        for rater in ("Ada", "Ben"):
            liked = int(halo.integers(1, 6))
            for criterion in CRITERIA:
                rows += [
                    row | {"criterion": criterion}
                    for row in rated(rater, "person", {(str(movie), prompt): liked for prompt in "ab"})
                ]
    table = agreement_table(ratings_table(rows), NO_LABELS, seed=0)
    people = table[table["who"] == "people"].set_index("criterion")
    width = people["high"] - people["low"]
    # Four equal ratings tell no more than one.
    assert width[ALL] == pytest.approx(width["fluency"], rel=0.05)


def test_without_ratings_the_tables_say_why_they_are_empty():
    empty = ratings_table([])
    table = agreement_table(empty, NO_LABELS, seed=0)
    assert table["value"].isna().all()
    assert set(table["note"]) == {"nothing was rated twice"}
    assert mean_ratings(empty, seed=0).empty


def test_one_person_agrees_with_nobody():
    table = agreement_table(
        ratings_table(rated("Ada", "person", {("1", "a"): 3, ("1", "b"): 3})), NO_LABELS, seed=0
    )
    assert table["value"].isna().all()
