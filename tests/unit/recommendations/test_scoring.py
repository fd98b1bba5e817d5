"""The table of figures: sets of users, folds and seeds, arms of ties, references and published rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up.half_users import HalfUsers
from made_up.together import Together

from trailerflow.published import published_rows
from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.rank_films import rank_films
from trailerflow.recommendations.scored import scored_arms
from trailerflow.recommendations.scoring import score_rankings
from trailerflow.tables import write_table
from unit.recommendations.frames import SETTINGS, movie_table, random_ratings, stored
from unit.recommendations.judging import arms_by_hand, judged_of, scored, truth_of

PUBLISHED = published_rows(
    Path(__file__).parents[3] / "resources/published_figures.csv",
    "recommendations",
    {"system": "ranker", "cases": "users"},
)
RATINGS = [
    ("1", "a", 5.0), ("1", "b", 3.0), ("1", "c", 1.0),
    ("2", "a", 4.0), ("2", "b", 2.0), ("2", "c", 3.0),
    ("3", "a", 4.0), ("3", "b", 4.0), ("3", "c", 4.0),
]  # fmt: skip


@pytest.fixture
def table() -> pd.DataFrame:
    truth = truth_of(RATINGS)
    two = truth[truth["user"] != "3"]
    rankings = {
        "popularity": scored(truth, [3, 2, 1] * 3),
        "model": scored(two, [3, 2, 1, 3, np.nan, 1]),
    }
    return score_rankings(arms_by_hand(judged_of(truth, drawn=["1", "2"]), rankings), seed=1)


def test_figures_of_each_set_of_users(table: pd.DataFrame) -> None:
    figures = table.set_index(["users_set", "metric", "ranker"])
    # User 2's pairs under popularity: a-b and a-c are right, c-b is wrong; user 1's are all right.
    popularity = figures.loc["all", "pair_accuracy", "popularity"]
    assert popularity["value"] == pytest.approx((1 + 2 / 3) / 2)
    assert popularity["difference"] == pytest.approx(popularity["value"] - 0.5)
    assert (popularity["users"], popularity["left_out"]) == (2, 1)  # user 3's ratings are all equal
    assert popularity[["split", "protocol", "ties"]].tolist() == ["leave_last", "temporal", "random"]
    assert pd.isna(popularity["k"])  # of all pairs
    chance = figures.loc["llm", "mrr", "chance"]
    assert chance["value"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert chance["k"] == 3
    assert chance["difference"] == 0
    assert figures.xs("oracle", level="ranker")["value"].eq(1).all()


def test_a_user_whose_films_were_not_all_scored_is_left_out_of_that_ranker(table: pd.DataFrame) -> None:
    figures = table.set_index(["users_set", "metric", "ranker"])
    model = figures.loc["llm", "pair_accuracy", "model"]
    assert (model["value"], model["users"], model["left_out"]) == (1, 1, 1)
    assert model["note"] == "left out because not all their films were scored: 1"
    assert figures.loc["llm", "pair_accuracy", "popularity"]["users"] == 2


def test_a_ranker_stands_where_it_was_asked_about_every_user(table: pd.DataFrame) -> None:
    assert "model" not in table.loc[table["users_set"] == "all", "ranker"].tolist()
    assert "model" in table.loc[table["users_set"] == "llm", "ranker"].tolist()


def test_drawn_users_have_rows_where_they_are_some_of_the_users() -> None:
    truth = truth_of(RATINGS)
    rankings = {"fusion": scored(truth, [3, 2, 1] * 3)}
    users = list(dict.fromkeys(user for user, _, _ in RATINGS))
    for drawn, sets in (([], {"all"}), (users[:2], {"all", "llm"}), (users, {"all"})):
        found = score_rankings(arms_by_hand(judged_of(truth, drawn=drawn), rankings), seed=1)
        assert set(found["users_set"]) == sets


def test_a_ranker_takes_no_reference_rows_place_whatever_its_name() -> None:
    truth = truth_of(RATINGS[:3])
    perfect = scored(truth, [3, 2, 1])
    arms = arms_by_hand(judged_of(truth), {"popularity": perfect, "chance": perfect})
    figures = score_rankings(arms, seed=1)
    figures = figures[figures["metric"] == "pair_accuracy"]
    assert figures[["ranker", "row_kind", "value", "difference"]].to_numpy().tolist() == [
        ["chance", "reference", 0.5, 0.0],
        ["oracle", "reference", 1.0, 0.5],
        ["popularity", "system", 1.0, 0.5],
        ["chance", "system", 1.0, 0.5],
    ]


def test_a_users_figure_is_the_mean_over_seeds_and_folds() -> None:
    parts = [truth_of(RATINGS[:6], seed=0), truth_of(RATINGS[:6], seed=1)]
    truth = pd.concat(parts, ignore_index=True)
    # User 1: all right, then all wrong; user 2: 2 of 3 pairs right, then 1 of 3; the second model lacks one score.
    scores = [3, 2, 1, 3, 2, 1, 1, 2, 3, 1, 2, 3]
    rankings = {"both": scored(truth, scores), "lacking": scored(truth, [np.nan, *scores[1:]])}
    figures = score_rankings(arms_by_hand(judged_of(truth), rankings), seed=1)
    figures = figures[figures["metric"] == "pair_accuracy"].set_index("ranker")
    assert figures.loc["both", ["value", "users"]].tolist() == [0.5, 2]
    assert figures.loc["lacking", ["value", "users", "left_out"]].tolist() == [0.5, 1, 1]


def test_ties_by_id_stand_apart_from_the_mean_over_seeds() -> None:
    parts = [truth_of(RATINGS[:3], seed=seed) for seed in (0, 1, -1)]
    truth = pd.concat(parts, ignore_index=True)
    rankings = {"ranker": scored(truth, [3, 2, 1, 1, 2, 3, 3, 2, 1])}
    figures = score_rankings(arms_by_hand(judged_of(truth), rankings), seed=1)
    figures = figures[(figures["metric"] == "pair_accuracy") & (figures["ranker"] == "ranker")]
    assert figures.set_index("ties")["value"].to_dict() == {"random": 0.5, "by_id": 1.0}


def test_films_that_are_sought_are_judged_by_their_places() -> None:
    truth = truth_of(RATINGS[:3], films=8)
    judged = judged_of(truth, task=FIND)
    ranking = scored(truth, [0.9, 0.5, 0.5]).assign(order=[1, 9, 20], tied=[0, 3, 0])

    def recall(rows: pd.DataFrame) -> pd.DataFrame:
        found = score_rankings(arms_by_hand(judged, {"finder": rows}), seed=1)
        return found[found["metric"] == "recall"].set_index("ranker")

    found = recall(ranking)
    # The second stands at 9 to 12, of which two count; the third is too far down.
    assert found.loc["finder", "value"] == pytest.approx((1 + 2 / 4) / 3)
    assert found.loc["chance", "value"] == 1  # eight films, all shown
    assert found.loc["oracle", "value"] == 1
    assert set(found["k"]) == {10}
    assert recall(ranking.iloc[:1]).loc["finder", "value"] == pytest.approx(1 / 3)  # no candidate: not found
    places = {"order": [1, 9, pd.NA], "tied": [0, 3, pd.NA]}
    unscored = ranking.assign(score=[0.9, 0.5, np.nan], **places).astype(dict.fromkeys(places, "Int32"))
    assert recall(unscored).loc["finder", ["users", "left_out"]].tolist() == [0, 1]


def test_without_users_only_the_published_rows_are_left() -> None:
    table = score_rankings([], seed=1, published=PUBLISHED)
    assert set(table["row_kind"]) == {"published"}
    assert {"report", "llamarec", "llmrank"} <= set(table["protocol"])
    assert table["note"].str.len().gt(0).all()


def test_a_split_with_folds_and_two_protocols_is_read_and_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "half_users"
    ratings = random_ratings()
    tables = stored(folder, *HalfUsers().split(ratings, pd.DataFrame(), SETTINGS))
    write_table(rank_films(Together(), tables, {}), tmp_path / "rank_films/half_users/together.parquet")
    films = movie_table([(film, film, 1990, ["Drama"]) for film in ratings["movie"].cat.categories])
    arms = scored_arms(
        sorted(folder.glob("*.parquet")), sorted(tmp_path.glob("rank_films/*/*.parquet")), films
    )
    assert [(arm.judged.protocol, arm.users_set, arm.ties) for arm in arms] == [
        (protocol, users, "by_id") for protocol in ("temporal", "whole") for users in ("all", "llm")
    ]  # fmt: skip
    assert all({key.fold for key in arm.judged.parts} == {0, 1} for arm in arms)
    table = score_rankings(arms, seed=0)
    own = table[(table["ranker"] == "together") & (table["metric"] == "recall")]
    assert own["users"].tolist() == [12, 2]  # each user in one of two folds, and one drawn in each
    whole = table[(table["protocol"] == "whole") & (table["users_set"] == "all")]
    shown = whole.set_index(["metric", "ranker"])["value"]
    assert shown["diversity", "together"] == 0  # all films have the same genres
    assert 1 <= shown["distinct_films", "together"] <= len(films)
    assert shown["coverage", "chance"] == pytest.approx(shown["distinct_films", "chance"] / len(films))
