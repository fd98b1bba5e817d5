"""Baselines, the language model's questions and scores, and the table of figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.errors import LaterError, RefusedError
from trailerflow.genre_names import GENRES
from trailerflow.llm.types import Answer
from trailerflow.published import published_rows
from trailerflow.recommendations.baselines import rank_baselines
from trailerflow.recommendations.llm_ranker import (
    Question,
    make_questions,
    rank_llm,
    yes_no_score,
)
from trailerflow.recommendations.scoring import score_rankings
from unit.scripted_model import ScriptedModel

PUBLISHED = published_rows(
    Path(__file__).parents[3] / "resources/published_figures.csv",
    "recommendations",
    {"system": "ranker", "cases": "users"},
)

PROMPT = Path(__file__).parents[3] / "resources/prompts/recommendations/yes_no.txt"


def ratings_of(rows: Sequence[tuple[str, str, float, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["user", "movie", "rating", "timestamp"])


def answer(logprobs: dict[str, float] | None) -> Answer:
    return Answer("Yes", "length", 100, 1, 0.5, False, [logprobs] if logprobs else [])


def movie_table(rows: Sequence[tuple[str, str, int | None, list[str]]]) -> pd.DataFrame:
    frame = pd.DataFrame([row[:3] for row in rows], columns=["movie", "title", "year"])
    frame["year"] = frame["year"].astype("Int64")
    for genre in GENRES:
        frame[genre] = [genre in row[3] for row in rows]
    return frame


def test_popularity_counts_training_ratings_and_item_knn_predicts_like_its_formula() -> None:
    train = ratings_of(
        [
            ("1", "a", 5, 1), ("1", "b", 4, 1), ("2", "a", 1, 1), ("2", "b", 2, 1),
            ("3", "a", 5, 1), ("3", "b", 5, 1), ("4", "a", 1, 1),
        ]
    )  # fmt: skip
    test = ratings_of([("4", "b", 1, 2), ("4", "new", 3, 3)])
    scores = rank_baselines(train, test).set_index(["ranker", "movie"])["score"]
    assert scores["popularity", "b"] == 3
    assert scores["popularity", "new"] == 0
    # One neighbour (a): b's mean plus the user's deviation from a's mean.
    mean_a, mean_b = 3.0, 11 / 3
    assert scores["item_knn", "b"] == pytest.approx(mean_b + (1 - mean_a), abs=1e-5)
    assert scores["item_knn", "new"] == pytest.approx(train["rating"].mean())


def test_baselines_without_anything_to_rank_give_an_empty_table() -> None:
    empty = ratings_of([])
    assert rank_baselines(empty, empty).columns.tolist() == ["ranker", "user", "movie", "score"]


def test_yes_no_score_adds_up_spellings_and_bounds_a_missing_side() -> None:
    logprobs = {"Yes": math.log(0.4), " yes": math.log(0.2), "NO": math.log(0.3), "Maybe": math.log(0.1)}
    assert yes_no_score(logprobs) == pytest.approx(math.log(0.6 / 0.3))
    assert yes_no_score({"Yes": -0.1, "Sure": -4.0}) == pytest.approx(-0.1 - (-5.0))
    assert yes_no_score({"No": -0.1, "Sure": -4.0}) == pytest.approx(-5.0 - (-0.1))
    assert yes_no_score({"Well": -0.1}) is None
    assert yes_no_score({"Yes": -9999.0, "No": 0.0}) == -9999.0  # how some servers write "impossible"


def test_questions_tell_the_newest_films_before_the_held_out_ones() -> None:
    train = ratings_of(
        [("u", f"m{number}", 1 + number % 5, number) for number in range(12)] + [("u", "late", 5, 99)]
    )
    test = ratings_of([("u", "c", 4, 50), ("u", "d", 2, 51), ("v", "c", 3, 1)])
    archive = movie_table(
        [(f"m{number}", f"Film {number}, The", 1990, ["Drama"]) for number in range(12)]
        + [("late", "Late", 1999, [])]
    )
    movies = movie_table([("c", "Candidate, The", 1991, ["Comedy", "War"]), ("d", "Dark", None, [])])
    summaries = pd.DataFrame(
        {"movie": ["c", "d"], "status": ["ok", "absent"], "summary": ["A {title} of sorts.", None]}
    )
    users = pd.DataFrame({"user": ["u", "v"], "set": ["llm", "all"]})
    questions = make_questions(train, test, users, archive=archive, movies=movies, summaries=summaries)
    assert [(question.user, question.movie) for question in questions] == [("u", "c"), ("u", "d")]
    history = questions[0].variables["history"].split("\n")
    assert len(history) == 10
    assert history[0] == "- The Film 2 (1990), Drama: 3 of 5, so-so"
    assert history[-1] == "- The Film 11 (1990), Drama: 2 of 5, disliked"
    assert questions[0].variables["history"] == questions[1].variables["history"]
    assert questions[0].variables["title"] == "The Candidate (1991)"
    assert questions[0].variables["genres"] == "Comedy, War"
    assert questions[0].variables["summary"] == "A {title} of sorts."
    assert dict(questions[1].variables) | {"history": ""} == {
        "history": "", "title": "Dark", "genres": "unknown", "summary": "not available",
    }  # fmt: skip


def test_a_history_may_show_a_film_that_only_this_run_lists() -> None:
    train, test = ratings_of([("u", "own-id", 4, 1)]), ratings_of([("u", "b", 3, 2)])
    users = pd.DataFrame({"user": ["u"], "set": ["llm"]})
    archive = movie_table([("b", "Archived", 1991, [])])
    movies = movie_table([("own-id", "Own", 1990, []), ("b", "Archived", 1991, [])])
    none = pd.DataFrame({"movie": [], "status": [], "summary": []}, dtype=object)
    (question,) = make_questions(train, test, users, archive=archive, movies=movies, summaries=none)
    assert question.variables["history"] == "- Own (1990), unknown: 4 of 5, liked"


def test_every_question_has_a_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answers: list[Answer | LaterError | RefusedError] = [
        answer({"Yes": -0.5, "No": -1.5}),
        LaterError("quota", "2030-01-01T00:00:00Z"),
        RefusedError("too long"),
        answer(None),
        answer({"Well": -0.1}),
    ]
    shared = {"history": "- A film", "genres": "Drama", "summary": "Braces {title} stay."}
    questions = [Question("u", str(number), shared | {"title": f"Film {number}"}) for number in range(5)]
    client = ScriptedModel(*answers)
    table, given = rank_llm(client, questions, PROMPT)
    assert table["movie"].tolist() == ["0", "1", "2", "3", "4"]
    assert table["status"].tolist() == ["ok", "later", "failed", "failed", "failed"]
    assert table["score"].iloc[0] == pytest.approx(1.0)
    assert table["score"].isna().tolist() == [False, True, True, True, True]
    assert table["reason"].tolist()[1:4] == [
        "quota", "too long", "the server gives no log-probabilities of its tokens; set log_probabilities: false",
    ]  # fmt: skip
    assert table["earliest"].iloc[1] == "2030-01-01T00:00:00Z"
    assert len(given) == 3
    assert {(request.max_tokens, request.top_logprobs) for request in client.asked} == {(1, 20)}
    first, second = (request.messages[-1]["content"] for request in client.asked[:2])
    assert "Braces {title} stay." in first
    assert first.split("Film 0")[0] == second.split("Film 1")[0]  # what a user's films share comes first


def test_a_model_without_log_probabilities_is_asked_for_a_likelihood() -> None:
    variables = {"history": "- A film", "genres": "Drama", "summary": "None.", "title": "Film"}
    client = ScriptedModel(
        '{"likelihood": 7}', "7", '{"likelihood": 11}', RefusedError("too long"), log_probabilities=False
    )
    questions = [Question("u", str(number), variables) for number in range(3)]
    table, given = rank_llm(client, questions, PROMPT.with_name("likelihood.txt"))
    assert table["status"].tolist() == ["ok", "failed", "failed"]
    assert table["score"].iloc[0] == 7
    assert table["reason"].tolist()[1:] == [
        "the likelihood is '11', no whole number from 0 to 10", "too long",
    ]  # fmt: skip
    assert len(given) == 3
    assert {request.top_logprobs for request in client.asked} == {0}


def test_no_questions_give_an_empty_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    client = ScriptedModel()
    table, given = rank_llm(client, [], PROMPT)
    assert table.empty
    assert given == []


@pytest.fixture
def scored() -> pd.DataFrame:
    users = pd.DataFrame({"user": ["1", "2", "3"], "set": ["llm", "llm", "all"]})
    test = ratings_of(
        [
            ("1", "a", 5, 1), ("1", "b", 3, 2), ("1", "c", 1, 3),
            ("2", "a", 4, 1), ("2", "b", 2, 2), ("2", "c", 3, 3),
            ("3", "a", 4, 1), ("3", "b", 4, 2), ("3", "c", 4, 3),
        ]
    )  # fmt: skip
    baselines = test[["user", "movie"]].assign(ranker="popularity", score=[3, 2, 1] * 3)
    llm = baselines[baselines["user"] != "3"].assign(ranker="model", score=[3, 2, 1, 3, np.nan, 1])
    return score_rankings(users, test, baselines, llm, seed=1, published=PUBLISHED)


def test_figures_of_each_set_of_users(scored: pd.DataFrame) -> None:
    table = scored.set_index(["users_set", "metric", "k", "ranker"])
    # User 2's pairs under popularity: a-b and a-c are right, c-b is wrong; user 1's are all right.
    popularity = table.loc["all", "pair_accuracy", 3, "popularity"]
    assert popularity["value"] == pytest.approx((1 + 2 / 3) / 2)
    assert popularity["difference"] == pytest.approx(popularity["value"] - 0.5)
    assert (popularity["users"], popularity["left_out"]) == (2, 1)  # user 3's ratings are all equal
    chance = table.loc["llm", "mrr", 3, "chance"]
    assert chance["value"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert chance["difference"] == 0
    assert table.xs("oracle", level="ranker")["value"].eq(1).all()


def test_a_user_whose_films_were_not_all_scored_is_left_out_of_that_ranker(scored: pd.DataFrame) -> None:
    table = scored.set_index(["users_set", "metric", "ranker"])
    model = table.loc["llm", "pair_accuracy", "model"]
    assert (model["value"], model["users"], model["left_out"]) == (1, 1, 1)
    assert model["note"] == "left out because not all their films were scored: 1"
    assert table.loc["llm", "pair_accuracy", "popularity"]["users"] == 2
    assert "model" not in scored.loc[scored["users_set"] == "all", "ranker"].tolist()


def test_a_ranker_takes_no_reference_rows_place_whatever_its_name(scored: pd.DataFrame) -> None:
    users = pd.DataFrame({"user": ["1"], "set": ["llm"]})
    test = ratings_of([("1", "a", 5, 1), ("1", "b", 3, 2), ("1", "c", 1, 3)])
    perfect = test[["user", "movie"]].assign(ranker="chance", score=[3, 2, 1])
    table = score_rankings(users, test, perfect.assign(ranker="popularity"), perfect, seed=1)
    own = table[(table["users_set"] == "llm") & (table["metric"] == "pair_accuracy")]
    assert own[["ranker", "row_kind", "value", "difference"]].to_numpy().tolist() == [
        ["chance", "reference", 0.5, 0.0],
        ["oracle", "reference", 1.0, 0.5],
        ["popularity", "system", 1.0, 0.5],
        ["chance", "system", 1.0, 0.5],
    ]
    assert set(scored.loc[scored["ranker"] == "model", "row_kind"]) == {"system"}


def test_without_users_only_the_published_rows_are_left() -> None:
    empty = ratings_of([])
    users = pd.DataFrame({"user": [], "set": []}, dtype=str)
    rankings = pd.DataFrame({"ranker": [], "user": [], "movie": [], "score": []})
    table = score_rankings(users, empty, rankings, rankings, seed=1, published=PUBLISHED)
    assert table["ranker"].unique().tolist() == [
        "published (student report, Llama-3.1-8B)", "chance in the published protocol",
    ]  # fmt: skip
    assert table["note"].str.contains("not comparable").all()
    assert set(table["row_kind"]) == {"published"}
