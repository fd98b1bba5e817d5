"""Faithfulness: the windows, the maximum over them, the mean over sentences, the floor, by hand-made support."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.row_kinds import FLOOR
from trailerflow.summaries import faithfulness
from trailerflow.summaries.faithfulness import STEP, WINDOW, faithfulness_scores, windows
from trailerflow.summaries.metrics import FAITHFULNESS, Scorer

pytestmark = pytest.mark.slow


class ByWords:
    """Share of a sentence's words that the source has; remembers how often it was called."""

    def __init__(self):
        self.calls = 0

    def support(self, sentences, sources):
        self.calls += 1
        return [
            sum(word in source.split() for word in sentence.split()) / len(sentence.split())
            for sentence, source in zip(sentences, sources, strict=True)
        ]


def tables(texts, transcripts, *, model="m", prompt="p"):
    movies = [str(number) for number in range(len(texts))]
    return (
        pd.DataFrame({"movie": movies, "model": model, "prompt": prompt, "length": "full", "summary": texts}),
        pd.DataFrame({"movie": movies, "text": transcripts}),
    )


def values(scores: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {(row.movie, row.system): row.value for row in scores.itertuples()}


@given(st.integers(1, 700))
def test_windows_hold_every_word_and_share_half(count):
    every = [str(number) for number in range(count)]
    parts = [part.split() for part in windows(" ".join(every))]
    assert {word for part in parts for word in part} == set(every)
    assert all(len(part) == WINDOW for part in parts[:-1])
    assert len(parts[-1]) <= WINDOW
    assert [int(part[0]) for part in parts] == [STEP * number for number in range(len(parts))]
    assert len(parts) == 1 or len(parts[-1]) > STEP  # else the window before it would hold it all


def test_windows_of_a_script_without_blanks_are_of_its_letters():
    text = "".join(chr(0x4E00 + number) for number in range(170))
    assert windows(text) == [text[:100], text[50:150], text[100:]]


def test_windows_of_no_word_and_of_signs_alone():
    assert windows("") == []
    assert windows("… – …") == []


def test_the_best_window_of_each_sentence_then_the_mean_over_sentences():
    # "a b" lies in the first window and "c" in the last; "c x" is half there. No window has both a and c.
    source = " ".join(["a", "b", *["-"] * 148, "c"])
    scores = faithfulness_scores(*tables(["A b? C x."], [source.upper()]), scorer=Lowered(), shifts=3, seed=0)
    assert values(scores) == {("0", "m"): pytest.approx((1 + 1 / 2) / 2)}
    whole = faithfulness_scores(*tables(["A c"], [source.upper()]), scorer=Lowered(), shifts=3, seed=0)
    assert values(whole) == {("0", "m"): pytest.approx(1 / 2)}


class Lowered(ByWords):
    def support(self, sentences, sources):
        return super().support(
            [sentence.lower().strip(".?") for sentence in sentences],
            [source.lower() for source in sources],
        )


def test_the_floor_is_the_mean_over_other_transcripts():
    scores = faithfulness_scores(
        *tables(["a", "b", "c"], ["a", "b", "c b"]), scorer=ByWords(), shifts=5, seed=0
    )
    assert values(scores) == {
        ("0", "m"): 1,
        ("1", "m"): 1,
        ("2", "m"): 1,
        ("0", FLOOR): 0,
        ("1", FLOOR): 0.5,
        ("2", FLOOR): 0,
    }
    assert set(scores["metric"]) == {FAITHFULNESS}
    assert set(scores["statistic"]) == {"precision"}


def test_what_lacks_a_text_is_left_out_and_models_share_a_floor():
    summaries, transcripts = tables(["a", None, "...", "d"], ["a", "b", "c", None])
    both = pd.concat([summaries, summaries.assign(model="n", summary=["x a", "b", None, None])])
    scores = faithfulness_scores(both, transcripts, scorer=ByWords(), shifts=5, seed=0)
    assert values(scores) == {("0", "m"): 1, ("0", "n"): 0.5, ("1", "n"): 1, ("0", FLOOR): 0, ("1", FLOOR): 0}


def test_no_summary_gives_an_empty_table():
    assert faithfulness_scores(*tables([None], ["a"]), scorer=ByWords(), shifts=5, seed=0).empty


def test_portions_change_nothing(monkeypatch):
    texts, transcripts = ["a b", "b", "c a", "d"], ["a", "b c", "c d a", "d b"]
    scorer = ByWords()
    whole = faithfulness_scores(*tables(texts, transcripts), scorer=scorer, shifts=2, seed=3)
    assert scorer.calls == 1
    monkeypatch.setattr(faithfulness, "_PAIRS_AT_ONCE", 2)
    scorer = ByWords()
    pd.testing.assert_frame_equal(
        faithfulness_scores(*tables(texts, transcripts), scorer=scorer, shifts=2, seed=3), whole
    )
    assert scorer.calls == 6


def test_the_real_encoder_finds_the_source_of_a_paraphrase(encoder_models):
    """The order of three summaries of one transcript: copied, told in other words, of another film."""
    modules = Path(__file__).parents[3] / "resources/evaluate"
    scorer = Scorer(modules, encoder_models / "all-minilm-l6-v2", "all-minilm-l6-v2", layer=5)
    said = "the bank is surrounded come out with your hands up we have a hostage and a car is waiting"
    copied, told, other = scorer.support(
        [
            "the bank is surrounded come out with your hands up",
            "Robbers with a hostage are trapped in a bank.",
            "Two sisters inherit an orchard in Tuscany.",
        ],
        [said] * 3,
    )
    assert copied > told > other
    assert scorer.support([], []) == []
