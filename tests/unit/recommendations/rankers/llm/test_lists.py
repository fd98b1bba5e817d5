"""Lists of films: their orders, answers that are faulty, and what several orders agree on."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.structured import UnreadableError
from trailerflow.recommendations.rankers.llm.in_context import InContext
from trailerflow.recommendations.rankers.llm.letters import letter_scores
from trailerflow.recommendations.rankers.llm.listwise import Listwise
from trailerflow.recommendations.rankers.llm.listwise_shuffled import ListwiseShuffled
from trailerflow.recommendations.rankers.llm.one_letter import OneLetter
from trailerflow.recommendations.rankers.llm.ordered import read_order
from trailerflow.recommendations.rankers.llm.orders import agreed, borda, shuffles
from trailerflow.recommendations.rankers.llm.pairwise import Pairwise, triples
from unit.recommendations.rankers.llm.asked import FILMS, PROMPTS, Taste, letters, scored, shown
from unit.scripted_model import ScriptedModel


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def order(*named: str) -> str:
    return json.dumps({"order": named})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from("ABCZ"),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(["order", "x"]), inner),
    max_leaves=12,
)


@given(JSON, st.integers(1, 5))
def test_any_answer_gives_an_order_of_all_films_or_cannot_be_read(document: Any, films: int) -> None:
    try:
        answer = read_order(document, films)
    except UnreadableError:
        return
    assert sorted(answer.scores.tolist()) == [-place for place in reversed(range(films))]
    whole = sorted(document["order"], key=str) == list("ABCDE"[:films])
    assert answer.repaired is not whole


def test_films_keep_their_orders_whatever_the_question_shows_first() -> None:
    films, seen = ["a", "b", "c", "d"], set()
    for seed in range(20):
        ids = [[films[place] for place in each] for each in shuffles(films, "u", seed, 3)]
        again = films[::-1]
        assert ids == [[again[place] for place in each] for each in shuffles(again, "u", seed, 3)]
        assert ids[:2] == [[films[place] for place in each] for each in shuffles(films, "u", seed, 2)]
        seen |= {tuple(each) for each in ids}
    assert len(seen) > 15
    assert shuffles(films, "u", 0, 9) != shuffles(films, "v", 0, 9)


def test_of_few_films_the_order_that_answers_agree_on_most_is_found() -> None:
    # Three of five put the first film before the second one, whose mean place is better.
    scores = np.array([[2.0, 2.0, 2.0, 0.0, 0.0], [1.0, 1.0, 1.0, 2.0, 2.0], [0.0, 0.0, 0.0, 1.0, 1.0]])
    assert agreed(scores).tolist() == [2.0, 1.0, 0.0]
    assert borda(scores).argmax() == 1
    circle = np.array([[2.0, 0.0, 1.0], [1.0, 2.0, 0.0], [0.0, 1.0, 2.0]])
    assert agreed(circle).tolist() == [1.0, 1.0, 1.0]


def test_an_incomplete_answer_is_mended_in_the_order_shown() -> None:
    client = ScriptedModel(order("C", "C", "Z"))
    scores = scored(Listwise(client, PROMPTS / "listwise.txt"), FILMS)
    titles = shown(client.asked[0])
    ranked = [FILMS[place] for place in np.argsort(-scores.scores)]
    assert [f"Number {film} (1990), Drama. Braces {{title}} stay." for film in ranked] == [
        titles[letter] for letter in "CABDE"
    ]
    assert scores.told["repaired"] == [True] * 5
    assert scores.told["places"] == [
        [next(place for place, words in enumerate(titles.values()) if film in words)] for film in FILMS
    ]


def test_where_no_answer_can_be_read_the_seeded_shuffle_stands() -> None:
    client = ScriptedModel("no", "still no")
    ranker = Listwise(client, PROMPTS / "listwise.txt", {"seed": 3})
    scores = scored(ranker, FILMS)
    (expected,) = shuffles(FILMS, "u", 3, 1)
    assert np.argsort(-scores.scores).tolist() == expected
    assert scores.told["status"] == ["ok"] * 5
    assert scores.told["repaired"] == [True] * 5
    assert scores.told["reason"][0].startswith("ranked in the order of the seeded shuffle")
    assert np.isnan(scores.told["order_scores"]).all()


def test_an_order_that_cannot_be_read_counts_for_nothing() -> None:
    answers = [order(*"ABCDE"), "no", "no", order(*"ABCDE")]
    ranker = ListwiseShuffled(ScriptedModel(*answers), PROMPTS / "listwise_shuffled.txt", {"orders": 3})
    scores = scored(ranker, FILMS)
    by_order = np.array(scores.told["order_scores"])
    assert np.isnan(by_order).all(axis=0).tolist() == [False, True, False]
    np.testing.assert_array_equal(scores.scores, agreed(by_order[:, [0, 2]]))
    assert scores.told["reason"] == [None] * 5


def test_what_is_for_later_or_refused_is_said_of_all_films() -> None:
    later = ScriptedModel(order(*"ABCDE"), LaterError("quota", "2030-01-01T00:00:00Z"))
    scores = scored(ListwiseShuffled(later, PROMPTS / "listwise_shuffled.txt", {"orders": 2}), FILMS)
    assert scores.told["status"] == ["later"] * 5
    assert scores.told["earliest"] == ["2030-01-01T00:00:00Z"] * 5
    assert np.isnan(scores.scores).all()
    scores = scored(Listwise(ScriptedModel(RefusedError("too long")), PROMPTS / "listwise.txt"), FILMS)
    assert (scores.told["status"][0], scores.told["reason"][0]) == ("failed", "too long")
    assert np.isnan(scores.scores).all()


def test_a_list_that_is_too_long_is_not_asked_about() -> None:
    client = ScriptedModel()
    scores = scored(Listwise(client, PROMPTS / "listwise.txt"), FILMS * 5)
    assert not client.asked
    assert "let it rank the best" in scores.told["reason"][0]
    assert scored(Listwise(client, PROMPTS / "listwise.txt"), []).scores.size == 0


def test_letters_are_added_over_their_spellings_and_missing_ones_rank_last() -> None:
    scores = letter_scores({"A": np.log(0.2), " A": np.log(0.1), "B.": np.log(0.4), "a": -0.1, "": -0.1}, 3)
    assert scores is not None
    shares = np.array([0.3, 0.4, 0.2 / np.e * 0.5])
    np.testing.assert_allclose(scores, np.log(shares / shares.sum()))
    assert letter_scores({"D": -0.1, "The": -2.0}, 3) is None


def test_a_bias_for_a_place_is_averaged_out_over_orders() -> None:
    """A model that takes the first film: over all orders no film is better."""
    films, count = FILMS[:3], 50
    client = ScriptedModel(*[letters({"A": -0.1, "B": -3.0, "C": -4.0})] * count)
    client.model.context = 4096
    scores = scored(OneLetter(client, PROMPTS / "one_letter.txt", {"orders": count}), films)
    places = np.array(scores.told["places"])
    by_order = np.array(scores.told["order_scores"])
    assert by_order.std(axis=1).min() > 1
    assert (by_order.argmax(axis=0) == places.argmin(axis=0)).all()
    assert np.ptp(scores.scores) < 0.8


def test_pairs_that_are_answered_by_the_place_alone_leave_all_films_equal() -> None:
    client = ScriptedModel(*[letters({"A": -0.1, "B": -3.0})] * 20)
    ranker = Pairwise(client, PROMPTS / "pairwise.txt")
    scores = scored(ranker, FILMS)
    assert scores.scores.tolist() == [2.0] * 5
    assert sorted(map(tuple, scores.told["order_scores"])) == [(float(n), float(4 - n)) for n in range(5)]
    assert "Of 10 triples of films 0 are intransitive, and 10 have a pair" in ranker.about()["notes"][-1]


def test_pairs_of_a_model_without_log_probabilities_are_read_as_letters() -> None:
    client = Taste(lambda words: float(words.rpartition("Number f")[2][:1]), log_probabilities=False)
    scores = scored(Pairwise(client, PROMPTS / "pairwise.txt"), FILMS)
    assert scores.scores.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_pair_that_cannot_be_read_is_half_a_win_for_both() -> None:
    client = ScriptedModel("A", "A", "A", "B", "B", "neither", log_probabilities=False)
    scores = scored(Pairwise(client, PROMPTS / "pairwise.txt"), FILMS[:3])
    (order,) = shuffles(FILMS[:3], "u", 0, 1)
    assert scores.scores[order].tolist() == [1.5, 1.5, 0.0]


@pytest.mark.parametrize("films", list(permutations(range(3))))
def test_films_that_win_in_a_circle_are_counted(films: tuple[int, int, int]) -> None:
    margins = np.full((3, 3), np.nan)
    for one, other in zip(films, (*films[1:], films[0]), strict=True):
        margins[one, other], margins[other, one] = 0.5, -0.5
    assert triples(margins) == (1, 1, 0)
    margins[0, 1] = margins[1, 0] = 0.0
    assert triples(margins) == (1, 0, 1)


def test_a_liking_for_the_first_film_cancels_out_of_pairs() -> None:
    client = Taste(lambda words: float(words.rpartition("Number f")[2][:1]))
    plain = client.ask
    client.ask = lambda request: letters(
        {letter: score + 20 * (letter == "A") for letter, score in plain(request).top_logprobs[0].items()}
    )  # type: ignore[method-assign]
    ranker = Pairwise(client, PROMPTS / "pairwise.txt")
    scores = scored(ranker, FILMS)
    assert scores.scores.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert np.array(scores.told["order_scores"]).sum(axis=1).tolist() == [4.0] * 5
    assert ranker.about()["notes"] == [
        "Of 10 triples of films 0 are intransitive, and 0 have a pair that neither film wins."
    ]


def test_the_last_film_is_the_example_of_the_prompt_in_context() -> None:
    client = Taste(len)
    scored(InContext(client, PROMPTS / "in_context.txt", {"orders": 1}), FILMS)
    words = client.asked[0].messages[-1]["content"]
    assert "watched after them: A Film (1980), War." in words
    assert "newest last:\nnone\n" in words
