"""Extra labelled texts: read, their genres in our terms, none of a film under evaluation, one part a film."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.extra.contract import read_genre_names
from trailerflow.genres.extra.gather import LEFT_OUT, TEST, TRAIN, VALIDATION, Wanted, gather_extra_texts
from trailerflow.genres.extra.own_table import OwnTable
from trailerflow.genres.extra.same_film import EvaluatedFilms
from trailerflow.genres.extra.wikipedia_plots import WikipediaPlots
from trailerflow.movies.movie import Movie

NAMES = Path(__file__).parents[4] / "resources/genre_names/wikipedia-plots.csv"


def table(folder: Path, *rows: str, header: str = "title,year,text,genres,imdb_id") -> Path:
    path = folder / "texts.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def plots(folder: Path, *rows: str) -> Path:
    return table(folder, *rows, header="ID,Title,Category,Plot")


def own(folder: Path, *rows: str) -> OwnTable:
    return OwnTable(table(folder, *rows), None)


def test_a_plot_is_read_with_its_genres_in_our_terms(tmp_path):
    path = plots(
        tmp_path, '0,Ghosts,"""Space western"", ""Gothic Film"", ""Horror""","They  land, and ""wake"" it."'
    )
    (text,) = WikipediaPlots(path, NAMES).read()
    assert (text.id, text.title, text.year) == ("0", "Ghosts", None)
    assert text.text == 'They land, and "wake" it.'
    assert text.genres == ("Horror", "Sci-Fi", "Western")


def test_a_genre_that_the_table_of_names_lacks_is_named_with_the_table(tmp_path):
    path = plots(tmp_path, '0,Ghosts,"""Cookery""",They cook.')
    with pytest.raises(
        TrailerflowError, match=r"'Cookery', which .*wikipedia-plots.csv does not list; add a row"
    ):
        WikipediaPlots(path, NAMES).read()


def test_a_wrong_row_of_the_table_of_names_is_named(tmp_path):
    names = table(tmp_path, "Space opera,Sci-fi", header="name,genres")
    with pytest.raises(TrailerflowError, match=r"texts.csv, row 2: 'Sci-fi' is no genre of MovieLens"):
        read_genre_names(names)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Heat,95,A heist.,Crime,", "row 2: the year is '95'; write four digits"),
        ("Heat,1995,,Crime,", "row 2: the title or the text is missing"),
        ("Heat,1995,A heist.,Cooking,", "'Cooking', which the 18 genres of MovieLens does not list"),
        ("Heat,1995,A heist.", "row 2 has 3 cells and the header 5"),
        ("", "has no row; add texts, or take it out of genres.extra_texts"),
    ],
)
def test_a_faulty_own_table_is_refused_in_one_sentence(tmp_path, row, said):
    with pytest.raises(TrailerflowError, match=said):
        own(tmp_path, row).read()


RUN = [
    Movie("1", "Heat", 1995),
    Movie("2", "Postman, The (Postino, Il)", 1994),
    Movie("3", "Star Trek: First Contact", 1996),
    Movie("4", "Twelve Monkeys", 1995),
    Movie("5", "Hamlet"),
]


@pytest.mark.parametrize(
    ("title", "year", "held"),
    [
        ("Heat", None, True),
        ("heat!", 1996, True),
        ("Heat", 1986, False),
        ("Heat (1986)", None, False),
        ("Il Postino", 1994, True),
        ("The Postino", None, True),
        ("12 Monkeys", None, True),
        ("Star Trek", None, True),
        ("Star Trek: Generations", None, False),
        ("Heat: The Director's Cut", None, True),
        ("Hamlet", 1948, True),
        ("Casino", None, False),
    ],
)
def test_what_may_be_a_film_of_the_run_is_told_by_titles_and_years(title, year, held):
    assert EvaluatedFilms(RUN).may_hold(title, year) is held


def test_an_equal_id_elsewhere_is_the_same_film():
    films = EvaluatedFilms(RUN, ["imdb_id tt0113277"])
    assert films.may_hold("Another Title", 2001, frozenset({"imdb_id tt0113277"}))
    assert not films.may_hold("Another Title", 2001, frozenset({"imdb_id tt0000001"}))


def gathered(folder: Path, rows: list[str], movies: list[Movie]):
    wanted = [Wanted("texts.csv", table(folder, *rows), None, 0.5)]
    return gather_extra_texts(wanted, movies, validation=0.2, test=0.2, seed=0)


def test_texts_are_left_out_with_a_reason_and_the_others_lie_in_one_part_a_film(tmp_path):
    rows = [f"Film {n},,Text {n}.,{GENRES[n % 4]}," for n in range(40)]
    rows += ["Film 1,,Another text of it.,Drama,", "Heat,,A heist.,Crime,", "Mute,,Nothing.,,"]
    found, notes = gathered(tmp_path, rows, RUN)
    assert found["movie"].is_unique
    assert found["part"].value_counts()[[TEST, VALIDATION, LEFT_OUT]].tolist() == [8, 8, 2]
    assert found[found["title"] == "Film 1"]["part"].nunique() == 1
    assert set(found[found["part"] == LEFT_OUT]["title"]) == {"Heat", "Mute"}
    assert found["weight"].eq(0.5).all()
    assert "their film may be one of the run's: 1" in notes[0]


TITLES = st.lists(
    st.sampled_from(["Heat", "The Heat", "Casino", "Il Postino", "12 Monkeys", "Ran"]), min_size=1
)


@given(titles=TITLES, run=st.lists(st.sampled_from(RUN), max_size=5))
def test_no_text_that_is_learnt_from_is_of_a_film_of_the_run(tmp_path_factory, titles, run):
    folder = tmp_path_factory.mktemp("texts")
    found, _ = gathered(folder, [f"{title},,A text.,Drama," for title in titles], run)
    films = EvaluatedFilms(run)
    used = found[found["part"].isin([TRAIN, VALIDATION, TEST])]
    assert not any(films.may_hold(title, None) for title in used["title"])
    assert len(used) == sum(not films.may_hold(title, None) for title in titles)
