"""Tables and their notes hold no secret, and else what they were given."""

from __future__ import annotations

import pandas as pd
import pytest

from trailerflow.catalogue.frames import empty_archive, select_movies
from trailerflow.genres.judged import judge, true_genres
from trailerflow.genres.predictions import read_predictions
from trailerflow.genres.scoring import score
from trailerflow.genres.split import split_movies
from trailerflow.tables import read_about, read_table, write_about, write_table
from unit.genres.prediction_tables import predictions_of

KEY = "k/0123456789"


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", KEY)


@pytest.mark.parametrize("name", ["table.parquet", "table.csv"])
def test_a_table_holds_no_secret(tmp_path, name):
    frame = pd.DataFrame(
        {
            "movie": ["1", "2", "3"],
            "reason": [f"401: {KEY} is wrong", None, "told of https://a.b?api_key=zzz"],
            "note": ["Bearer abcdefghijkl", "plain", None],
            "summary": [f"A film. {KEY}", "password=swordfish, said the guard", None],
            "words": [1, 2, 3],
        }
    )
    before = frame.copy()
    write_table(frame, tmp_path / name)
    read = read_table(tmp_path / name)
    assert read["reason"].where(read["reason"].notna(), None).tolist() == [
        "401: [secret] is wrong", None, "told of https://a.b?api_key=[secret]",
    ]  # fmt: skip
    assert read["note"].tolist()[:2] == ["Bearer [secret]", "plain"]
    assert read["summary"].tolist()[:2] == ["A film. [secret]", "password=swordfish, said the guard"]
    assert read["words"].tolist() == [1, 2, 3]
    pd.testing.assert_frame_equal(frame, before)


def test_a_table_without_secrets_is_written_as_it_is(tmp_path):
    frame = pd.DataFrame(
        {
            "movie": ["1", None],
            "reason": [None, "a key: it opens"],
            "genres": [["Drama"], []],
            "x": [0.5, None],
        }
    )
    write_table(frame, tmp_path / "table.parquet")
    frame.to_parquet(tmp_path / "plain.parquet", index=False)
    assert (tmp_path / "table.parquet").read_bytes() == (tmp_path / "plain.parquet").read_bytes()


NAMES = ["NA", "null", "nan", "None", "N/A", "n/a", "NaN", "-", "", "007", "1e3", "True", "1.0", "inf"]
"""What pandas would take for missing values, numbers or truth values; the empty text alone is missing."""


@pytest.mark.parametrize("column", ["movie", "user", "system", "ranker", "model", "prompt", "group", "id"])
@pytest.mark.parametrize("name", ["table.parquet", "table.csv"])
def test_names_are_text_in_every_table(tmp_path, name, column):
    names = [text for text in NAMES if text or name.endswith("parquet")]
    write_table(pd.DataFrame({column: names, "value": [0.5] * len(names)}), tmp_path / name)
    read = read_table(tmp_path / name)
    assert read[column].tolist() == names
    assert read["value"].dtype == float


def test_no_film_is_lost_from_the_genre_scores_because_of_its_id(tmp_path):
    ids = ["NA", "null", "nan", "None", "007", "6", "7", "8"]
    rows = "".join(f"{movie},Film {year},{year},Drama\n" for year, movie in enumerate(ids, 1960))
    (tmp_path / "movies.csv").write_text("id,title,year,genres\n" + rows)
    movies = select_movies(empty_archive().movies, tmp_path / "movies.csv")
    split, _ = split_movies(movies, held_out=0.3, folds=2, seed=0)
    write_table(split, tmp_path / "splits.csv")
    write_table(predictions_of("m", {movie: ["Drama"] for movie in ids}), tmp_path / "m.parquet")
    truth = true_genres(movies, read_table(tmp_path / "splits.csv"))
    metrics = score(judge([read_predictions(tmp_path / "m.parquet")], truth), seed=0)
    own = metrics[(metrics["system"] == "m") & (metrics["part"] == "all") & (metrics["label"] == "micro")]
    assert own["movies"].tolist() == [8]


def test_the_note_on_a_table_holds_no_secret(tmp_path):
    write_about(
        tmp_path / "about.json", rule="rank_films", seconds=1.0, notes=[f"It said {KEY}."],
        models=[{"name": "m", "base_url": "https://a.b?key=zzz", "api_key": "zzz"}],
        usage=[{"prompt_tokens": 5, "reason": f"x{KEY}"}],
    )  # fmt: skip
    about = read_about(tmp_path / "about.json")
    assert about["notes"] == ["It said [secret]."]
    assert about["models"] == [{"name": "m", "base_url": "https://a.b?key=[secret]", "api_key": "[secret]"}]
    assert about["usage"] == [{"prompt_tokens": 5, "reason": "x[secret]"}]


def test_of_a_parquet_table_only_the_wanted_columns_are_read_as_far_as_it_has_them(tmp_path):
    path = tmp_path / "movies.parquet"
    write_table(pd.DataFrame({"movie": ["1"], "plot": ["long"], "year": [1995]}), path)
    assert list(read_table(path, ["year", "movie", "title"]).columns) == ["movie", "year"]
    assert list(read_table(path, ["title"]).columns) == list(read_table(path).columns)
