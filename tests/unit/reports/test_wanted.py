"""Which files the page is made of."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from trailerflow.reports.section import Reader, about_of, table
from trailerflow.reports.wanted import filled, values_in, wanted_files


@dataclass(frozen=True, kw_only=True, eq=False)
class Rankings(Reader):
    abouts = ("split_ratings/about.json", "score_rankings/about.json")

    metrics: pd.DataFrame = table("score_rankings/metrics.csv", "ranker")
    users: pd.DataFrame = table("score_rankings/users.csv", "user")
    rankings: pd.DataFrame = table("rank_films/{split}/{ranker}.parquet", "user")


def test_every_table_comes_with_its_about_and_each_file_once() -> None:
    values = [
        {"split": "paper", "ranker": "chance"},
        {"split": "this_run", "ranker": "ease"},
        {"model": "a"},
    ]
    assert wanted_files([Rankings, Rankings], values) == [
        "split_ratings/about.json",
        "score_rankings/about.json",
        "score_rankings/metrics.csv",
        "score_rankings/users.csv",
        "rank_films/paper/chance.about.json",
        "rank_films/this_run/ease.about.json",
        "rank_films/paper/chance.parquet",
        "rank_films/this_run/ease.parquet",
    ]


def test_a_place_is_filled_by_the_values_of_its_very_wildcards() -> None:
    assert filled("predict_genres/{system}.parquet", [{"model": "a"}, {"system": "b"}]) == [
        "predict_genres/b.parquet"
    ]
    assert filled("rank_films/{split}/{ranker}.parquet", [{"split": "paper"}]) == []


def test_what_a_wildcard_stands_for_is_read_from_a_name() -> None:
    assert values_in("predict_genres/{model}.parquet", "predict_genres/a.b-c.parquet") == {"model": "a.b-c"}
    for other in ("predict_genres/a/b.parquet", "predict_genres/a.about.json", "predict_genresXa.parquet"):
        assert values_in("predict_genres/{model}.parquet", other) is None
    assert values_in("score_genres/metrics.csv", "score_genres/metrics.csv") == {}


def test_the_about_of_one_of_several_tables_bears_its_name() -> None:
    assert about_of("rank_films/{split}/users.csv") == "rank_films/{split}/about.json"
    assert about_of("predict_genres/{system}.parquet") == "predict_genres/{system}.about.json"
