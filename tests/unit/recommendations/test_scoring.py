"""The table of figures: sets of users, folds and seeds, references and published rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up.half_users import HalfUsers
from made_up.together import Together

from trailerflow.published import published_rows
from trailerflow.recommendations.judged import judged_protocols
from trailerflow.recommendations.protocols.contract import FIND, ORDER, Task
from trailerflow.recommendations.rank_films import rank_films
from trailerflow.recommendations.scoring import Judged, score_rankings
from trailerflow.tables import write_table
from unit.recommendations.frames import SETTINGS, random_ratings, stored

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


def truth_of(
    rows: Sequence[tuple[str, str, float]], *, fold: int = 0, seed: int = 0, films: int = 3
) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["user", "movie", "rating"])
    return frame.assign(fold=fold, seed=seed, films=films)


def scored(truth: pd.DataFrame, scores: Sequence[float]) -> pd.DataFrame:
    """A ranker's table of listed films; places are not looked at."""
    columns = truth[["fold", "seed", "user", "movie"]].assign(score=scores, order=1, tied=0)
    return columns.assign(status=np.where(columns["score"].isna(), "failed", "ok"))


def judged(
    truth: pd.DataFrame, rankings: dict[str, pd.DataFrame], *, drawn: Sequence[str], task: Task = ORDER
) -> Judged:
    users = truth[["fold", "seed", "user"]].drop_duplicates()
    sets = ["llm" if user in drawn else "all" for user in users["user"]]
    return Judged("this_run", "temporal", task, users.assign(set=sets), truth, rankings)


@pytest.fixture
def table() -> pd.DataFrame:
    truth = truth_of(RATINGS)
    two = truth[truth["user"] != "3"]
    rankings = {
        "popularity": scored(truth, [3, 2, 1] * 3),
        "model": scored(two, [3, 2, 1, 3, np.nan, 1]),
    }
    return score_rankings([judged(truth, rankings, drawn=["1", "2"])], seed=1)


def test_figures_of_each_set_of_users(table: pd.DataFrame) -> None:
    figures = table.set_index(["users_set", "metric", "k", "ranker"])
    # User 2's pairs under popularity: a-b and a-c are right, c-b is wrong; user 1's are all right.
    popularity = figures.loc["all", "pair_accuracy", 3, "popularity"]
    assert popularity["value"] == pytest.approx((1 + 2 / 3) / 2)
    assert popularity["difference"] == pytest.approx(popularity["value"] - 0.5)
    assert (popularity["users"], popularity["left_out"]) == (2, 1)  # user 3's ratings are all equal
    assert (popularity["split"], popularity["protocol"]) == ("this_run", "temporal")
    chance = figures.loc["llm", "mrr", 3, "chance"]
    assert chance["value"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
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


def test_a_ranker_takes_no_reference_rows_place_whatever_its_name(table: pd.DataFrame) -> None:
    truth = truth_of(RATINGS[:3])
    perfect = scored(truth, [3, 2, 1])
    own = judged(truth, {"popularity": perfect, "chance": perfect}, drawn=["1"])
    figures = score_rankings([own], seed=1)
    figures = figures[(figures["users_set"] == "llm") & (figures["metric"] == "pair_accuracy")]
    assert figures[["ranker", "row_kind", "value", "difference"]].to_numpy().tolist() == [
        ["chance", "reference", 0.5, 0.0],
        ["oracle", "reference", 1.0, 0.5],
        ["popularity", "system", 1.0, 0.5],
        ["chance", "system", 1.0, 0.5],
    ]
    assert set(table.loc[table["ranker"] == "model", "row_kind"]) == {"system"}


def test_a_users_figure_is_the_mean_over_seeds_and_folds() -> None:
    parts = [truth_of(RATINGS[:6], seed=0), truth_of(RATINGS[:6], seed=1)]
    truth = pd.concat(parts, ignore_index=True)
    # User 1: all right, then all wrong; user 2: 2 of 3 pairs right, then 1 of 3; the second model lacks one score.
    scores = [3, 2, 1, 3, 2, 1, 1, 2, 3, 1, 2, 3]
    rankings = {"both": scored(truth, scores), "lacking": scored(truth, [np.nan, *scores[1:]])}
    figures = score_rankings([judged(truth, rankings, drawn=[])], seed=1)
    figures = figures[figures["metric"] == "pair_accuracy"].set_index("ranker")
    assert figures.loc["both", ["value", "users"]].tolist() == [0.5, 2]
    assert figures.loc["lacking", ["value", "users", "left_out"]].tolist() == [0.5, 1, 1]


def test_films_that_are_sought_are_judged_by_their_places() -> None:
    truth = truth_of(RATINGS[:3], films=8)
    ranking = scored(truth, [0.9, 0.5, 0.5]).assign(order=[1, 9, 20], tied=[0, 3, 0])
    found = score_rankings([judged(truth, {"finder": ranking}, drawn=[], task=FIND)], seed=1)
    recall = found[found["metric"] == "recall"].set_index("ranker")["value"]
    # The second stands at 9 to 12, of which two count; the third is too far down.
    assert recall["finder"] == pytest.approx((1 + 2 / 4) / 3)
    assert recall["chance"] == 1  # eight films, all shown
    assert recall["oracle"] == 1
    assert found.loc[found["metric"] == "recall", "k"].dropna().unique().tolist() == [10]
    missing = {"finder": ranking.iloc[:1]}
    found = score_rankings([judged(truth, missing, drawn=[], task=FIND)], seed=1).set_index(
        ["metric", "ranker"]
    )
    assert found.loc[("recall", "finder"), "value"] == pytest.approx(1 / 3)  # no candidate: not found
    unscored = {"finder": ranking.assign(score=[0.9, 0.5, np.nan])}
    found = score_rankings([judged(truth, unscored, drawn=[], task=FIND)], seed=1).set_index(
        ["metric", "ranker"]
    )
    assert found.loc[("recall", "finder"), ["users", "left_out"]].tolist() == [0, 1]


def test_without_users_only_the_published_rows_are_left() -> None:
    table = score_rankings([], seed=1, published=PUBLISHED)
    assert table["ranker"].unique().tolist() == [
        "published (student report, Llama-3.1-8B)", "chance in the published protocol",
    ]  # fmt: skip
    assert table["note"].str.contains("not comparable").all()
    assert set(table["row_kind"]) == {"published"}
    assert set(table["protocol"]) == {"report"}


def test_a_split_with_folds_and_two_protocols_is_read_and_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "half_users"
    tables = stored(folder, *HalfUsers().split(random_ratings(), pd.DataFrame(), SETTINGS))
    write_table(rank_films(Together(), tables, {}), tmp_path / "ranked/half_users/together.parquet")
    found = list(
        judged_protocols(sorted(folder.glob("*.parquet")), sorted(tmp_path.glob("ranked/*/*.parquet")))
    )
    assert [(each.split, each.protocol, each.task) for each in found] == [
        ("half_users", "temporal", ORDER), ("half_users", "whole", FIND),
    ]  # fmt: skip
    assert all(set(each.truth["fold"]) == {0, 1} for each in found)
    table = score_rankings(found, seed=0)
    own = table[(table["ranker"] == "together") & (table["users_set"] == "all")]
    assert set(own["protocol"]) == {"temporal", "whole"}
    assert own.loc[own["metric"] == "recall", "users"].tolist() == [12]  # each user in one of two folds
