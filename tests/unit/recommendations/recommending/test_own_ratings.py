"""Ratings of one's own and feedback: what is read, and the sentence for every row that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.recommending.films import Films
from trailerflow.recommendations.recommending.own_ratings import (
    read_feedback,
    read_own_ratings,
    with_feedback,
)
from unit.recommendations.recommending.shop import ARCHIVE, RATINGS

FILMS = Films(ARCHIVE)


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_films_are_known_by_id_or_by_title_and_year(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "movie,title,year,rating,timestamp\n7,,,5,9\n,The Usual Suspects,1995,4.5,3\n,SABRINA (1954),,2,4\n",
    )
    read = read_own_ratings(path, FILMS, user="me")
    assert read.ratings.values.tolist() == [["me", "3", 4.5, 3], ["me", "5", 2, 4], ["me", "2", 5, 9]]
    assert read.unknown == []


def test_films_that_are_not_known_are_told_and_the_others_count(tmp_path: Path) -> None:
    path = written(tmp_path, "title,year,rating\nHeat,,5\nSabrina,,4\nHeat 2,,3\nHeat,1996,3\n,,1\n")
    read = read_own_ratings(path, FILMS, user="me")
    assert read.ratings["movie"].tolist() == ["4"]
    assert [sentence.removeprefix(f"{path}, ") for sentence in read.unknown] == [
        "row 3: Sabrina may be Sabrina (1954), id 5; Sabrina (1995), id 6; give the year or the id.",
        "row 4: no film is titled Heat 2.",
        "row 5: no film is titled Heat and of 1996.",
        "row 6: there is neither a movie nor a title.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("movie,rating\n1,5\n2,0\n", "row 3: the rating '0' is not from 0.5 to 5"),
        ("movie,rating\n1,nan\n", "row 2: the rating 'nan' is not"),
        ("movie,rating\n2,5\n7,4\n", r"row 3: Aliens \(1986\) was rated in row 2"),
        ("movie,rating,timestamp\n1,5,-1\n", "row 2: the timestamp '-1' is no time"),
        ("movie,rating,timestamp\n1,5,890000000000\n", "is no time in seconds"),
        ("movie,rating\n99,5\n", "has no rating of a film that is known. .*row 2: no film has the id '99'"),
        ("movie,rating\n", "has no rating of a film that is known"),
        ("movie,stars\n1,5\n", "column rating is missing"),
    ],
)
def test_a_faulty_row_is_told_with_its_number(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TrailerflowError, match=said):
        read_own_ratings(written(tmp_path, text), FILMS, user="me")


def test_of_feedback_the_newest_rating_of_a_film_counts(tmp_path: Path) -> None:
    path = written(tmp_path, "user,movie,rating,timestamp\na,1,5,2\nb,1,4,1\na,1,2,3\na,99,1,4\n")
    read = read_feedback(path, FILMS)
    assert read.ratings.values.tolist() == [["b", "1", 4, 1], ["a", "1", 2, 3]]
    assert len(read.unknown) == 1
    both, notes = with_feedback(RATINGS, ARCHIVE, path)
    assert len(both) == len(RATINGS) + 2 and notes[0] == "2 of the ratings are feedback."


@given(st.text(max_size=200))
def test_whatever_stands_in_a_file_is_read_or_refused_in_a_sentence(tmp_path_factory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"movie,rating,title,year,timestamp\n" + text.encode("utf-8", "surrogatepass"))
    try:
        read = read_own_ratings(path, FILMS, user="me")
    except TrailerflowError as error:
        assert str(path) in str(error)
    else:
        assert read.ratings["rating"].between(0.5, 5).all() and read.ratings["movie"].is_unique
