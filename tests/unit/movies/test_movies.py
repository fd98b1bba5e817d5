"""Movies as they travel, their titles, and the forms in which two writings of a title meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import TrailerflowError
from trailerflow.movies.forms import alike_title, normalised_title, spelled_title
from trailerflow.movies.movie import Movie
from trailerflow.movies.numbers import in_digits
from trailerflow.movies.records import Record, pick_record
from trailerflow.movies.titles import MASK, display_title, mask_title, split_title

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
        ("usual suspects, the", "the usual suspects"),
        ("Appartement, L’", "L'Appartement"),
        ("Lunes al sol, Los", "Los Lunes al sol"),
        ("Soliti ignoti, I", "I Soliti ignoti"),
        ("Homem Que Copiava, O", "O Homem Que Copiava"),
        ("Sjunde inseglet, Det", "Det Sjunde inseglet"),
        ("Buono, il brutto, il cattivo, Il", "Il Buono, il brutto, il cattivo"),
        ("Die, Mommie, Die", "Die, Mommie, Die"),
        ("Paris, Texas", "Paris, Texas"),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Twelve Monkeys", "12 Monkeys"),
        ("Rocky II", "Rocky 2"),
        ("Rocky Two", "Rocky 2"),
        ("One Hundred and One Dalmatians", "101 Dalmatians"),
        ("A Hundred and One Nights", "101 Nights"),
        ("Two Thousand and One: A Space Odyssey", "2001: A Space Odyssey"),
        ("Twenty Thousand Leagues", "20,000 Leagues"),
        ("20.000 Leagues", "20 000 Leagues"),
        ("Nineteen Eighty-Four", "1984"),
        ("Nine and a Half Weeks", "9½ Weeks"),
        ("Nine 1/2 Weeks", "9½ Weeks"),
        ("Naked Gun 33⅓", "Naked Gun 33 1/3"),
        ("The Sixth Sense", "6th Sense, The"),
        ("Alien³", "Alien 3"),
        ("U571", "U-571"),
        ("Godfather: Part II, The", "The Godfather 2"),
        ("Kill Bill: Vol. 2", "Kill Bill Volume Two"),
        ("M*A*S*H", "MASH"),
        ("E.T. the Extra-Terrestrial", "ET the Extra Terrestrial"),
        ("She's Gotta Have It", "She_s Gotta Have It"),
        ("Don't Look Now", "Don t Look Now"),
        ("Doctor Strangelove", "Dr. Strangelove"),
        ("Romeo + Juliet", "Romeo and Juliet"),
        ("Un cœur en hiver", "Un coeur en hiver"),
        ("Æon Flux", "Aeon Flux"),
    ],
)
def test_two_writings_of_one_title_are_alike(one, other):
    assert alike_title(one) == alike_title(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rocky", "Rocky II"),
        ("Rocky II", "Rocky III"),
        ("Alien", "Aliens"),
        ("One, Two, Three", "6"),
        ("X-Men", "10 Men"),
        ("I, Robot", "1 Robot"),
        ("V", "5"),
        ("M", "1000"),
        ("The Thing", "Thing"),
        ("Toy Story", "Toy Story 2"),
        ("Chapter 27", "27"),
        ("Nowhere", "Now Here"),
    ],
)
def test_other_titles_are_not_alike(one, other):
    assert alike_title(one) != alike_title(other)


def test_the_loosest_form_has_no_article_and_no_blanks():
    assert spelled_title("The Golden Eye") == spelled_title("Golden-Eye") == "goldeneye"
    assert spelled_title("Quest, The", least=2) == "thequest"
    assert spelled_title("Die Hard") == "diehard"
    assert spelled_title("L.A. Confidential") == "laconfidential"


def test_many_numbers_in_a_row_are_read():
    assert in_digits(["hundred"] * 5000) == ["100"] * 5000


def test_each_title_of_a_film_is_masked():
    text = "this is Il Postino, the postman. a postman comes"
    assert mask_title(text, "Postino, Il (Postman, The)") == f"this is {MASK}, {MASK}. a {MASK} comes"
    assert mask_title("it is hard to die hard", "Die Hard") == f"it is hard to {MASK}"
    assert mask_title("l'appartement, un appartement", "Appartement, L'") == f"{MASK}, un {MASK}"


# ---- a movie on its way


def test_a_movie_travels_as_json_with_the_columns_that_are_asked_for():
    movie = Movie("-1", 'He said "No"', 1995, ("Crime",), "https://example.org/t", "a.srt", "01-Jan-1995", 7)
    everything = ["id", "title", "year", "genres", "trailer", "media", "release_date"]
    assert Movie.from_json(movie.to_json(everything)) == movie
    assert movie.to_json(["id", "year"]) == '{"id": "-1", "year": 1995}'
    assert Movie.from_json('{"id": "2", "title": "Zoë", "year": null}') == Movie("2", "Zoë")
    assert Movie("2", "Zoë").to_json(["title"]) == '{"title": "Zoë"}'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2", "A movie is one JSON object with its id, not '2'"),
        ("{", "A movie is one JSON object with its id, not '{'"),
        ('{"title": "GoldenEye"}', "A movie needs its id"),
        ('{"id": ""}', "A movie needs its id"),
        ('{"id": 2}', "The id of a movie cannot be 2"),
        ('{"id": "2", "year": "1995"}', "The year of a movie cannot be '1995'"),
        ('{"id": "2", "genres": "Crime"}', "The genres of a movie cannot be 'Crime'"),
        ('{"id": "2", "titel": "GoldenEye"}', "A movie has no 'titel'; it may have genres, id,"),
    ],
)
def test_what_is_no_movie_is_told_in_one_sentence(text, why):
    with pytest.raises(TrailerflowError) as caught:
        Movie.from_json(text)
    assert str(caught.value).startswith(why)


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
