"""One ranker on one split: what is written of its scores, what is kept through a kill, and the second pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up.half_users import HalfUsers
from made_up.mean_rank import MeanRank
from made_up.together import Together

from trailerflow.kept_parts import KeptParts
from trailerflow.recommendations.pools import FILM, retrieved_films, scores_of_rankers
from trailerflow.recommendations.protocols.contract import CATALOGUE, FIND
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rank_films import rank_films
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Scores, Side
from trailerflow.recommendations.rankers.popularity import Popularity
from trailerflow.recommendations.ranking_rows import BEST, COLUMN_TYPES
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.recommendations.splits.contract import TIES_BY_ID
from trailerflow.tables import read_table, write_table
from unit.recommendations.frames import SETTINGS, asked_about, coded_ratings, part_of, random_ratings, stored


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Told(Ranker):
    """Scores that are told by film; without one a film fails, and a tale follows."""

    source = "made up for a test"
    tells = {"reason": object}  # noqa: RUF012

    def __init__(self, scores: Mapping[str, float]) -> None:
        self.scores = scores
        self.fits = 0

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        self.fits += 1
        return Telling(self.scores)


class Telling(Fitted):
    def __init__(self, scores: Mapping[str, float]) -> None:
        self._scores = scores

    def score(self, questions: Questions) -> Iterator[Scores]:
        for question in questions:
            films = questions.movies[question.candidates]
            scores = np.array([self._scores.get(film, np.nan) for film in films])
            told = {
                "status": ["failed" if np.isnan(score) else "ok" for score in scores],
                "reason": ["no score" if np.isnan(score) else None for score in scores],
            }
            yield Scores(question.number, scores, told)


def half_users(folder: Path) -> SplitTables:
    return stored(folder, *HalfUsers().split(random_ratings(), pd.DataFrame(), SETTINGS))


def test_listed_films_are_all_written_with_their_places(tmp_path: Path) -> None:
    held_out = coded_ratings([("u1", film, 3, 1) for film in ("m3", "m1", "m2", "m0")])
    tables = stored(tmp_path, part_of(random_ratings(), asked_about(held_out)))
    table = rank_films(Told({"m3": 1.0, "m1": 2.0, "m2": 1.0}), tables, {})
    assert table.columns.tolist() == [*COLUMN_TYPES, "reason"]
    rows = table.set_index("movie")
    assert rows.loc[["m3", "m1", "m2"], "order"].tolist() == [2, 1, 2]
    assert rows.loc[["m3", "m1", "m2"], "tied"].tolist() == [1, 0, 1]
    assert rows.loc["m0", ["status", "reason"]].tolist() == ["failed", "no score"]
    assert rows.loc["m0", ["score", "order", "tied"]].isna().all()
    assert rows["retrieved"].all()
    assert set(map(tuple, table[["protocol", "part", "fold", "seed"]].to_numpy())) == {
        ("asked", "test", 0, -1)
    }


def test_of_a_catalogue_the_best_and_the_truth_are_written(tmp_path: Path) -> None:
    films = [f"f{number}" for number in range(150)]
    train = coded_ratings([("u", "f0", 3, 1)], films)
    held_out = coded_ratings([("u", "f149", 5, 2), ("u", "f1", 5, 3)])
    shared = pd.DataFrame({"user": None, "movie": films})
    asked = replace(asked_about(held_out, rule=CATALOGUE, films=shared), task=FIND)
    scores = {film: -float(number) for number, film in enumerate(films)}
    table = rank_films(Told(scores), stored(tmp_path, part_of(train, asked)), {}).set_index("movie")
    assert len(table) == BEST + 1  # f1 is among the best, f149 is not
    assert "f0" not in table.index  # the user had rated it
    assert table.loc["f1", ["order", "tied", "retrieved"]].tolist() == [1, 0, True]
    assert table.loc["f149", ["order", "tied", "retrieved"]].tolist() == [149, 0, False]


def test_ties_at_the_end_of_the_best_are_broken_by_chance_and_again_alike(tmp_path: Path) -> None:
    films = [f"f{number}" for number in range(300)]
    held_out = coded_ratings([("u", "f299", 5, 2), ("v", "f298", 5, 2)])
    shared = pd.DataFrame({"user": None, "movie": films})
    asked = asked_about(held_out, rule=CATALOGUE, films=shared)
    tables = stored(tmp_path, part_of(coded_ratings([("u", "f0", 3, 1), ("v", "f0", 3, 1)], films), asked))
    ranker = Told(dict.fromkeys(films, 1.0))
    table = rank_films(ranker, tables, {})
    pd.testing.assert_frame_equal(table, rank_films(ranker, tables, {}))
    shown = {
        user: set(rows["movie"]) for user, rows in table[table["retrieved"]].groupby("user", observed=True)
    }
    assert all(len(own) == BEST for own in shown.values())
    assert shown["u"] != shown["v"]  # no id is better than another
    truth = table[(table["user"] == "u") & (table["movie"] == "f299")]
    assert truth[["order", "tied"]].to_numpy().tolist() == [[1, 298]]


def test_folds_blocks_and_protocols_are_columns_and_unknown_users_are_folded_in(tmp_path: Path) -> None:
    table = rank_films(Together(), half_users(tmp_path), {})
    places = table[["protocol", "part", "fold"]].drop_duplicates()
    assert len(places) == 8
    cold = table[(table["fold"] == 0) & (table["protocol"] == "whole")]
    assert (cold["score"] > 0).any()  # without folding in, nothing would be known of these users
    assert str(table["user"].dtype) == str(table["movie"].dtype) == "category"


class Interrupted(Together):
    """Killed while it works on the third part."""

    def __init__(self, survives: int) -> None:
        self.left = survives
        self.fits = 0

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        self.fits += 1
        return super().fit(train, validation, side)


def test_finished_parts_are_kept_through_a_kill(tmp_path: Path) -> None:
    tables = half_users(tmp_path / "split")
    facts = {"code": "a"}
    with pytest.raises(KeyboardInterrupt):
        rank_films(Interrupted(2), tables, {}, kept=KeptParts(tmp_path / "kept", facts))
    again = Interrupted(99)
    table = rank_films(again, tables, {}, kept=KeptParts(tmp_path / "kept", facts))
    assert again.fits == 2  # of four parts
    pd.testing.assert_frame_equal(table, rank_films(Together(), tables, {}))
    other = Interrupted(99)
    rank_films(other, tables, {}, kept=KeptParts(tmp_path / "kept", {"code": "b"}))
    assert other.fits == 4


class Waiting(Told):
    """A ranker whose answers may come later."""

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        super().fit(train, validation, side)
        return Later()


class Later(Fitted):
    def score(self, questions: Questions) -> Iterator[Scores]:
        for question in questions:
            films = len(question.candidates)
            yield Scores(question.number, np.full(films, np.nan), {"status": ["later"] * films})


def test_a_part_with_answers_that_may_come_later_is_not_kept(tmp_path: Path) -> None:
    tables, kept = half_users(tmp_path / "split"), KeptParts(tmp_path / "kept", {})
    ranker = Waiting({})
    assert set(rank_films(ranker, tables, {}, kept=kept)["status"]) == {"later"}
    rank_films(ranker, tables, {}, kept=kept)
    assert ranker.fits == 8


class Costly(Together):
    drawn_users_only = True


class Listing(Told):
    """Tells a list of each film."""

    tells = {"reason": object, "places": object}  # noqa: RUF012

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        return TellingLists(self.scores)


class TellingLists(Telling):
    def score(self, questions: Questions) -> Iterator[Scores]:
        for said in super().score(questions):
            places = [[place, 0] for place in range(len(said.scores))]
            yield replace(said, told={**said.told, "places": places})


def test_a_ranker_may_tell_a_list_of_each_film(tmp_path: Path) -> None:
    held_out = coded_ratings([("u1", film, 3, 1) for film in ("m3", "m1")])
    tables = stored(tmp_path, part_of(random_ratings(), asked_about(held_out)))
    write_table(rank_films(Listing({"m3": 1.0, "m1": 2.0}), tables, {}), tmp_path / "ranked.parquet")
    told = read_table(tmp_path / "ranked.parquet")["places"]
    assert [list(places) for places in told] == [[0, 0], [1, 0]]


def test_a_costly_ranker_is_asked_about_drawn_users_only_and_about_no_catalogue(tmp_path: Path) -> None:
    tables = half_users(tmp_path)
    table = rank_films(Costly(), tables, {})
    drawn = tables.read("users", set="llm")
    assert set(drawn["protocol"]) == {"temporal", "whole"}
    drawn = drawn[drawn["protocol"] == "temporal"]
    keys = ["protocol", "part", "fold", "user"]
    assert set(map(tuple, table[keys].to_numpy())) == set(map(tuple, drawn[keys].to_numpy()))


def test_a_second_pass_ranks_a_pool_in_place_of_the_catalogue(tmp_path: Path) -> None:
    tables = half_users(tmp_path)
    first = rank_films(Together(), tables, {})
    pool = first[(first["protocol"] == "whole") & (first["order"] <= 2)]
    keys = ["protocol", "part", "fold", "user", "movie"]
    told = Told(dict.fromkeys(first["movie"].unique(), 0.5))
    second = rank_films(told, tables, {}, pool=lambda fold, seed: pool[[*keys, "seed"]])
    whole = second[second["protocol"] == "whole"]
    assert set(map(tuple, whole[keys].to_numpy())) == set(map(tuple, pool[keys].to_numpy()))
    assert len(second[second["protocol"] == "temporal"]) == len(first[first["protocol"] == "temporal"])


def test_the_union_is_what_was_retrieved_and_is_scored_by_all_that_are_read(tmp_path: Path) -> None:
    tables, paths = half_users(tmp_path / "split"), {}
    rankers = {"popularity": Popularity(), "together": Together()}
    for name, ranker in rankers.items():
        table = rank_films(ranker, tables, {})
        own = table["fold"] == (name == "together")  # as if each had retrieved the films of one fold
        paths[name] = tmp_path / f"rank_films/split/{name}.parquet"
        write_table(table.assign(retrieved=own & (table["order"] <= 2)), paths[name])
    retrieved = partial(retrieved_films, list(paths.values()))
    pool = pd.concat([retrieved(fold, TIES_BY_ID) for fold in (0, 1)])
    assert set(pool["fold"]) == {0, 1}
    assert not pool.duplicated().any()
    for name, ranker in rankers.items():
        write_table(
            rank_films(ranker, tables, {}, pool=retrieved), tmp_path / f"rank_pool/split/{name}.parquet"
        )
    second = sorted(tmp_path.glob("rank_pool/split/*.parquet"))
    scores = pd.concat([scores_of_rankers(second, fold, TIES_BY_ID) for fold in (0, 1)])
    whole = scores[scores["protocol"] == "whole"]
    spoken_of = whole.groupby(["part", "fold", "user", "movie"], observed=True)["ranker"].nunique()
    assert (spoken_of == 2).all()
    assert len(spoken_of) == (pool["protocol"] == "whole").sum()


class Reading(Told):
    """Notes which scores it is given."""

    reads = ("popularity", "together")

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        self.seen = [*getattr(self, "seen", []), (side["scores"], side["block_scores"])]
        return super().fit(train, validation, side)


def test_a_ranker_that_reads_others_gets_their_scores_of_its_part_and_of_the_blocks_before(
    tmp_path: Path,
) -> None:
    tables = half_users(tmp_path / "split")
    first = rank_films(Together(), tables, {})
    scores = first.loc[first["retrieved"], [*FILM, "score"]].assign(ranker="together")
    ranker = Reading(dict.fromkeys(first["movie"].unique(), 0.5))
    table = rank_films(ranker, tables, {}, scores=lambda fold, seed: scores, test_alone=True)
    told = [
        (
            *set(map(tuple, own[["part", "fold"]].to_numpy())),
            *set(map(tuple, blocks[["part", "fold"]].to_numpy())),
        )
        for own, blocks in ranker.seen
    ]
    assert told == [
        (("test", 0), ("block", 0)), (("test", 1), ("block", 1)),
    ]  # fmt: skip
    pool = scores.loc[scores["part"] == "test", FILM]  # blocks are learnt from, and not ranked
    assert set(map(tuple, table[FILM].to_numpy())) == set(map(tuple, pool.to_numpy()))
    fused = rank_films(MeanRank(), tables, {}, scores=lambda fold, seed: scores)
    assert (fused["status"] == "ok").all()


class Faulty(Fitted):
    def __init__(self, scores: list[Scores]) -> None:
        self._scores = scores

    def score(self, questions: Questions) -> Iterator[Scores]:
        yield from self._scores


class FaultyRanker(Ranker):
    source = "made up for a test"

    def __init__(self, *scores: Scores) -> None:
        self._fitted = Faulty(list(scores))

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        return self._fitted


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([], "answered 0 of 1 questions"),
        ([Scores(0, np.array([1.0]))], r"gave \(1,\) scores to the 2 films"),
        ([Scores(0, np.array([1.0, np.nan]))], "neither a score nor a status"),
        ([Scores(0, np.array([1.0, np.nan]), {"status": ["ok", "ok"]})], "neither a score nor a status"),
        ([Scores(0, np.array([1.0, 2.0]), {"status": ["ok", "lost"]})], "a status that is none of"),
    ],
)
def test_a_rankers_own_faults_are_told(tmp_path: Path, scores: list[Scores], said: str) -> None:
    held_out = coded_ratings([("u1", "m3", 3, 1), ("u1", "m1", 3, 1)])
    tables = stored(tmp_path, part_of(random_ratings(), asked_about(held_out)))
    with pytest.raises(ValueError, match=said):
        rank_films(FaultyRanker(*scores), tables, {})


def test_without_anything_to_rank_the_table_is_empty(tmp_path: Path) -> None:
    table = rank_films(Together(), stored(tmp_path), {})
    assert table.empty
    assert table.columns.tolist() == list(COLUMN_TYPES)
