"""Where the errors of a system lie, on four films and an extra text made up by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trailerflow.genre_names import GENRES
from trailerflow.genres.breakdowns import by_text, calibration, stand_ins, worst_films
from trailerflow.genres.described import BEGINNING, DescribedFilms
from trailerflow.genres.judged import Judged
from trailerflow.row_kinds import PER_GENRE, REFERENCE

pytestmark = pytest.mark.slow

MOVIES = ("1", "2", "3", "4", "plots:1")
LONG = "word " * (BEGINNING + 1)
FILMS = DescribedFilms(
    movies=pd.DataFrame({"movie": MOVIES[:4], "title": ["One", "Two", "Three", "Four"], "year": [1995, 1996, None, 1998]}),
    transcripts=pd.DataFrame(
        {
            "movie": MOVIES[:4],
            "status": ["ok", "ok", "ok", "absent"],
            "text": ["A word.", LONG, "Some speech", None],
            "words": pd.array([2, 41, 20, None], dtype="Int64"),
            "origin": ["captions", "captions", "speech", None],
        }
    ),
    synopses=pd.DataFrame({"movie": ["4"], "status": ["ok"], "text": ["A synopsis."], "words": [2]}),
    extra=pd.DataFrame(
        {"movie": ["plots:1"], "title": ["Plot"], "year": pd.array([None], dtype="Int64"), "source": ["plots"],
         "text": ["A plot of five words"]}
    ),
)  # fmt: skip


def flags(*films: tuple[str, ...]) -> np.ndarray:
    return np.array([[genre in film for genre in GENRES] for film in films])


TRUTH = flags(("Drama",), ("Drama", "War"), ("Comedy",), ("Comedy",), ("Horror",))
DECIDED = flags(("Drama",), ("Comedy",), ("Drama", "Romance"), ("Comedy",), ("Thriller",))


def judged(arm: str = "transcript, masked", **more: object) -> Judged:
    probabilities = np.where(DECIDED, 0.75, 0.05)
    return Judged(
        **{
            "names": {"system": "made-up", "family": "", "arm": arm, "seed": 0, "part": "held-out"},
            "movies": list(MOVIES),
            "films": np.array(MOVIES, dtype=object),
            "folds": np.full(5, -1),
            "truth": TRUTH,
            "decisions": {PER_GENRE: DECIDED.astype(float)},
            "scores": probabilities,
            "probabilities": probabilities,
        }
        | more
    )


def test_a_missed_genre_stands_beside_those_that_were_named_for_it() -> None:
    table = stand_ins([judged()])
    found = {(row.missed, row.named): (row.movies, row.share) for row in table.itertuples()}
    assert found == {
        ("Drama", "Comedy"): (1, 1.0), ("War", "Comedy"): (1, 1.0), ("Comedy", "Drama"): (1, 1.0),
        ("Comedy", "Romance"): (1, 1.0), ("Horror", "Thriller"): (1, 1.0),
    }  # fmt: skip
    two = judged(truth=flags(("Drama",), ("Drama",), ("Drama",), ("Comedy",), ("Drama",)))
    shares = stand_ins([two]).set_index("named")["share"]
    assert shares.to_dict() == pytest.approx({"Comedy": 1 / 2, "Thriller": 1 / 2})


def test_scores_by_source_and_length_of_the_text_that_was_read() -> None:
    table = by_text([judged()], FILMS, seed=0).set_index(["by", "group"])
    assert table["movies"].to_dict() == {
        ("source", "captions"): 2, ("source", "none"): 1, ("source", "plots"): 1, ("source", "speech"): 1,
        ("length", "1 to 25 words"): 3, ("length", "26 to 50 words"): 1,
    }  # fmt: skip
    assert table.loc[("source", "speech"), "f1"] == 0
    # Of two films one genre of three is found, with two named.
    assert table.loc[("source", "captions"), "f1"] == pytest.approx(2 / 5)
    assert table["f1_low"].isna().tolist() == [False, True, True, True, False, True]
    synopses = by_text([judged("synopsis, titled")], FILMS, seed=0)
    assert synopses[synopses["by"] == "source"].set_index("group")["movies"].to_dict() == {
        "none": 3, "plots": 1, "synopsis": 1
    }  # fmt: skip


def test_the_worst_films_come_with_what_there_is_to_look_at() -> None:
    table = worst_films([judged()], FILMS)
    assert table["f1"].tolist() == [0, 0, 0, 1, 1]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    # "3" and "2" name as many wrong genres as they miss; "3" has two wrong ones above its only right one.
    assert set(table["movie"][:3]) == {"2", "3", "plots:1"}
    worst = table.set_index("movie")
    assert worst.loc["2", ["title", "year", "true", "predicted", "source", "words"]].tolist() == [
        "Two", 1996, "Drama, War", "Comedy", "captions", 41
    ]  # fmt: skip
    assert worst.loc["2", "beginning"] == LONG.strip().removesuffix(" word") + " …"
    assert worst.loc["plots:1", "beginning"] == "A plot of five words"
    assert pd.isna(worst.loc["3", "year"]) and worst.loc["4", "source"] == "none"


def test_the_calibration_curve_of_systems_that_give_probabilities() -> None:
    table = calibration([judged(), judged(probabilities=None)])
    assert table[["low", "decisions", "share"]].to_numpy().tolist() == [
        [0, 84, pytest.approx(4 / 84)], [0.7, 6, pytest.approx(2 / 6)]
    ]  # fmt: skip
    assert table["probability"].tolist() == pytest.approx([0.05, 0.75])


def test_rows_to_compare_with_have_no_errors_to_look_at() -> None:
    reference = judged(row_kind=REFERENCE)
    tables = (
        calibration([reference]),
        by_text([reference], FILMS, 0),
        stand_ins([reference]),
        worst_films([reference], FILMS),
    )
    assert all(table.empty and len(table.columns) for table in tables)
