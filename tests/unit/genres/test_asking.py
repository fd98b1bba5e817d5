"""A language model's genres of all films: examples and thresholds come from the other folds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from trailerflow.errors import LaterError
from trailerflow.genre_names import GENRES
from trailerflow.genres.asking import ask_all
from trailerflow.genres.films import NO_FILMS, Films
from trailerflow.genres.job import gather
from trailerflow.genres.predictions import Tables, as_matrix
from trailerflow.genres.systems.language_model import LanguageModelSystem, reads_of
from trailerflow.genres.systems.ways import WAYS
from trailerflow.llm.types import Answer, Request
from unit.scripted_model import HashingModel

MOVIES = pd.DataFrame(
    {"movie": [str(number) for number in range(13)], "title": [f"Film {number}" for number in range(13)]}
    | {
        genre: [place in (number % 4, number % 3 + 4) for number in range(13)]
        for place, genre in enumerate(GENRES)
    }
)
FOLDS = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, -1, -1]
SPLIT = pd.DataFrame({"movie": MOVIES["movie"], "fold": FOLDS, "held_out": [fold < 0 for fold in FOLDS]})
SPLIT.loc[12, "held_out"] = False  # a film that is not used
TEXTS = pd.DataFrame(
    {"movie": MOVIES["movie"], "status": "ok", "reason": None, "text": [f"plot {n}" for n in range(13)]}
)
TEXTS.loc[3, ["status", "reason", "text"]] = ["absent", "nothing was spoken", None]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def asked(
    way: str,
    *,
    movies: pd.DataFrame = MOVIES,
    split: pd.DataFrame = SPLIT,
    extra: Films = NO_FILMS,
    client: HashingModel | None = None,
) -> tuple[Tables, HashingModel, LanguageModelSystem]:
    prompt = Path(f"{way}.txt")
    prompt.write_text("### user\n{title}: {summary}" + ("\n{genre}\n" if way == "yes_no" else "\n"))
    client = client or HashingModel()
    system = WAYS[way](f"scripted/{way}", reads_of("synopsis", "titled"), client, prompt)
    gathered = gather(movies, {"synopsis": TEXTS}, system.reads)
    return (
        ask_all(system, gathered, list(movies["movie"]), split, rule="predict_genres", extra=extra),
        client,
        system,
    )


def test_zero_shot_asks_about_every_film_and_decides_by_itself():
    tables, client, _ = asked("zero_shot")
    assert len(client.asked) == 12
    assert set(tables.predictions["part"]) == {"all"}
    assert list(tables.films["movie"]) == list(MOVIES["movie"])
    assert tables.films["status"].tolist() == ["ok"] * 3 + ["absent"] + ["ok"] * 9


def test_examples_of_a_film_are_of_other_folds_and_the_held_out_films_get_those_of_any():
    tables, client, system = asked("few_shot")
    fold_of = dict(zip(MOVIES["title"], FOLDS, strict=True))
    for request in client.asked:
        *shown, question = [
            message["content"].split(":")[0] for message in request.messages if message["role"] == "user"
        ]
        assert shown
        assert not {fold_of[title] for title in shown} & {fold_of[question], -1}
    parts = tables.films.groupby("part", observed=True)["movie"].agg(list).to_dict()
    assert parts == {"cross-validation": [str(number) for number in range(11)], "held-out": ["11"]}
    assert tables.predictions.loc[tables.predictions["status"] == "ok", "predicted_global"].notna().all()
    assert system.told().usage[0]["requests"] == len(client.asked) == 11


def test_where_all_films_are_held_out_the_examples_are_extra_texts():
    flags = np.array([[genre == "Western" for genre in GENRES]])
    extra = Films(["x"], {"title": ["Elsewhere"], "synopsis": ["A duel."]}, flags)
    tables, client, _ = asked("few_shot", split=SPLIT.assign(fold=-1, held_out=True), extra=extra)
    assert set(tables.predictions["part"]) == {"all"}
    for request in client.asked:
        assert request.messages[0]["content"] == "Elsewhere: A duel."
        assert json.loads(request.messages[1]["content"]) == {"genres": ["Western"]}


def test_log_odds_are_decided_by_thresholds_that_the_films_own_genres_have_no_part_in():
    tables, client, _ = asked("yes_no")
    assert len(client.asked) == 12 * len(GENRES)
    assert set(tables.predictions["part"]) == {"all"}
    ok = tables.predictions[tables.predictions["status"] == "ok"]
    assert ok[["probability", "predicted_global", "predicted_per_genre"]].notna().all().all()
    first = MOVIES["movie"].isin([str(number) for number in range(4)])
    other = MOVIES.copy()
    other.loc[first, list(GENRES)] = ~MOVIES.loc[first, list(GENRES)]
    again, _, _ = asked("yes_no", movies=other)
    columns = ["probability", "predicted_global", "predicted_per_genre"]
    own = tables.predictions["movie"].astype(object).isin(MOVIES["movie"][first])
    pd.testing.assert_frame_equal(again.predictions.loc[own, columns], tables.predictions.loc[own, columns])
    assert not again.predictions.loc[~own, "probability"].equals(tables.predictions.loc[~own, "probability"])


def test_without_folds_a_yes_that_is_likelier_counts():
    tables, _, _ = asked("yes_no", split=SPLIT.assign(fold=-1, held_out=True))
    scores = as_matrix(tables.predictions, "score").drop("3")
    np.testing.assert_allclose(as_matrix(tables.predictions, "probability").drop("3"), expit(scores))
    decided = as_matrix(tables.predictions, "predicted_per_genre").drop("3").astype(bool)
    some = (scores > 0).any(axis=1)
    assert some.any()
    pd.testing.assert_frame_equal(decided[some], scores[some] >= 0)


class FewAnswers(HashingModel):
    """A model that answers for the first two films, which lie in one fold, and asks for patience then."""

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request: Request) -> Answer:
        if len(self.asked) >= 2 * len(GENRES):
            raise LaterError("quota")
        return super().ask(request)


def test_answers_for_one_fold_alone_are_taken_as_they_are():
    tables, _, _ = asked("yes_no", client=FewAnswers())
    ok = tables.predictions[tables.predictions["status"] == "ok"]
    assert set(ok["movie"]) == {"0", "1"}
    np.testing.assert_allclose(ok["probability"], expit(ok["score"]))
    assert ok["predicted_global"].notna().all()
