"""What a language model is told of a user and of films."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Side
from trailerflow.recommendations.rankers.llm.settings import DEFAULTS
from trailerflow.recommendations.rankers.llm.told import Told, Words
from trailerflow.recommendations.rankers.llm.yes_no import YesNo
from unit.recommendations.frames import coded_ratings, movie_table
from unit.recommendations.rankers.llm.asked import PROMPTS, Taste

SUMMARIES = pd.DataFrame(
    {
        "movie": ["c", "d", "m2"],
        "status": ["ok", "absent", "ok"],
        "summary": ["A {title} of sorts.", None, "In Film 2\nall."],
    }
)
TRAIN = coded_ratings(
    [("u", f"m{number}", 1 + number % 5, number) for number in range(12)] + [("u", "late", 5, 99)], ["c", "d"]
)
SIDE: Side = {
    "archive": movie_table(
        [
            *(
                (f"m{place}", f"Film {place}, The", 1990, ["Drama" if place % 2 else "War"])
                for place in range(12)
            ),
            ("late", "Late", 1999, []),
            ("c", "Other title", 1980, ["Drama"]),
        ]
    ),
    "movies": movie_table([("c", "Candidate, The", 1991, ["Comedy", "War"]), ("d", "Dark", None, [])]),
    "summaries": SUMMARIES,
}


def told(side: Side = SIDE, **settings: Any) -> Told:
    """What is told of the user u, who is asked about c and d."""
    questions = Questions(
        pd.DataFrame({"user": ["u"], "timestamp": [50], "rule": "listed"}),
        pd.DataFrame({"user": ["u", "u"], "movie": ["c", "d"]}),
        TRAIN,
    )
    (found,) = Words(side, {**DEFAULTS, **settings}).of(questions)
    return found


def history(**settings: Any) -> list[str]:
    """The lines of the history."""
    return told(**settings).variables([0])["history"].split("\n")


def test_a_history_holds_the_newest_films_before_the_question() -> None:
    lines = history()
    assert len(lines) == 10
    assert lines[0] == "- 3 of 5, so-so: The Film 2 (1990), War"
    assert lines[-1] == "- 2 of 5, disliked: The Film 11 (1990), Drama"


def test_this_run_says_more_of_a_film_than_the_archive() -> None:
    assert told().films == ["The Candidate (1991), Comedy, War. A {title} of sorts.", "Dark"]


def test_a_list_shows_films_with_letters_in_its_own_order() -> None:
    variables = told().variables([1, 0])
    assert variables["films"] == "A: Dark\nB: The Candidate (1991), Comedy, War. A {title} of sorts."
    assert (variables["letters"], variables["count"], variables["film"]) == ("A, B", "2", "Dark")


def test_the_best_rated_films_are_told_in_order_of_time() -> None:
    assert history(history=3, history_by="rating") == [
        "- 5 of 5, liked: The Film 4 (1990), War",
        "- 4 of 5, liked: The Film 8 (1990), War",
        "- 5 of 5, liked: The Film 9 (1990), Drama",
    ]


def test_films_alike_to_those_asked_about_are_told_by_genres_and_by_vectors() -> None:
    assert [line.rpartition(", ")[2] for line in history(history=6, history_by="similarity")] == ["War"] * 6
    vectors = pd.DataFrame(
        {"movie": ["c", "d", "m3", "m4"], "vector": [[1.0, 0.0], [1.0, 0.1], [0.9, 0.0], [0.0, 1.0]]}
    )
    (line,) = history(side={**SIDE, "vectors": vectors}, history=1, history_by="similarity")
    assert "Film 3" in line


def test_without_titles_they_are_masked_in_texts_and_histories_have_texts() -> None:
    found = told(titled=False)
    assert found.films == ["Comedy, War. A {title} of sorts.", "a film of which nothing is told"]
    lines = history(titled=False)
    assert lines[:2] == ["- 3 of 5, so-so: War. In this film all.", "- 4 of 5, liked: Drama"]


@pytest.mark.parametrize(
    ("settings", "film"),
    [
        ({"text": "none"}, "The Candidate (1991), Comedy, War"),
        ({"genres": "none"}, "The Candidate (1991). A {title} of sorts."),
        ({"genres": "predicted"}, "The Candidate (1991), Horror. A {title} of sorts."),
        ({"text": "synopsis"}, "The Candidate (1991), Comedy, War. The plot."),
    ],
)
def test_texts_and_genres_are_those_of_the_settings(settings: dict[str, str], film: str) -> None:
    tables = {
        "predicted_genres": movie_table([("c", "", None, ["Horror"])]),
        "synopses": pd.DataFrame({"movie": ["c"], "status": ["ok"], "text": ["The plot."]}),
    }
    assert told(side={**SIDE, **tables}, **settings).films[0] == film


def test_a_history_that_is_too_long_for_the_model_loses_its_oldest_films() -> None:
    client = Taste(len, context=200)
    ranker = YesNo(client, PROMPTS / "yes_no.txt")
    found = ranker.fitting(told())
    kept = [rated.place for rated in found.history]
    assert 0 < len(kept) < 10
    assert kept == list(range(11, 11 - len(kept), -1))
    assert ranker.about()["notes"] == [
        f"{10 - len(kept)} films of histories were left out, since the model's context had no room."
    ]


def test_a_user_without_ratings_has_no_history() -> None:
    empty = Told("u", ["c"], ["C"], [])
    assert {empty.variables([0])[name] for name in ("history", "watched", "earlier", "newest")} == {"none"}
