"""Rankers by content, with values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.questions import History
from trailerflow.recommendations.rankers.content.content import Content
from trailerflow.recommendations.rankers.content.content_knn import Neighbours
from trailerflow.recommendations.rankers.content.films import film_content, text_vectors
from trailerflow.recommendations.rankers.content.likeness import Likeness, TitleWords
from trailerflow.recommendations.rankers.content.quality import biases, quality, said_by_content
from trailerflow.recommendations.rankers.content.tastes import Centres, Newcomers, Tastes
from unit.recommendations.frames import movie_table, random_ratings

pytestmark = pytest.mark.slow

FILMS = pd.Index(["alien", "heat", "alien3", "unheard"])
ARCHIVE = movie_table(
    [
        ("heat", "Heat", 1995, ["Crime", "Thriller"]),
        ("alien", "Alien", 1979, ["Horror", "Thriller"]),
        ("alien3", "Alien 3 (Xenos)", 1992, ["Horror"]),
    ]
)
ARCHIVE["release_date"] = pd.to_datetime(["1995-01-01", "1979-05-25", None])
CONTENT = film_content(ARCHIVE, FILMS)
WORDS = TitleWords.of(CONTENT.titles)
NOWHERE = Centres(np.zeros(0), np.zeros(0))


def history(movies: list[int], ratings: list[float]) -> History:
    return History(np.array(movies, int), np.array(ratings, np.float32), np.arange(len(movies)))


def test_content_stands_in_the_order_of_the_codes_and_what_is_not_told_is_empty() -> None:
    assert CONTENT.genres.sum(axis=1).tolist() == [2, 2, 1, 0]
    assert CONTENT.years.tolist() == [1979, 1995, 1992, 1992]
    assert CONTENT.months.tolist() == [5, 1, 0, 0]
    assert CONTENT.first_of_january.tolist() == [False, True, False, False]
    assert CONTENT.title_cues.tolist() == [[1, 0, 0], [1, 0, 0], [3, 1, 1], [0, 0, 0]]


def test_vectors_of_texts_are_centred_and_films_without_a_text_have_none() -> None:
    table = pd.DataFrame(
        {"movie": ["heat", "alien", "other run"], "vector": [[2.0, 5.0], [0.0, 5.0], [9.0, 9.0]]}
    )
    assert text_vectors(table, FILMS).tolist() == [[-1, 0], [1, 0], [0, 0], [0, 0]]


def test_likeness_is_the_sum_of_genres_years_titles_and_texts() -> None:
    vectors = np.array([[1.0, 0], [0.6, 0.8], [0, 0], [0, 0]])
    likeness = Likeness.of(CONTENT, vectors, WORDS)
    found = likeness.between(np.array([0, 1]), np.array([0, 1, 3]))
    assert found[0, 0] == pytest.approx(1 + 1 + 1 + 2)
    assert found[0, 1] == pytest.approx(0.5 + np.exp(-((16 / 8) ** 2) / 2) + 0 + 2 * 0.6)
    assert found[0, 2] == pytest.approx(np.exp(-((13 / 8) ** 2) / 2))
    without = Likeness.of(CONTENT, np.zeros((4, 0)), WORDS)
    series = without.between(np.array([0]), np.array([2]))[0, 0]
    assert series > np.sqrt(0.5) + np.exp(
        -((13 / 8) ** 2) / 2
    )  # beside the genre and the year: a word of the title


def test_taste_of_one_rating_is_its_share_of_the_variance() -> None:
    likeness = Likeness.of(CONTENT, np.zeros((4, 0)), WORDS)
    quality = np.array([0.5, -0.25, 0.0, 0.1])
    fitted = Tastes(FILMS, quality, likeness, 3.0, 7.0, Newcomers(None, WORDS, NOWHERE, 1990.0))
    above = 5 - 3 - 0.5
    above -= above / (1 + 5)
    between = likeness.between(np.array([1, 3]), np.array([0]))[:, 0]
    found = fitted.scores("1", history([0], [5]), np.array([1, 3]))
    np.testing.assert_allclose(found, quality[[1, 3]] + between * above / (3 + 7), rtol=1e-6)
    np.testing.assert_array_equal(fitted.scores("2", history([], []), np.array([1, 3])), quality[[1, 3]])


def test_neighbours_tell_the_mean_of_what_is_liked_above_the_mean() -> None:
    rows = np.array([[1.0, 0], [0, 1.0], [0.6, 0.8], [0, 0]])
    found = Neighbours(FILMS, rows).scores("1", history([0, 1], [5, 2]), np.array([2, 3]))
    assert found.tolist() == pytest.approx([(0.6 * 1.5 - 0.8 * 1.5) / 1.4, 0])


def test_biases_are_damped_by_five_ratings() -> None:
    known = biases(np.array([0, 1]), np.array([0, 0]), np.array([5.0, 3.0]), (3, 2))
    assert known.mean == 4 and known.counts.tolist() == [2, 0]
    assert known.users[0] == pytest.approx(1 / 6) and known.users[1] == pytest.approx(-1 / 6)
    assert known.users[2] == 0 and known.films.tolist() == pytest.approx([0, 0])


def test_quality_follows_the_content_where_nobody_has_rated_and_the_ratings_where_many_have() -> None:
    rng = np.random.default_rng(0)
    names = [f"f{number}" for number in range(120)]
    genres = [["Drama"] if number % 2 else ["Comedy"] for number in range(120)]
    archive = movie_table([(name, "A", 1990, genre) for name, genre in zip(names, genres, strict=True)])
    content = film_content(archive, pd.Index(names))
    films = np.repeat(np.arange(100), 6)
    films = np.concatenate([films, np.full(500, 2)])  # a comedy that many like
    ratings = np.where(films % 2, 4.0, 2.0) + rng.normal(0, 0.1, films.size)
    ratings[600:] = 4.0
    known = biases(np.arange(films.size) % 700, films, ratings, (700, 120))
    says = said_by_content(content, np.zeros((120, 0)), known, {"trees": 50, "ridge": 1.0, "seed": 0})
    found = quality(says(content, np.zeros((120, 0))), known)
    new = found[100:]
    assert new[1::2].min() > new[::2].max() + 0.5
    assert found[2] > found[1::2].mean() - 0.2


def test_a_title_tells_how_good_a_new_film_is() -> None:
    names = [f"f{number}" for number in range(40)]
    archive = movie_table([(name, "A", 1990, ["Drama"]) for name in names])
    liked = [number % 2 == 0 for number in range(40)]
    rows = [("u", names[number], 5.0 if liked[number] else 1.0, number) for number in range(38)]
    train = pd.DataFrame(rows, columns=["user", "movie", "rating", "timestamp"]).astype({"user": "category"})
    train["movie"] = pd.Categorical(train["movie"], categories=names)
    titles = pd.DataFrame({"movie": names, "vector": [[1.0, 0.0] if like else [0.0, 1.0] for like in liked]})
    side = {"archive": archive, "vectors": titles.head(0), "title_vectors": titles}
    fitted = Content({"noise": 1e6}).fit(train, train.head(0), side)
    good, bad = fitted.scores("new", history([], []), np.array([38, 39]))
    assert good > bad + 0.3


def test_a_film_that_comes_later_is_scored_as_one_of_the_same_content_that_was_there(tmp_path: Path) -> None:
    train = random_ratings(users=30)
    train = train[train["movie"] != "m9"].reset_index(drop=True)
    genres = [["Drama"], ["War", "Drama"], ["Comedy"]]
    rows = [
        (film, f"Film of {film}", 1980 + place, genres[place % 3])
        for place, film in enumerate(train["movie"].cat.categories)
    ]
    archive = movie_table(rows)
    vectors = pd.DataFrame({"movie": ["m1", "m9"], "vector": [[1.0, 0.0], [0.2, 0.9]]})
    titles = pd.DataFrame({"movie": ["m2", "m9"], "vector": [[0.0, 1.0], [0.4, 0.7]]})
    fitted = Content({"trees": 20}).fit(
        train, train.head(0), {"archive": archive, "vectors": vectors, "title_vectors": titles}
    )
    fitted.save(tmp_path)
    own = {"movie": "late"}
    late = pd.concat([archive[archive["movie"] == "m9"].assign(**own), archive.head(3)])
    later = Tastes.load(tmp_path).with_films(
        late, *(table.tail(1).assign(**own) for table in (vectors, titles))
    )
    assert list(later.films) == [*fitted.films, "late"]
    known = history([1, 2, 4], [5, 1, 3])
    same, new, known_one = later.scores("u", known, np.array([9, 10, 3]))
    assert new == pytest.approx(same)
    assert known_one == pytest.approx(fitted.scores("u", known, np.array([3]))[0])
    with pytest.raises(TrailerflowError, match="have 3 dimensions, and the ranker was fitted on 2"):
        fitted.with_films(late, pd.DataFrame({"movie": ["late"], "vector": [[1.0, 2.0, 3.0]]}), titles)
