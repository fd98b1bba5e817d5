"""Reference synopses from the web: the first source wins, the right film, no leaked genre, and no key anywhere."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trailerflow.configuration.check import KEY_VARIABLES
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome, later_mark, write_outcome
from trailerflow.synopses.fetch_synopsis import fetch_synopsis
from trailerflow.synopses.sources import SOURCES
from trailerflow.times import utc_time
from unit.api_sites import (
    KEYS,
    MODULES,
    PLOT,
    Asked,
    Reply,
    Sites,
    lead,
    serving,
    tmdb_film,
    web_access,
    wikipedia_finding,
    wikipedia_page,
)

SABRINA = Movie("1", "Sabrina", 1995)
SITES = ("tmdb", "omdb", "wikipedia")


@pytest.fixture
def sites(monkeypatch):
    with serving(monkeypatch) as served:
        served.answers = {"tmdb": tmdb_answer, "omdb": omdb_answer, "wikipedia": wikipedia_answer}
        yield served


@pytest.fixture
def fetch(tmp_path):
    """Fetch a movie's synopsis; everything that is written lies in tmp_path."""

    def fetched(
        sources: Sequence[str] = SITES, movie: Movie = SABRINA, *, refresh_before: str | None = None
    ) -> Outcome:
        table = tmp_path / "synopses.csv"
        table.write_text("id,synopsis\n9,Of the table.\n")
        outcome = fetch_synopsis(movie, sources, web=web_access(tmp_path, refresh_before), table=table)
        write_outcome(outcome, tmp_path / "results/fetch_synopsis/outcome.json")
        return outcome

    return fetched


def tmdb_answer(asked: Asked) -> Any:
    if asked.path == "/search/movie":
        films = [tmdb_film(1, "Sabrina", "1954-09-22"), tmdb_film(2, "Sabrina", "1995-12-15")]
        return {"results": films}
    return {"overview": f"An overview of {asked.path}."}


def omdb_film(**more: str) -> dict[str, str]:
    film = {"Title": "Sabrina", "Year": "1995", "imdbID": "tt0114319", "Plot": "A plot."}
    return film | {"Response": "True"} | more


def omdb_answer(asked: Asked) -> Any:
    return omdb_film()


def wikipedia_answer(asked: Asked, plot: str = PLOT) -> Any:
    if "gsrsearch" in asked.query:
        pages = [
            wikipedia_page(3, "Sabrina (1995 film)", lead(1995)),
            wikipedia_page(
                1, "Sabrina", "Sabrina may refer to a film of 1995.", pageprops={"disambiguation": ""}
            ),
            wikipedia_page(2, "Sabrina (1954 film)", lead(1954) + " Remade in 1995."),
        ]
        return {"batchcomplete": True, "query": {"pages": pages}}
    page = wikipedia_page(3, "Sabrina (1995 film)", lead(1995) + plot, revisions=[{"revid": 42}])
    return {"query": {"pages": [page] if asked.query["pageids"] == "3" else []}}


# ---- the order of the sources


def test_the_first_source_that_has_one_wins_and_the_others_are_not_asked(sites, fetch):
    of_table = fetch(["table", *SITES], Movie("9"))
    assert (of_table.data, sites.asked) == ({"text": "Of the table.", "words": 3}, [])
    assert list(of_table.source) == ["table"]
    assert fetch().data["text"] == "An overview of /movie/2."
    assert {asked.site for asked in sites.asked} == {"tmdb"}
    assert fetch(["omdb", "tmdb"]).data == {"text": "A plot.", "words": 2}


def test_a_synopsis_says_where_it_is_from(sites, fetch):
    before = utc_time()
    pages = {
        "tmdb": ("TMDB", "https://www.themoviedb.org/movie/2", "TMDB"),
        "omdb": ("OMDb", "/?i=tt0114319&plot=full", "CC BY-NC 4.0"),
        "wikipedia": (
            "Wikipedia",
            "/w/index.php?oldid=42",
            "“Sabrina (1995 film)” of Wikipedia, revision 42",
        ),
    }
    for name, (site, page, licence) in pages.items():
        source = fetch([name]).source
        assert (source["site"], source["cached"]) == (site, False)
        assert source["page"].endswith(page)
        assert licence in source["licence"]
        assert before <= source["fetched"] <= utc_time()
        assert all(Path(path).is_file() for path in source["answers"])
        assert fetch([name]).source == source | {"cached": True}
    assert "CC BY-SA 4.0" in source["licence"]


def test_a_movie_that_nobody_has_is_absent_with_each_reason(sites, fetch, tmp_path):
    sites.answers = {
        "tmdb": lambda asked: {"results": []},
        "omdb": lambda asked: {"Response": "False", "Error": "Movie not found!"},
        "wikipedia": wikipedia_finding(),
    }
    outcome = fetch(SOURCES)
    assert outcome.status == "absent"
    assert outcome.reasons == (
        f"no synopsis in {tmp_path / 'synopses.csv'}",
        "TMDB does not know it",
        "OMDb does not know it",
        "Wikipedia has no article that is surely the film's",
    )
    assert len(outcome.source["answers"]) == len(sites.asked) == 5


@pytest.mark.parametrize("overview", ["", " ", None])
def test_an_empty_overview_is_none(sites, fetch, overview):
    sites.answers["tmdb"] = lambda asked: (
        tmdb_answer(asked) if asked.path == "/search/movie" else {"overview": overview}
    )
    assert fetch(["tmdb"]).reasons == ("TMDB has no overview of it",)
    assert fetch(["tmdb", "omdb"]).data["text"] == "A plot."


def test_a_plot_that_is_not_available_is_none(sites, fetch):
    sites.answers["omdb"] = lambda asked: omdb_film(Plot="N/A")
    assert fetch(["omdb"]).reasons == ("OMDb has no plot of it",)
    assert fetch(["omdb", "wikipedia"]).source["site"] == "Wikipedia"


# ---- the film that is meant


def test_tmdb_chooses_the_remake_by_its_year(sites, fetch):
    assert fetch(["tmdb"]).data["text"] == "An overview of /movie/2."
    assert fetch(["tmdb"], replace(SABRINA, year=1953)).data["text"] == "An overview of /movie/1."
    assert fetch(["tmdb"], replace(SABRINA, year=1970)).status == "absent"


@pytest.mark.parametrize(
    "film", [{"Year": "1954"}, {"Year": "N/A"}, {"Title": "Sabrina Down Under"}], ids=str
)
def test_omdb_is_not_believed_where_its_film_is_another(sites, fetch, film):
    sites.answers["omdb"] = lambda asked: omdb_film(**film)
    assert fetch(["omdb"]).reasons == ("OMDb does not know it",)


def test_omdb_is_asked_by_title_and_year_then_by_the_other_title_then_without_the_year(sites, fetch):
    def answer(asked: Asked) -> Any:
        known = asked.query.get("y") is None
        missing = {"Response": "False", "Error": "Movie not found!"}
        return omdb_film(Title="The Postman", Year="1994–") if known else missing

    sites.answers["omdb"] = answer
    movie = Movie("2", "Postman, The (Postino, Il)", 1995)
    assert fetch(["omdb"], movie).data["text"] == "A plot."
    assert [(asked.query["t"], asked.query.get("y")) for asked in sites.asked] == [
        ("The Postman", "1995"),
        ("Il Postino", "1995"),
        ("The Postman", None),
    ]
    assert {asked.query["plot"] for asked in sites.asked} == {"full"}


@pytest.mark.parametrize("number", ["tt0114319/../x", "N/A", "tt1&i=2", None, 114319, "tt" + "1" * 13])
def test_a_film_of_omdb_whose_number_is_none_is_not_believed(sites, fetch, number):
    sites.answers["omdb"] = lambda asked: omdb_film() | {"imdbID": number}
    assert fetch(["omdb"]).reasons == ("OMDb does not know it",)


@pytest.mark.parametrize("plot", [None, 5, ["A plot."], {"a": 1}, " "])
def test_a_plot_that_is_no_text_is_none(sites, fetch, plot):
    sites.answers["omdb"] = lambda asked: omdb_film() | {"Plot": plot}
    assert fetch(["omdb"]).reasons == ("OMDb has no plot of it",)


# ---- keys


def written(folder: Path) -> str:
    return "\n".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_a_key_is_sent_and_written_nowhere(sites, fetch, tmp_path):
    fetch(["tmdb"])
    fetch(["omdb"])
    assert {asked.query["api_key"] for asked in sites.of("tmdb")} == {KEYS["TMDB_API_KEY"]}
    assert {asked.query["apikey"] for asked in sites.of("omdb")} == {KEYS["OMDB_API_KEY"]}
    everything = written(tmp_path)
    assert "An overview" in everything
    assert "secret" not in everything


@pytest.mark.parametrize("name", ["tmdb", "omdb"])
def test_a_key_is_in_no_message(sites, fetch, tmp_path, monkeypatch, capfd, name):
    sites.answers[name] = lambda asked: Reply(401, b'{"Error": "Invalid API key!"}')
    with pytest.raises(TrailerflowError) as error:
        fetch([name])
    assert KEY_VARIABLES[name] in str(error.value)
    key = KEYS[KEY_VARIABLES[name]]
    sites.answers[name] = lambda asked: Reply(418, f"no teapot for api_key={key} or {key}".encode())
    strange = fetch([name])
    assert (strange.status, "no teapot" in strange.reasons[0]) == ("later", True)
    nobody = replace(MODULES[name].SITE, address="http://127.0.0.1:9/nobody")
    monkeypatch.setattr(MODULES[name], "SITE", nobody)
    outcome = fetch([name])
    assert (outcome.status, "could not be reached" in outcome.reasons[0]) == ("later", True)
    told = [str(error.value), *strange.reasons, *outcome.reasons, *capfd.readouterr(), written(tmp_path)]
    assert "secret-of" not in "\n".join(told)


def test_a_key_that_omdb_refuses_with_a_good_status_is_a_fault_of_the_set_up(sites, fetch):
    good = sites.answers["omdb"]
    sites.answers["omdb"] = lambda asked: {"Response": "False", "Error": "Invalid API key!"}
    with pytest.raises(
        TrailerflowError, match=r"refused the key in OMDB_API_KEY; set a valid one \(Invalid API key!\)"
    ):
        fetch(["omdb"])
    sites.answers["omdb"] = good
    assert fetch(["omdb"]).status == "ok"


@pytest.mark.parametrize("name", ["tmdb", "omdb"])
def test_a_missing_key_is_a_fault_of_the_set_up(sites, fetch, monkeypatch, name):
    monkeypatch.delenv(KEY_VARIABLES[name])
    with pytest.raises(TrailerflowError, match=KEY_VARIABLES[name]):
        fetch([name])
    assert sites.asked == []


def test_the_check_of_the_configuration_knows_the_keys_of_the_sites():
    assert {name: MODULES[name].SITE.key_variable for name in MODULES} == {"wikipedia": None} | KEY_VARIABLES


# ---- faults of the sites


@pytest.mark.parametrize("name", SITES)
def test_too_many_requests_means_later_with_the_time_that_the_site_names(sites, fetch, tmp_path, name):
    sites.answers[name] = lambda asked: Reply(429, b"", {"Retry-After": "7200"})
    before = time.time()
    outcome = fetch([name])
    assert outcome.status == "later"
    assert utc_time(before + 7200) <= outcome.earliest <= utc_time(time.time() + 7202)
    mark = json.loads(later_mark(tmp_path / "results/fetch_synopsis/outcome.json").read_text())
    assert mark == {"attempt": 1, "earliest": outcome.earliest}
    assert fetch([name], replace(SABRINA, id="2")).earliest == outcome.earliest
    assert len(sites.asked) == 1


@pytest.mark.parametrize(
    "reply", [Reply(body=b"<html>Please wait</html>"), Reply(body=b""), Reply(503)], ids=repr
)
@pytest.mark.parametrize("name", SITES)
def test_an_answer_that_is_none_is_asked_for_again_at_once_and_then_later(sites, fetch, name, reply):
    good = sites.answers[name]
    sites.answers[name] = lambda asked: reply
    assert fetch([name]).status == "later"
    assert len(sites.asked) == 3
    sites.answers[name] = good
    assert fetch([name]).status == "ok"


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("omdb", {"Response": "False", "Error": "Error getting data."}),
        ("omdb", ["Error"]),
        ("wikipedia", {"error": {"code": "ratelimited", "info": "Too often."}}),
        ("wikipedia", {"error": "?"}),
    ],
)
def test_an_answer_that_tells_of_a_fault_is_not_kept(sites, fetch, name, document):
    good = sites.answers[name]
    sites.answers[name] = lambda asked: document
    assert fetch([name]).status == "later"
    sites.answers[name] = good
    assert fetch([name]).status == "ok"


def test_a_source_that_does_not_answer_is_not_passed_over(sites, fetch):
    sites.answers["tmdb"] = lambda asked: Reply(500)
    assert fetch(["tmdb", "omdb"]).status == "later"
    assert sites.of("omdb") == []


# ---- nothing is asked twice


def counts(sites: Sites) -> int:
    number = len(sites.asked)
    sites.asked.clear()
    return number


@pytest.mark.parametrize("name", SITES)
def test_a_second_run_asks_nothing_and_a_refresh_asks_all_again(sites, fetch, name):
    first = fetch([name])
    asked = counts(sites)
    assert asked > 0
    assert fetch([name]).data == first.data
    assert counts(sites) == 0
    assert fetch([name], refresh_before="2000-01-01T00:00:00Z").data == first.data
    assert counts(sites) == 0
    assert fetch([name], refresh_before=utc_time(time.time() + 60)).data == first.data
    assert counts(sites) == asked


def test_what_is_absent_is_not_asked_for_again_either(sites, fetch):
    sites.answers["wikipedia"] = wikipedia_finding()
    assert fetch(["wikipedia"]).status == fetch(["wikipedia"]).status == "absent"
    assert len(sites.asked) == 1
