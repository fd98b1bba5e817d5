"""The protocols that seek held-out films among others: which films are candidates."""

from __future__ import annotations

from trailerflow.recommendations.protocols.contract import FIND, Asked, Protocol, Settings
from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.protocols.sampled import Sampled
from trailerflow.recommendations.questions import Questions
from unit.recommendations.frames import coded_ratings

FILMS = [f"{number}" for number in range(1, 31)]
RATINGS = coded_ratings(
    [("a", film, 3.0, int(film)) for film in FILMS[:6]]
    + [("b", film, 3.0, int(film)) for film in FILMS[3:7]],
    FILMS,
)
LAST = RATINGS.groupby("user", observed=True).cumcount(ascending=False) < 2
TRAIN, HELD_OUT = RATINGS[~LAST].reset_index(drop=True), RATINGS[LAST].reset_index(drop=True)


def asked_by(protocol: Protocol, seed: int = 3) -> tuple[Asked, dict[str, list[str]]]:
    """What is asked, and the candidates of each user."""
    asked = protocol.ask(TRAIN, HELD_OUT, Settings(2, 1, 0, seed, 1))
    questions = Questions(asked.questions, asked.candidates, TRAIN)
    return asked, {each.user: list(questions.movies[each.candidates]) for each in questions}


def test_the_whole_catalogue_is_sought_less_what_the_user_has_rated() -> None:
    asked, films = asked_by(Full())
    assert asked.task == FIND
    assert films == {"a": FILMS[4:], "b": FILMS[:3] + FILMS[5:]}
    assert asked.questions["timestamp"].tolist() == [5, 6]
    assert set(asked.users["set"]) == {"all"}


def test_some_films_are_drawn_beside_the_truth() -> None:
    asked, films = asked_by(Sampled(10))
    assert asked.task == FIND
    for user, own, rated in (("a", {"5", "6"}, FILMS[:4]), ("b", {"6", "7"}, FILMS[3:5])):
        assert len(films[user]) == len(set(films[user])) == 12
        assert own <= set(films[user])
        assert not set(rated) & set(films[user])
    assert asked_by(Sampled(10))[1] == films
    assert asked_by(Sampled(10), seed=4)[1] != films


def test_the_truth_stands_at_no_place_of_its_own() -> None:
    places = {asked_by(Sampled(10), seed)[1]["a"].index("5") for seed in range(60)}
    assert places == set(range(12))


def test_all_films_that_are_left_are_drawn_where_there_are_too_few() -> None:
    _, films = asked_by(Sampled(95))
    assert {user: len(shown) for user, shown in films.items()} == {"a": 26, "b": 28}
