"""The picker: its precision and recall on hand-written lists, and single cases worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trailerflow.movies.movie import Movie
from trailerflow.trailers.finding.picker import picked, word_lists

LISTS = Path(__file__).parents[3] / "data" / "search_results"


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_precision_and_recall(part):
    cases = json.loads((LISTS / f"{part}.json").read_text(encoding="utf-8"))
    best = [(case, picked(Movie.from_record(case["movie"]), case["results"])[0]) for case in cases]
    picks = [(case, result) for case, result in best if not result["refused"]]
    right = [result for case, result in picks if result["id"] in case["right"]]
    assert len(right) / len(picks) >= 0.97
    assert len(right) / sum(bool(case["right"]) for case in cases) >= 0.9


def result(title: str, **more) -> dict:
    plain = {"id": "x" * 11, "url": "https://www.youtube.com/watch?v=x", "title": title, "duration": 120}
    return plain | {"channel": "somebody", "live_status": None, "channel_is_verified": None} | more


def refusal(movie: tuple[str, int | None], *results: dict) -> str:
    return {entry["title"]: entry["refused"] for entry in picked(Movie("1", *movie), results)}[
        results[0]["title"]
    ]


@pytest.mark.parametrize(
    ("movie", "title", "more", "refused"),
    [
        (("Usual Suspects, The", 1995), "The Usual Suspects Trailer (1995)", {}, ""),
        (("GoldenEye", 1995), "Golden Eye (1995) - bande annonce", {}, ""),
        (("Postino, Il (Postman, The)", 1994), "The Postman (Il Postino) 1995 trailer", {}, ""),
        (("Game, The", 1997), "The Game - Trailer (1997)", {}, ""),
        (("Game, The", 1997), "The Game (1997) the video game trailer", {}, "it is a game ('video game')"),
        (("Heat", 1995), "The Heat | Official Trailer", {}, "it is of something else (the)"),
        (("Toy Story", 1995), "Toy Story 2 (1999) trailer", {}, "it is of 1999"),
        (("Toy Story", 1995), "Toy Story 2 trailer", {}, "it is of something else (2)"),
        (("Jack", 1996), "Jack Frost trailer", {}, "it is of something else (frost)"),
        (("Jack", 1996), "Jill (1996) trailer", {}, "it does not name the film"),
        (("Jack", 1996), "Jack (1996)", {}, "it does not say that it is a trailer"),
        (("Jack", 1996), "Jack (1996) trailer", {"duration": 6000}, "it is 6000 s long"),
        (
            ("Jack", 1996),
            "Jack (1996) trailer",
            {"live_status": "is_live"},
            "it is a live stream or an announced video",
        ),
        (("Jack", 1996), "Jack (1996) trailer REACTION", {}, "it is a reaction ('REACTION')"),
        (("Psycho", 1960), "Psycho (1998) trailer", {}, "it is of 1998"),
        (("Ran", None), "Ran (1985) theatrical trailer", {}, ""),
        (("Rocky", 1976), "Rocky V trailer", {}, "it is of something else (5)"),
        (("Rocky V", 1990), "Rocky 5 (1990) trailer", {}, ""),
        (("Twelve Monkeys", 1995), "12 Monkeys (1995) - Official Trailer", {}, ""),
        (("101 Dalmatians", 1961), "One Hundred and One Dalmatians (1961) trailer", {}, ""),
        (("Un coeur en hiver", 1992), "Un cœur en hiver (1992) bande-annonce", {}, ""),
        (("Alien 3", 1992), "Alien³ (1992) Trailer", {}, ""),
    ],
)
def test_one_result(movie, title, more, refused):
    assert refusal(movie, result(title, **more)) == refused


def test_an_undated_trailer_convinces_only_while_no_other_film_bears_the_title():
    undated = result("Crash - Official Trailer")
    assert refusal(("Crash", 1996), undated) == ""
    assert "does not convince" in refusal(("Crash", 1996), undated, result("Crash (2004) Official Trailer"))


def test_the_best_comes_first_and_every_result_is_accounted_for():
    results = [
        result("Heat 2 trailer"),
        result("Heat trailer", id="a"),
        result("Heat trailer (1995)", id="b"),
    ]
    ordered = picked(Movie("1", "Heat", 1995), results)
    assert [entry["id"] for entry in ordered] == ["b", "a", "x" * 11]
    assert ordered[0]["score"] > ordered[1]["score"]
    assert ordered[2]["refused"]


def test_word_lists():
    assert word_lists(Movie("1", "William Shakespeare's Romeo and Juliet")) == [
        ("william", "shakespeares", "romeo", "and", "juliet"),
        ("romeo", "and", "juliet"),
    ]
    assert word_lists(Movie("1", "Seven (a.k.a. Se7en)")) == [("7",)]
