"""A language model's reasons: only what the data hold is shown, and the rest is counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trailerflow.recommendations.recommending.claims import FromYear, SharedGenres, YouGave
from trailerflow.recommendations.recommending.words import words_of
from unit.recommendations.recommending.test_claims import facts_of
from unit.scripted_model import ScriptedModel

PROMPT = Path(__file__).parents[4] / "resources/prompts/recommendations/reasons.txt"
FACTS = facts_of(**{"1": 5.0, "3": 4.5, "5": 2.0})


def reason(
    kind: str, number: int = 0, genres: tuple[str, ...] = (), stars: float = 0, year: int = 0
) -> dict[str, Any]:
    return {"reason": kind, "number": number, "genres": list(genres), "stars": stars, "year": year}


def answer(*reasons: dict[str, Any]) -> str:
    return json.dumps({"reasons": reasons})


def test_the_model_is_told_of_the_film_and_of_what_the_user_liked_alone() -> None:
    model = ScriptedModel(answer())
    words = words_of(model, PROMPT, "4", FACTS)
    assert words == ([], 0, None)
    question = model.asked[0].messages[-1]["content"]
    assert "The film: Heat (1995); genres: Crime, Thriller" in question
    assert "1. The Usual Suspects (1995); genres: Crime, Thriller; stars: 4.5\n2. Alien (1979)" in question
    assert "Sabrina" not in question


def test_true_reasons_are_claims_and_false_ones_are_counted() -> None:
    model = ScriptedModel(
        answer(
            reason("genres", 1, ("Crime",)),
            reason("stars", 2, stars=5),
            reason("year", year=1995),
            reason("genres", 2, ("Crime",)),
        )
    )
    words = words_of(model, PROMPT, "4", FACTS)
    assert words.claims == [SharedGenres("4", "3", ("Crime",)), YouGave("1", 5.0), FromYear("4", 1995)]
    assert words.left_out == 1
    model = ScriptedModel(
        answer(reason("stars", 1, stars=5), reason("stars", 9, stars=5), reason("year", year=1996))
    )
    assert words_of(model, PROMPT, "4", FACTS) == ([], 3, None)


@pytest.mark.parametrize(
    "wrong",
    [
        "He will love it.",
        "[]",
        '{"reasons": 3}',
        answer(*[reason("year", year=1995)] * 5),
        answer({"reason": "cast"}),
        answer(reason("genres", 1, ("Noir",))),
        answer(reason("year") | {"year": None}),
        answer(reason("year", year=10**400)),
        '{"reasons": [{"reason": "year", "number": Infinity, "genres": [], "stars": NaN, "year": 1995}]}',
    ],
)
def test_an_answer_that_stays_unreadable_says_nothing(wrong: str) -> None:
    words = words_of(ScriptedModel(wrong, wrong), PROMPT, "4", FACTS)
    assert words.claims == [] and words.problem
