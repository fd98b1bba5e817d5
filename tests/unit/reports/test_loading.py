"""The files of a run, read for all parts of the page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.reports.loading import load_abouts, load_tables, named_paths
from trailerflow.reports.section import Reader, table
from trailerflow.tables import write_about, write_table


@dataclass(frozen=True, kw_only=True, eq=False)
class Titles(Reader):
    movies: pd.DataFrame = table("select_movies/movies.parquet", "movie", "title")
    answers: pd.DataFrame = table("predict_genres/{model}.parquet", "model", "movie")


@dataclass(frozen=True, kw_only=True, eq=False)
class Years(Reader):
    movies: pd.DataFrame = table("select_movies/movies.parquet", "movie", "year")


def files(folder: Path, **columns: object) -> dict[str, Path]:
    """Movies, and the answers of two models of which one has none."""
    movies = pd.DataFrame({"movie": ["1"], "title": ["Heat"], "year": [1995], "plot": ["long"]} | columns)
    frames = {
        "select_movies/movies.parquet": movies,
        "predict_genres/a.parquet": pd.DataFrame({"movie": ["1"]}),
        "predict_genres/b.parquet": pd.DataFrame({"movie": []}),
    }
    for name, frame in frames.items():
        write_table(frame, folder / name)
    return {name: folder / name for name in frames}


def test_a_table_is_read_once_with_the_columns_that_any_part_reads(tmp_path: Path) -> None:
    tables = load_tables([Titles, Years], files(tmp_path))
    assert list(tables["select_movies/movies.parquet"].columns) == ["movie", "title", "year"]


def test_a_wildcard_is_a_column_and_an_empty_table_is_left_out(tmp_path: Path) -> None:
    answers = load_tables([Titles], files(tmp_path))["predict_genres/{model}.parquet"]
    assert answers.to_dict("records") == [{"model": "a", "movie": "1"}]


def test_a_file_is_of_the_place_with_the_fewest_wildcards(tmp_path: Path) -> None:
    @dataclass(frozen=True, kw_only=True, eq=False)
    class Both(Reader):
        films: pd.DataFrame = table("predict_genres/films/{system}.parquet", "system")
        answers: pd.DataFrame = table("predict_genres/{model}/{way}.parquet", "model", "way", "movie")

    named = {}
    for name in ("predict_genres/films/a.parquet", "predict_genres/b/c.parquet"):
        named[name] = tmp_path / name
        write_table(pd.DataFrame({"movie": ["1"]}), tmp_path / name)
    tables = load_tables([Both], named)
    assert tables["predict_genres/films/{system}.parquet"].to_dict("records") == [{"system": "a"}]
    answers = tables["predict_genres/{model}/{way}.parquet"]
    assert answers.to_dict("records") == [{"model": "b", "way": "c", "movie": "1"}]


def test_without_a_model_there_is_a_table_without_rows(tmp_path: Path) -> None:
    named = files(tmp_path)
    alone = {name: path for name, path in named.items() if name.startswith("select")}
    answers = load_tables([Titles], alone)["predict_genres/{model}.parquet"]
    assert answers.empty and list(answers.columns) == ["model", "movie"]


def test_a_table_that_lacks_a_column_is_named(tmp_path: Path) -> None:
    named = files(tmp_path)
    write_table(pd.DataFrame({"movie": ["1"]}), named["select_movies/movies.parquet"])
    with pytest.raises(TrailerflowError, match=r"movies\.parquet lacks the column title; delete it"):
        load_tables([Titles], named)


def test_a_file_that_is_not_in_the_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrailerflowError, match=r"the list of files for the page lacks select_movies/movies"):
        load_tables([Years], {})


def test_abouts_come_in_the_order_of_the_data(tmp_path: Path) -> None:
    lines = []
    for rule in ("score_genres", "select_movies", "predict_genres"):
        path = tmp_path / f"{rule}=.json"
        write_about(path, rule=rule, seconds=1)
        lines.append(f"{rule}/about.json={path}\n")
    assert json.loads(path.read_text())["rule"] == "predict_genres"
    abouts = load_abouts(named_paths([*lines, "predict_genres/a.parquet=nowhere\n"]))
    assert [about["rule"] for about in abouts] == ["select_movies", "predict_genres", "score_genres"]
