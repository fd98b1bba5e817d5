"""Transcripts that no summary is asked of, by their words alone."""

from __future__ import annotations

from typing import Any

import pytest

from trailerflow.summaries.telling import LEAST, telling, why_not_asked

NARRATED = "a young lawyer takes his first case and finds that her client and their friends did it "


def transcript(text: str, language: str | None = "en", before: int | None = None) -> Any:
    words = len(text.split())
    return {"text": text, "words": words, "words_before_trim": before or words, "language": language}


def test_a_possessive_counts_as_a_hundred_words() -> None:
    assert telling(transcript("his gun " * 50)) == pytest.approx(50 + 1)
    assert telling(transcript("go " * 100)) == pytest.approx(1)
    assert telling(transcript("her sister " * 50)) == pytest.approx(75 + 1)
    assert telling(transcript("oh yeah " * 50)) == pytest.approx(-20 + 1)
    assert telling(transcript("this history theirs hers " * 25)) == pytest.approx(1)


@pytest.mark.parametrize("text", [NARRATED, NARRATED.upper(), NARRATED.replace(" ", ", ")])
def test_a_told_plot_is_asked_about_whatever_its_letters(text: str) -> None:
    assert why_not_asked(transcript(text)) is None


@pytest.mark.parametrize(
    "text",
    ["", "go", "la la la " * 30, "coming this summer from the makers of everything rated r " * 8, "♪♪ ?!"],
)
def test_songs_slogans_and_single_words_are_not(text: str) -> None:
    reason = why_not_asked(transcript(text))
    assert reason is not None
    assert reason.startswith("the trailer does not tell: ")


def test_what_is_longer_than_any_trailer_is_not() -> None:
    reason = why_not_asked(transcript(NARRATED * 30, before=50_000))
    assert reason is not None
    assert "50000 words are spoken" in reason


def test_in_another_language_the_number_of_words_decides() -> None:
    few, many = (
        "ein Mann sucht den Ort an dem sie einmal lebte",
        "ein Mann sucht den Ort an dem sie mit ihm lebte",
    )
    assert why_not_asked(transcript(few, "de")) is not None
    assert why_not_asked(transcript(many, "de-AT")) is None
    assert why_not_asked(transcript(many, "en")) is not None


def test_the_least_is_reached_by_its_own_value() -> None:
    words = round(LEAST * 100)
    assert why_not_asked(transcript("word " * words)) is None
    assert why_not_asked(transcript("word " * (words - 1))) is not None
