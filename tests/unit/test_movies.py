"""Movies as they travel, their titles, and the forms in which two writings of a title meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.movies.forms import normalised_title
from trailerflow.movies.movie import Movie
from trailerflow.movies.records import Record, pick_record
from trailerflow.movies.titles import display_title, split_title

# ---- the year


@pytest.mark.parametrize(
    ("text", "title", "year"),
    [
        ("GoldenEye (1995)", "GoldenEye", 1995),
        ("  Superman/Doomsday  (2007) ", "Superman/Doomsday", 2007),
        ("City of Lost Children, The (Cité des enfants perdus, La) (1995)",
         "City of Lost Children, The (Cité des enfants perdus, La)", 1995),
        ("Land Before Time III (1995) (V)", "Land Before Time III", 1995),
        ("Death Note: Desu nôto (2006\u20132007)", "Death Note: Desu nôto", 2006),
        ("Fawlty Towers (1975-1979)", "Fawlty Towers", 1975),
        ("Big Bang Theory, The (2007-)", "Big Bang Theory, The", 2007),
        ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009),
        ("1984", "1984", None),
        ("(1995)", "(1995)", None),
        ("Babylon 5", "Babylon 5", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_split_title(text: str, title: str, year: int | None) -> None:
    assert split_title(text) == (title, year)


@given(title=st.text(min_size=1), year=st.integers(1000, 9999))
def test_a_title_with_a_year_behind_it_is_parted_again(title: str, year: int) -> None:
    single_spaced = " ".join(title.split())
    if single_spaced:
        assert split_title(f"{title} ({year})") == (single_spaced, year)


@given(text=st.text())
def test_any_text_has_a_title_and_a_plausible_year(text: str) -> None:
    title, year = split_title(text)
    assert title or not text.strip()
    assert year is None or 0 <= year <= 9999


# ---- articles and alternative titles


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Usual Suspects, The", "The Usual Suspects"),
        ("Postino, Il", "Il Postino"),
        ("Appartement, L'", "L'Appartement"),
        (
            "Like Water For Chocolate (Como agua para chocolate)",
            "Like Water For Chocolate (Como agua para chocolate)",
        ),
        (
            "City of Lost Children, The (Cité des enfants perdus, La)",
            "The City of Lost Children (Cité des enfants perdus, La)",
        ),
        ("Me, Myself & I", "Me, Myself & I"),
    ],
)
def test_the_article_comes_in_front(title, shown):
    assert display_title(title) == shown


def test_spellings_of_one_title_meet():
    assert normalised_title("Léon: The Professional") == normalised_title("leon - the professional")
    assert normalised_title("Romeo & Juliet") == normalised_title("Romeo and Juliet")
    assert normalised_title("Alien") != normalised_title("Aliens")


@given(st.text())
def test_a_normalised_title_stays_as_it_is(title):
    once = normalised_title(title)
    assert normalised_title(once) == once


# ---- which record is the film


@pytest.mark.parametrize(
    ("title", "titles"),
    [
        ("GoldenEye", ["GoldenEye"]),
        ("Usual Suspects, The", ["The Usual Suspects"]),
        ("Postman, The (Postino, Il)", ["The Postman", "Il Postino"]),
        ("Seven (a.k.a. Se7en)", ["Seven", "Se7en"]),
        (
            "City of Lost Children, The (Cité des enfants perdus, La) (Lost)",
            ["The City of Lost Children", "La Cité des enfants perdus", "Lost"],
        ),
        ("(500) Days of Summer", ["(500) Days of Summer"]),
    ],
)
def test_a_film_has_a_title_and_others_in_brackets(title, titles):
    assert Movie("1", title).titles() == titles


def record(key: int, year: int | None, *titles: str) -> Record[int]:
    return Record(key, titles or ("Sabrina",), year)


@pytest.mark.parametrize(
    ("year", "records", "key"),
    [
        (1995, [record(1, 1954), record(2, 1995)], 2),
        (1995, [record(1, 1996), record(2, 1995)], 2),
        (1995, [record(1, 1994)], 1),
        (1995, [record(1, 1993)], None),
        (1995, [record(1, None)], None),
        (1995, [record(1, 1995, "Sabrina Down Under")], None),
        (1995, [record(1, 1995, "Zabrina", "Sabrina"), record(2, 1995)], 2),
        (1995, [record(1, 1995), record(2, 1995)], 1),
        (1995, [record(1, 1994), record(2, 1996)], None),
        (None, [record(1, 1954)], 1),
        (None, [record(1, 1954), record(2, 1995)], None),
        (1995, [], None),
    ],
)
def test_the_record_that_is_the_film_is_picked_or_none(year, records, key):
    assert pick_record(Movie("1", "Sabrina", year), records) == key


def test_a_title_whose_brackets_are_its_own_is_known_by_all_of_it():
    whole = "Birdman or (The Unexpected Virtue of Ignorance)"
    assert pick_record(Movie("1", whole, 2014), [record(1, 2014, whole)]) == 1
