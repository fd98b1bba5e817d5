"""Rankings and truth as TREC files, read as trec_eval reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up.half_users import HalfUsers
from made_up.together import Together
from sklearn.metrics import ndcg_score

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.rank_films import rank_films
from trailerflow.recommendations.trec import write_trec
from trailerflow.tables import write_table
from unit.recommendations.frames import SETTINGS, coded_ratings, random_ratings, stored


def lines(path: Path, cells: int) -> list[list[str]]:
    """The words of each line, as many as the format has."""
    found = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    assert found and all(len(words) == cells for words in found)
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    tmp_path = tmp_path_factory.mktemp("trec")
    tables = stored(tmp_path / "split", *HalfUsers().split(random_ratings(), pd.DataFrame(), SETTINGS))
    ranked = tmp_path / "rank_films/half_users/together.parquet"
    write_table(rank_films(Together(), tables, {}), ranked)
    return {path.name: path for path in write_trec(tables, [ranked], tmp_path / "trec")}


def test_there_is_a_file_for_each_protocol_and_test_part(files: dict[str, Path]) -> None:
    names = [f"{protocol}-{fold}--1" for protocol in ("temporal", "whole") for fold in (0, 1)]
    assert sorted(files) == sorted(f"{name}.{kind}" for name in names for kind in ("qrels", "together.run"))


def test_the_words_of_a_line_are_those_of_the_format(files: dict[str, Path]) -> None:
    qrels = lines(files["temporal-0--1.qrels"], 4)
    assert {words[1] for words in qrels} == {"0"}
    assert {int(words[3]) for words in qrels} <= {1, 2, 3, 4, 5}
    assert {words[3] for words in lines(files["whole-0--1.qrels"], 4)} == {"1"}
    run = lines(files["whole-0--1.together.run"], 6)
    assert {(words[1], words[5]) for words in run} == {("Q0", "together")}
    for user in {words[0] for words in run}:
        own = [words for words in run if words[0] == user]
        assert [int(words[3]) for words in own] == list(range(1, len(own) + 1))
        scores = [float(words[4]) for words in own]
        assert scores == sorted(scores, reverse=True)


def test_a_tool_that_reads_them_finds_the_same_rankings(files: dict[str, Path]) -> None:
    relevance = {(words[0], words[2]): int(words[3]) for words in lines(files["temporal-0--1.qrels"], 4)}
    score = {(words[0], words[2]): float(words[4]) for words in lines(files["temporal-0--1.together.run"], 6)}
    assert relevance.keys() == score.keys()
    values = [
        ndcg_score(
            *(np.array([[each[key] for key in relevance if key[0] == user]]) for each in (relevance, score))
        )
        for user in {user for user, _ in relevance}
    ]
    assert 0.5 < np.mean(values) <= 1


def test_a_held_out_film_that_is_not_shown_is_in_no_run(tmp_path: Path) -> None:
    rows = [("u0", f"m{film}", 4.0, film) for film in range(5)]
    tables = stored(tmp_path / "split", *HalfUsers().split(coded_ratings(rows), pd.DataFrame(), SETTINGS))
    ranked = rank_films(Together(), tables, {})
    ranked["retrieved"] = ranked["movie"] != "m3"
    path = tmp_path / "rank_films/half_users/together.parquet"
    write_table(ranked, path)
    files = {file.name: file for file in write_trec(tables, [path], tmp_path)}
    assert "m3" in {words[2] for words in lines(files["temporal-0--1.qrels"], 4)}
    assert {words[2] for words in lines(files["temporal-0--1.together.run"], 6)} == {"m4"}


def test_half_stars_are_doubled_to_whole_grades(tmp_path: Path) -> None:
    rows = [("u0", f"m{film}", 0.5 + film, film) for film in range(5)]
    tables = stored(tmp_path / "split", *HalfUsers().split(coded_ratings(rows), pd.DataFrame(), SETTINGS))
    (qrels,) = [path for path in write_trec(tables, [], tmp_path) if path.name == "temporal-0--1.qrels"]
    assert [words[2:] for words in lines(qrels, 4)] == [["m3", "7"], ["m4", "9"]]


def test_an_id_that_would_be_two_words_is_refused(tmp_path: Path) -> None:
    rows = [("u0", f"film {film}", 3.0, film) for film in range(5)]
    tables = stored(tmp_path / "split", *HalfUsers().split(coded_ratings(rows), pd.DataFrame(), SETTINGS))
    with pytest.raises(
        TrailerflowError, match=r"The movie 'film 3' cannot stand .* split at white space; give it"
    ):
        write_trec(tables, [], tmp_path)
    assert not list(tmp_path.glob("*.qrels"))
