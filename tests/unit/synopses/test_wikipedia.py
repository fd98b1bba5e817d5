"""Wikipedia: the article that is the film's, and what of it is a synopsis."""

from __future__ import annotations

import time

import pytest

from trailerflow.errors import LaterError
from trailerflow.movies.movie import Movie
from trailerflow.synopses import wikipedia
from trailerflow.synopses.wikipedia import find_story, story
from unit.api_sites import PLOT, lead, serving, web_access, wikipedia_finding, wikipedia_page


@pytest.fixture
def sites(monkeypatch):
    with serving(monkeypatch) as served:
        served.answers["wikipedia"] = wikipedia_finding()
        yield served


@pytest.fixture
def find(tmp_path):
    return lambda title, year: find_story(web_access(tmp_path), Movie("1", title, year))


@pytest.mark.parametrize(("year", "text"), [(1995, "A daughter leaves."), (1953, "She left."), (1970, None)])
def test_the_remake_is_chosen_by_its_year(sites, find, year, text):
    sites.answers["wikipedia"] = wikipedia_finding(
        wikipedia_page(
            1, "Sabrina", "Sabrina may refer to a film of 1995.", pageprops={"disambiguation": ""}
        ),
        wikipedia_page(2, "Sabrina (1954 film)", lead(1954) + " Remade in 1995.\n== Plot ==\nShe left."),
        wikipedia_page(3, "Sabrina (1995 film)", lead(1995) + "\n== Plot ==\nA daughter leaves."),
    )
    assert find("Sabrina", year).text == text


@pytest.mark.parametrize(
    ("title", "extract", "more"),
    [
        ("Sabrina", "Sabrina may refer to a film of 1995.", {"pageprops": {"disambiguation": ""}}),
        ("Sabrina", "Sabrina is a 1995 novel. It was read.", {}),
        ("Sabrina", "Sabrina is a film. It is loved.", {}),
        ("Sabrina", lead(1954) + " It was remade in 1995.", {}),
        ("Sabrina Fair", lead(1995), {}),
        ("Sabrina (soundtrack)", lead(1995), {}),
    ],
)
def test_an_article_that_is_not_surely_the_films_is_refused(sites, find, title, extract, more):
    sites.answers["wikipedia"] = wikipedia_finding(wikipedia_page(1, title, extract, **more))
    assert find("Sabrina", 1995).reason == "Wikipedia has no article that is surely the film's"


@pytest.mark.parametrize(
    ("title", "year", "article", "extract"),
    [
        ("Sabrina", 1996, "Sabrina (film)", "Sabrina is a 1995 comedy film. She returns."),
        ("Mr. Holland's Opus", 1995, "Mr. Holland's Opus", "Mr. Holland's Opus is a 1995 drama film. She returns."),
        ("2001: A Space Odyssey", 1968, "2001: A Space Odyssey", "2001: A Space Odyssey is a 1968 film. She returns."),
        ("Seven (a.k.a. Se7en)", 1995, "Seven (1995 film)", "Seven is a film. She returns."),
        ("Usual Suspects, The", None, "The Usual Suspects", "The Usual Suspects is a 1995 film. She returns."),
    ],
)  # fmt: skip
def test_an_article_that_is_the_films_is_found(sites, find, title, year, article, extract):
    sites.answers["wikipedia"] = wikipedia_finding(wikipedia_page(1, article, extract))
    assert find(title, year).text == "She returns."


def test_the_search_has_the_title_without_operators_the_year_and_the_word_film(sites, find):
    find('Face/Off: "M*A*S*H" -no (Other)', 1997)
    assert sites.asked[0].query["gsrsearch"] == "Face Off M A S H no 1997 film"
    assert sites.asked[0].path == "/w/api.php"


@pytest.mark.parametrize(
    ("extract", "text"),
    [
        (lead(1995), "A daughter comes home. She is seen."),
        (lead(1995) + "\n\n\n== Cast ==\nSomebody", "A daughter comes home. She is seen."),
        (lead(1995) + PLOT, "A daughter leaves. She comes home."),
        (lead(1995) + "\n== Synopsis ==\nIt goes.\n", "It goes."),
        (lead(1995) + "\n== Production ==\nMade.\n== Plot summary ==\nIt went.", "It went."),
        (lead(1995) + "\n== Plot ==\n\n== Cast ==\nSomebody", "A daughter comes home. She is seen."),
        ("Dr. Who is a 1965 horror film. He travels.", "He travels."),
        ("Fox is a 1995 horror film by Michael J. Fox Jr. Once there was a fox.", ""),
        ("Sabrina is a 1995 comedy film.", ""),
        ("", ""),
    ],
)
def test_the_story_is_the_plots_section_or_the_lead_without_the_sentence_that_names_the_genre(extract, text):
    assert story(extract) == text


def test_an_article_without_a_story_is_none(sites, find):
    sites.answers["wikipedia"] = wikipedia_finding(
        wikipedia_page(1, "Sabrina (1995 film)", "Sabrina is a 1995 romantic comedy film.")
    )
    assert find("Sabrina", 1995).reason == "Wikipedia's article tells no story"


def test_wikipedia_is_asked_a_second_apart():
    assert wikipedia.SITE.pause_seconds == 1.0


# ---- nothing that Wikipedia sends is believed

GOOD = wikipedia_page(1, "Sabrina (1995 film)", lead(1995) + PLOT)


@pytest.mark.parametrize(
    "page",
    [
        GOOD | {"pageid": None},
        GOOD | {"pageid": "1"},
        GOOD | {"pageid": -1},
        GOOD | {"title": 5},
        GOOD | {"extract": [lead(1995)]},
        GOOD | {"pageprops": {"disambiguation": ""}},
        {},
        "Sabrina",
    ],
    ids=lambda page: str(page)[-40:],
)
def test_a_page_whose_parts_are_something_else_is_no_article(sites, find, page):
    sites.answers["wikipedia"] = lambda asked: {"query": {"pages": [page]}}
    assert find("Sabrina", 1995).reason == "Wikipedia has no article that is surely the film's"


@pytest.mark.parametrize("more", [{"index": "first"}, {"index": None}, {"pageprops": ["disambiguation"]}])
def test_a_part_that_is_not_needed_may_be_anything(sites, find, more):
    sites.answers["wikipedia"] = wikipedia_finding(GOOD | more, wikipedia_page(2, "Other", "No."))
    assert find("Sabrina", 1995).text == "A daughter leaves. She comes home."


@pytest.mark.parametrize("query", [None, [], "pages", {"pages": None}, {"pages": {"1": GOOD}}])
def test_a_search_of_another_form_found_nothing(sites, find, query):
    sites.answers["wikipedia"] = lambda asked: {"query": query}
    assert find("Sabrina", 1995).reason == "Wikipedia has no article that is surely the film's"


@pytest.mark.parametrize("revisions", [None, [], [{}], [{"revid": "7/../x"}], [{"revid": 0}], "7"])
def test_an_article_without_its_revision_is_for_later_and_not_kept(sites, find, revisions):
    sites.answers["wikipedia"] = lambda asked: {"query": {"pages": [GOOD | {"revisions": revisions}]}}
    for _ in range(2):
        with pytest.raises(LaterError, match="an article without its revision"):
            find("Sabrina", 1995)
    assert len(sites.asked) == 3


@pytest.mark.parametrize(
    "extract",
    ["==" + " " * 200_000 + "x", "=" * 200_000, "== a " * 40_000, "== Plot ==\n" * 40_000, "(" * 200_000 + " film.",
     "film " * 40_000, "film. " * 40_000, "J. " * 60_000 + "film."],
    ids=lambda extract: extract[:12],
)  # fmt: skip
def test_an_article_that_is_made_to_be_slow_is_not(extract):
    before = time.process_time()
    story(extract)
    assert time.process_time() - before < 2
