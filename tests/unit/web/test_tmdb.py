"""TMDB: the film that is meant, and its videos in the order of their worth."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from trailerflow.errors import LaterError
from trailerflow.movies.movie import Movie
from trailerflow.web import tmdb
from unit.api_sites import Asked, Reply, serving, tmdb_film, web_access


@pytest.fixture
def sites(monkeypatch):
    with serving(monkeypatch) as served:
        yield served


def of_year(films: list[dict[str, Any]]):
    """TMDB's search: the year of release is a filter where it is given."""

    def answer(asked: Asked) -> Any:
        year = asked.query.get("primary_release_year", "")
        return {"results": [film for film in films if film["release_date"].startswith(year)]}

    return answer


def test_the_film_of_the_year_is_found_with_one_request(sites, tmp_path):
    sites.answers["tmdb"] = of_year(
        [tmdb_film(1, "Sabrina", "1954-09-22"), tmdb_film(2, "Sabrina", "1995-12-15")]
    )
    number, answers = tmdb.find_movie(web_access(tmp_path), Movie("1", "Sabrina", 1995))
    assert number == 2
    (asked,) = sites.asked
    assert (asked.path, asked.query["query"], asked.query["primary_release_year"]) == (
        "/search/movie",
        "Sabrina",
        "1995",
    )
    assert [Path(path).is_file() for path in answers] == [True]


def test_a_film_of_the_year_before_is_found_by_the_second_search(sites, tmp_path):
    sites.answers["tmdb"] = of_year([tmdb_film(7, "Der Fall", "1994-11-01", "The Case")])
    number, answers = tmdb.find_movie(web_access(tmp_path), Movie("1", "Case, The (Fall, Der)", 1995))
    assert number == 7
    assert [asked.query["query"] for asked in sites.asked] == ["The Case", "The Case"]
    assert len(answers) == 2


def test_the_first_hit_is_not_taken_for_being_first(sites, tmp_path):
    sites.answers["tmdb"] = of_year(
        [tmdb_film(1, "Heat", "1986-11-14"), tmdb_film(2, "Heat Wave", "1995-01-01")]
    )
    assert tmdb.find_movie(web_access(tmp_path), Movie("1", "Heat", 1995))[0] is None
    sites.answers["tmdb"] = lambda asked: Reply(404)
    assert tmdb.find_movie(web_access(tmp_path), Movie("1", "Nothing", 1995))[0] is None


def video(key: str, kind: str, official: bool, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "type": kind,
        "official": official,
        "site": "YouTube",
        "iso_639_1": "en",
        "name": key,
    } | more


def test_trailers_come_before_teasers_and_official_ones_first(sites, tmp_path):
    sites.answers["tmdb"] = lambda asked: {
        "results": [
            video("clip", "Clip", True),
            video("teaser", "Teaser", True),
            video("fan", "Trailer", False),
            video("vimeo", "Trailer", True, site="Vimeo"),
            video("good", "Trailer", True, published_at="2015-02-26T03:19:25.000Z"),
        ]
    }
    found, answers = tmdb.videos(web_access(tmp_path), 2)
    assert [entry["id"] for entry in found] == ["good", "fan", "teaser"]
    assert found[0] == {
        "id": "good",
        "name": "good",
        "language": "en",
        "published": "2015-02-26T03:19:25.000Z",
    }
    assert [asked.path for asked in sites.asked] == ["/movie/2/videos"]
    assert len(answers) == 1


def test_a_film_without_an_english_trailer_has_those_of_its_own_language(sites, tmp_path):
    def answer(asked: Asked) -> Any:
        if asked.path == "/movie/2":
            return {"original_language": "fr"}
        return {"results": [video("haine", "Trailer", True)] if asked.query["language"] == "fr" else []}

    sites.answers["tmdb"] = answer
    found, answers = tmdb.videos(web_access(tmp_path), 2)
    assert [entry["id"] for entry in found] == ["haine"]
    assert len(answers) == 3


def test_a_film_that_is_english_and_has_no_trailer_is_not_asked_for_twice(sites, tmp_path):
    sites.answers["tmdb"] = lambda asked: {"results": [], "original_language": "en"}
    found, answers = tmdb.videos(web_access(tmp_path), 2)
    assert found == []
    assert len(answers) == len(sites.asked) == 2


# ---- nothing that TMDB sends is believed


@pytest.mark.parametrize("number", [None, 0, -5, True, 2.0, "2", 2**53, "2/../../x", [2], {"id": 2}])
def test_a_film_whose_number_is_none_is_no_film(sites, tmp_path, number):
    film = tmdb_film(1, "Heat", "1995-12-15") | {"id": number}
    sites.answers["tmdb"] = lambda asked: {"results": [film]}
    assert tmdb.find_movie(web_access(tmp_path), Movie("1", "Heat", 1995))[0] is None
    sites.answers["tmdb"] = lambda asked: {"results": [film, tmdb_film(3, "Heat", "1995-12-15")]}
    assert tmdb.find_movie(web_access(tmp_path / "other"), Movie("1", "Heat", 1995))[0] == 3


@pytest.mark.parametrize(
    "part",
    [
        {"release_date": 1995},
        {"release_date": None},
        {"title": 5, "original_title": ["Heat"]},
        {"title": None},
    ],
)
def test_a_film_whose_parts_are_something_else_is_not_the_film(sites, tmp_path, part):
    sites.answers["tmdb"] = lambda asked: {
        "results": [tmdb_film(1, "Heat", "1995-12-15") | {"original_title": ""} | part, "Heat", None]
    }
    assert tmdb.find_movie(web_access(tmp_path), Movie("1", "Heat", 1995))[0] is None


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"results": None},
        {"results": {"id": 1}},
        {"success": False, "status_message": "Internal error, 5."},
    ],
    ids=str,
)
def test_an_answer_without_a_list_is_for_later_and_not_kept(sites, tmp_path, answer):
    sites.answers["tmdb"] = lambda asked: answer
    words = re.escape(answer.get("status_message", "None"))
    for ask in (lambda web: tmdb.find_movie(web, Movie("1", "Heat", 1995)), lambda web: tmdb.videos(web, 2)):
        for _ in range(2):
            with pytest.raises(LaterError, match=rf"^TMDB answered '{words}'$"):
                ask(web_access(tmp_path))
    assert len(sites.asked) == 4
    assert not list((tmp_path / "cache").rglob("*.json"))


@pytest.mark.parametrize("language", ["../x", "e", "engl", "EN", "en\n", 5, None, ["en"]])
def test_a_language_that_is_none_is_not_asked_for(sites, tmp_path, language):
    sites.answers["tmdb"] = lambda asked: {"results": [], "original_language": language}
    assert tmdb.videos(web_access(tmp_path), 2)[0] == []
    assert [asked.query["language"] for asked in sites.asked] == ["en", "en"]


def test_a_videos_parts_are_what_they_ought_to_be_or_none(sites, tmp_path):
    strange = {"key": 5, "name": ["x"], "iso_639_1": "../x", "published_at": 9, "official": "yes"}
    sites.answers["tmdb"] = lambda asked: {
        "results": [video("a", "Trailer", True) | strange, video("b", "Trailer", True, type=["Trailer"]), 7]
    }
    assert tmdb.videos(web_access(tmp_path), 2)[0] == [
        {"id": "", "name": None, "language": None, "published": None}
    ]


@pytest.mark.parametrize("overview", [5, ["x"], {"x": 1}, None, " "])
def test_an_overview_that_is_no_text_is_none(sites, tmp_path, overview):
    sites.answers["tmdb"] = lambda asked: {"overview": overview}
    assert tmdb.overview(web_access(tmp_path), 2)[0] is None
