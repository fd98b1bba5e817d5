"""What a language model is told of a user and a film."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.llm.questions import FilmQuestion, Texts
from unit.recommendations.frames import coded_ratings, movie_table


def asked(
    train: pd.DataFrame, questions: pd.DataFrame, candidates: pd.DataFrame, side: dict[str, pd.DataFrame]
) -> list[FilmQuestion]:
    """The questions about all users' films."""
    found = Texts(side).film_questions(Questions(questions.assign(rule="listed"), candidates, train))
    return [film for films in found for film in films]


def test_questions_tell_the_newest_films_before_the_held_out_ones() -> None:
    train = coded_ratings(
        [("u", f"m{number}", 1 + number % 5, number) for number in range(12)] + [("u", "late", 5, 99)],
        ["c", "d"],
    )
    archive = movie_table(
        [(f"m{number}", f"Film {number}, The", 1990, ["Drama"]) for number in range(12)]
        + [("late", "Late", 1999, [])]
    )
    movies = movie_table([("c", "Candidate, The", 1991, ["Comedy", "War"]), ("d", "Dark", None, [])])
    summaries = pd.DataFrame(
        {"movie": ["c", "d"], "status": ["ok", "absent"], "summary": ["A {title} of sorts.", None]}
    )
    questions = asked(
        train,
        pd.DataFrame({"user": ["u"], "timestamp": [50]}),
        pd.DataFrame({"user": ["u", "u"], "movie": ["c", "d"]}),
        {"archive": archive, "movies": movies, "summaries": summaries},
    )
    assert [(question.user, question.movie) for question in questions] == [("u", "c"), ("u", "d")]
    history = questions[0].variables["history"].split("\n")
    assert len(history) == 10
    assert history[0] == "- The Film 2 (1990), Drama: 3 of 5, so-so"
    assert history[-1] == "- The Film 11 (1990), Drama: 2 of 5, disliked"
    assert questions[0].variables["history"] == questions[1].variables["history"]
    assert questions[0].variables["title"] == "The Candidate (1991)"
    assert questions[0].variables["genres"] == "Comedy, War"
    assert questions[0].variables["summary"] == "A {title} of sorts."
    assert dict(questions[1].variables) | {"history": ""} == {
        "history": "", "title": "Dark", "genres": "unknown", "summary": "not available",
    }  # fmt: skip


def test_a_history_may_show_a_film_that_only_this_run_lists() -> None:
    archive = movie_table([("b", "Archived", 1991, [])])
    movies = movie_table([("own-id", "Own", 1990, []), ("b", "Archived", 1991, [])])
    none = pd.DataFrame({"movie": [], "status": [], "summary": []}, dtype=object)
    (question,) = asked(
        coded_ratings([("u", "own-id", 4, 1)], ["b"]),
        pd.DataFrame({"user": ["u"], "timestamp": [2]}),
        pd.DataFrame({"user": ["u"], "movie": ["b"]}),
        {"archive": archive, "movies": movies, "summaries": none},
    )
    assert question.variables["history"] == "- Own (1990), unknown: 4 of 5, liked"
