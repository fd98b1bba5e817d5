from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.split import NO_FOLD, own_split, shares_of_films, split_movies


def catalogue(genres: list[set[str]], duplicate_of: dict[int, int] | None = None) -> pd.DataFrame:
    linked = duplicate_of or {}
    frame = pd.DataFrame({"movie": [str(number) for number in range(len(genres))]})
    frame["duplicate_of"] = pd.Series(
        [str(linked[number]) if number in linked else None for number in range(len(genres))], dtype="string"
    )
    for genre in GENRES:
        frame[genre] = [genre in own for own in genres]
    return frame


@st.composite
def catalogues(draw: st.DrawFn) -> pd.DataFrame:
    genres = draw(st.lists(st.sets(st.sampled_from(GENRES), max_size=4), min_size=1, max_size=40))
    links = draw(st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=10))
    taken: set[int] = set()
    duplicate_of = {}
    for one, other in links:
        first, second = sorted((one, other))
        if first < second < len(genres) and not {first, second} & taken:
            duplicate_of[second] = first
            taken |= {first, second}
    return catalogue(genres, duplicate_of)


@settings(max_examples=60)
@given(catalogues(), st.floats(0.05, 0.9), st.integers(2, 5), st.integers(0, 1000))
def test_no_film_lies_on_both_sides_and_every_film_with_genres_has_one_place(movies, held_out, folds, seed):
    split, notes = split_movies(movies, held_out=held_out, folds=folds, seed=seed)
    assert list(split["movie"]) == list(movies["movie"])
    assert (split.groupby("group")[["fold", "held_out"]].nunique() == 1).all().all()
    has_genres = movies[list(GENRES)].any(axis=1).groupby(split["group"]).transform("any")
    films = split.loc[has_genres, "group"].nunique()
    used = split["held_out"] | (split["fold"] != NO_FOLD)
    if films < folds + 1:
        assert not used.any()
        assert any("too few" in note for note in notes)
    else:
        assert (used == has_genres).all()
        assert (split.loc[split["held_out"], "fold"] == NO_FOLD).all()
        assert split["held_out"].any()
        assert set(split["fold"]) - {NO_FOLD} == set(range(folds))


def test_the_two_ids_of_a_film_share_their_group_and_their_genres_count_together():
    movies = catalogue([{"War"}, set(), {"Drama"}, {"Comedy"}, {"Drama"}], {1: 0})
    split, notes = split_movies(movies, held_out=0.25, folds=3, seed=0)
    assert list(split["group"]) == ["0", "0", "2", "3", "4"]
    assert split["fold"][0] == split["fold"][1]
    assert notes == []


def test_a_movie_without_any_genre_is_not_used_and_is_told():
    movies = catalogue([{"War"}, {"War"}, {"Drama"}, {"Drama"}, set()])
    split, notes = split_movies(movies, held_out=0.25, folds=2, seed=0)
    assert split["fold"][4] == NO_FOLD
    assert not split["held_out"][4]
    assert notes == ["Movies without any genre, which are not used: 1."]


def test_fewer_films_than_folds_split_nothing_and_say_so():
    split, notes = split_movies(catalogue([{"War"}, {"Drama"}]), held_out=0.25, folds=3, seed=0)
    assert list(split["fold"]) == [NO_FOLD, NO_FOLD]
    assert not split["held_out"].any()
    assert notes == [
        "There are 2 films with genres, too few for 3 folds and a held-out film: nothing is split, and nothing "
        "is trained. Add movies with genres, or lower genres.folds."
    ]


def test_genres_are_shared_out_evenly_and_the_seed_decides():
    rng = np.random.default_rng(5)
    movies = catalogue(
        [{str(genre) for genre in rng.choice(GENRES[:6], 2, replace=False)} for _ in range(300)]
    )
    split, _ = split_movies(movies, held_out=0.3, folds=3, seed=1)
    assert 85 <= split["held_out"].sum() <= 95
    for genre in GENRES[:6]:
        own = split[movies[genre]]
        assert 0.24 <= own["held_out"].mean() <= 0.36
        counts = own.loc[~own["held_out"], "fold"].value_counts()
        assert counts.max() - counts.min() <= 4
    again, _ = split_movies(movies, held_out=0.3, folds=3, seed=1)
    other, _ = split_movies(movies, held_out=0.3, folds=3, seed=2)
    pd.testing.assert_frame_equal(split, again)
    assert not split.equals(other)


def test_all_films_may_lie_in_folds_and_all_may_be_held_out():
    films = catalogue([{GENRES[number % 3]} for number in range(30)])
    in_folds, _ = split_movies(films, held_out=0, folds=5, seed=0)
    assert sorted(in_folds["fold"].value_counts()) == [6] * 5
    assert not in_folds["held_out"].any()
    held, _ = split_movies(films, held_out=1, folds=5, seed=0)
    assert held["held_out"].all()
    assert (held["fold"] == NO_FOLD).all()


def test_films_are_shared_out_by_genre():
    labels = np.eye(3, dtype=np.intp)[np.arange(60) % 3]
    part = shares_of_films(labels, (0.2, 0.1), seed=0)
    assert [labels[part == number].sum(axis=0).tolist() for number in range(3)] == [
        [4] * 3,
        [2] * 3,
        [14] * 3,
    ]


OWN = catalogue([{"War"}, {"Drama"}, {"War"}, {"Drama"}, {"War"}], {4: 0})


def own(folder: Path, *rows: str) -> pd.DataFrame:
    path = folder / "split.csv"
    path.write_text("\n".join(["movie,fold", *rows]) + "\n")
    return own_split(OWN, path)[0]


def test_a_users_split_is_taken_as_it_is(tmp_path):
    split = own(tmp_path, "0,0", "1,1", "2,test", "4,0")
    assert split["fold"].tolist() == [0, 1, NO_FOLD, NO_FOLD, 0]
    assert split["held_out"].tolist() == [False, False, True, False, False]
    assert split["group"].tolist() == ["0", "1", "2", "3", "0"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["9,0"], r"row 2: '9' is no movie of this run"),
        (["1,0", "1,1"], r"row 3: '1' stands there twice"),
        (["1,first"], r"row 2: the fold is 'first'; write a number from 0, or test"),
        (["1,0", "2,2"], r"has the folds 0, 2; number two or more from 0 without a gap"),
        (["1,0", "2,0"], r"has the folds 0; number two or more"),
        (["0,0", "4,1", "2,1"], r"puts two ids of one film on different sides \(0\); give them one fold"),
    ],
)
def test_a_faulty_split_of_a_users_is_refused_in_one_sentence(tmp_path, rows, said):
    with pytest.raises(TrailerflowError, match=said):
        own(tmp_path, *rows)
