"""What of a summary is kept, by made-up measures of support and by models that always answer alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.types import Answer
from trailerflow.sentences import sentences_of
from trailerflow.summaries.check import Check, checked_claims, kept_text
from trailerflow.summaries.support import support_of
from trailerflow.summaries.support.contract import NOTHING, Score, Support
from trailerflow.summaries.support.windows import Spoken, Window, likest_windows
from trailerflow.summaries.ways.contract import Told
from unit.scripted_model import ScriptedModel, said
from unit.summaries.support.surroundings import surroundings

SPOKEN = "jack robbed the bank last night and the sheriff wants him dead before the sun comes up"
WINDOW = Window("jack robbed the bank", 1.0, 4.0)


class ByClaim(Support):
    """Has a value for each claim by its text, NaN for any other."""

    name = "made_up"
    needs = frozenset()

    def __init__(self, **values: float) -> None:
        self.values = values

    def scores(self, films):
        return [[self._score(claim) for claim in film.claims] for film in films]

    def _score(self, claim):
        value = next((value for word, value in self.values.items() if word in claim), None)
        return NOTHING if value is None else Score(value, WINDOW)


class Always(ScriptedModel):
    """A model that answers every question alike."""

    def __init__(self, answer: str | Answer | LaterError | RefusedError) -> None:
        super().__init__()
        self.answer = answer

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request):
        self._answers = [self.answer]
        return super().ask(request)


def told(text: str = SPOKEN, title: str = "Net, The") -> Told:
    segments = [{"start": 0.0, "end": 7.5, "text": text}]
    return Told(title, {"text": text, "segments": segments, "words": len(text.split())}, 45)


def claims(summary: str, text: str = SPOKEN, threshold: float = 0.0, **values: float) -> list:
    return checked_claims(summary, told(text), Check(ByClaim(**values), threshold, "drop"))


def asked(answer: object, summary: str = "He robs a bank and flees. He waits.", text: str = SPOKEN) -> list:
    given = surroundings(text, model=Always(answer))
    return checked_claims(summary, told(text), Check(support_of("yes_no_words", given), 0.5, "drop"))


def test_a_claim_is_kept_from_the_threshold_on():
    summary = "Jack robs a bank and flees. He waits. She sings."
    found = claims(summary, threshold=0.5, robs=0.5, flees=0.4, waits=2.0)
    assert [(claim["text"], claim["sentence"], claim["support"], claim["kept"]) for claim in found] == [
        ("Jack robs a bank.", 0, 0.5, True),
        ("Jack flees.", 0, 0.4, False),
        ("He waits.", 1, 2.0, True),
        ("She sings.", 2, None, False),
    ]
    assert found[0]["window"] == {"start": 1.0, "end": 4.0, "text": "jack robbed the bank"}
    assert found[3]["window"] is None
    assert kept_text(summary, found) == "Jack robs a bank. He waits."


def test_an_invented_name_is_not_kept_however_supported_and_a_copy_is_told_apart():
    summary = "Jack robbed the bank last night and the sheriff wants him. Jack meets Rosa. The Net closes."
    copy, rosa, title = claims(summary, Jack=9.0, Net=9.0)[-3:]
    assert copy["copied"] and copy["kept"] and not copy["invented_names"]
    assert rosa["invented_names"] == ["Rosa"] and not rosa["kept"]
    assert title["kept"]


def test_a_name_counts_in_the_claims_that_have_it():
    found = claims("Jack robs a bank and loves Rosa's Diner. Jack finds Rosanna.")
    assert [claim["invented_names"] for claim in found] == [[], ["Rosa Diner"], ["Rosanna"]]


def test_a_summary_of_which_all_is_kept_stays_as_it_is():
    for summary in ("Jack robs a bank, and then he flees!  He waits.", "他走了。她说：“停！”他们来到"):
        kept = [claim | {"kept": True} for claim in claims(summary)]
        assert kept_text(summary, kept) == summary


@given(st.lists(st.booleans(), max_size=6), st.data())
def test_what_is_left_are_sentences_and_claims_in_their_order(flags, data):
    summary = " ".join(f"He robs bank {number} and flees to {number}." for number in range(len(flags)))
    found = [claim | {"kept": data.draw(st.booleans())} for claim in claims(summary)]
    rest = kept_text(summary, found)
    for number, sentence in enumerate(sentences_of(summary)):
        first, second = (claim for claim in found if claim["sentence"] == number)
        assert (sentence in rest) == (first["kept"] and second["kept"])
        assert (str(number) in rest) == (first["kept"] or second["kept"])


@pytest.mark.parametrize("summary", ["…", "?! …", ""])
def test_a_summary_without_a_word_leaves_nothing(summary):
    assert claims(summary) == [] and kept_text(summary, []) == ""


@pytest.mark.parametrize(
    "text",
    ["Run", "robber " * 50_000, "THE BANK IS SURROUNDED. COME OUT.", "the bank is surrounded come out"],
)
@pytest.mark.parametrize(("answer", "kept"), [("Yes.", True), ("No.", False)])
def test_any_transcript_and_a_model_that_always_answers_alike(text, answer, kept):
    found = asked(answer, text=text)
    assert [claim["kept"] for claim in found] == [kept] * 3
    assert all(claim["window"]["text"] in text and claim["window"]["end"] == 7.5 for claim in found)
    assert kept_text("He waits.", found[2:]) == ("He waits." if kept else "")


def test_a_model_that_refuses_supports_nothing():
    for answer in (Answer("", "stop", 9, 0, 1.0, False, [], refusal="I cannot."), RefusedError("too long")):
        found = asked(answer)
        assert [(claim["support"], claim["kept"]) for claim in found] == [(None, False)] * 3


def test_a_model_that_answers_later_is_asked_again_and_drops_nothing():
    with pytest.raises(LaterError, match="quota") as caught:
        asked(LaterError("quota", "2030-01-01T00:00:00Z"))
    assert caught.value.earliest == "2030-01-01T00:00:00Z"


def test_a_sentence_of_another_language_is_a_claim():
    summary = "Der Mann flieht und die Frau wartet. Ella roba un banco y huye."
    assert [claim["text"] for claim in asked("Yes", summary)] == sentences_of(summary)


def test_the_answers_of_the_check_can_be_counted():
    support = support_of("yes_no_words", surroundings(SPOKEN, model=Always("Yes")))
    checked_claims("Jack robs a bank. He waits.", told(), Check(support, 0.5, "drop"))
    assert [answer.prompt_tokens for answer in support.answers()] == [said("").prompt_tokens] * 2


def test_the_window_shown_is_the_one_with_most_of_the_claims_rare_words():
    words = " ".join(f"the word{number % 3} of" for number in range(40))
    spoken = Spoken(f"{words} killer in paris {words}")
    (window, none) = likest_windows(["The killers of the word wait.", "…"], spoken)
    assert "killer" in window.text and none is None
    assert likest_windows(["He runs."], Spoken("♪ … ♪")) == [None]


def test_an_introduction_is_kept_only_beside_what_is_told():
    summary = "The film is about a man who robs banks. The film is about Jack."
    kept = [claim["kept"] for claim in claims(summary, robs=1.0, about=1.0)]
    assert kept == [True, True, True]
    alone = claims(summary, about=1.0)
    assert [claim["kept"] for claim in alone] == [False, False, True]
    assert kept_text(summary, alone) == "The film is about Jack."
    named = claims("The film is about Jack, who robs banks.", about=1.0)
    assert [claim["kept"] for claim in named] == [True, False]
