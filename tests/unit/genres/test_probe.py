"""What a language model knows of a film by its title alone."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import LaterError
from trailerflow.genre_names import GENRES
from trailerflow.genres.probe import (
    agreement,
    draw_films,
    other_films,
    probe_memory,
    read_year,
    summarise_probe,
)
from trailerflow.llm.structured import UnreadableError
from unit.scripted_model import ScriptedModel

FILMS = pd.DataFrame(
    {
        "movie": ["1", "2", "3", "4", "5", "6"],
        "title": ["Net, The", "B", "C", "C", "E", "F"],
        "year": [1995, 1996, 1996, 1996, None, 1990],
        "duplicate_of": [None, None, None, "3", None, None],
    }
    | {
        genre: [genre in ("Drama", "War")[: 1 + place % 2] for place in range(5)] + [False]
        for genre in GENRES
    }
)
SAID = [*(json.dumps({"year": year}) for year in (1995, 1990, 1996)), *(json.dumps({"genres": [genre]}) for genre in ("Drama", "War", "Comedy"))]  # fmt: skip


@pytest.fixture
def prompts(tmp_path, monkeypatch) -> dict[str, Path]:
    monkeypatch.chdir(tmp_path)
    for question, text in {"year": "{title}", "genres": "{title} ({year})"}.items():
        (tmp_path / f"{question}.txt").write_text(f"### user\n{text}\n")
    return {question: tmp_path / f"{question}.txt" for question in ("year", "genres")}


def test_films_with_a_year_and_genres_are_drawn_each_once():
    assert list(draw_films(FILMS, 9, 0)["movie"]) == ["1", "2", "3"]
    assert len(draw_films(FILMS, 2, 0)) == 2


def test_each_film_is_asked_about_by_its_title_and_held_against_a_constant_and_another_film(prompts):
    client = ScriptedModel(*SAID)
    rows, usages = probe_memory(client, draw_films(FILMS, 9, 0), prompts, 0)
    assert [request.messages[0]["content"] for request in client.asked] == [
        "The Net", "B", "C", "The Net (1995)", "B (1996)", "C (1996)",
    ]  # fmt: skip
    years, genres = rows[rows["question"] == "year"], rows[rows["question"] == "genres"]
    assert list(years["answer"]) == ["1995", "1990", "1996"]
    assert list(years["right"]) == [1, 0, 1]
    assert list(years["constant"]) == [0, 1, 1]  # 1996 is the most frequent year
    others = other_films(3, 0)
    said, truth = ["1995", "1990", "1996"], ["1995", "1996", "1996"]
    assert list(years["other_title"]) == [
        float(said[other] == own) for other, own in zip(others, truth, strict=True)
    ]
    assert list(genres["truth"]) == ["Drama", "Drama|War", "Drama"]
    assert list(genres["right"]) == pytest.approx([1, 2 / 3, 0])
    assert list(genres["constant"]) == pytest.approx([2 / 3, 1 / 2, 2 / 3])
    assert [usage["requests"] for usage in usages] == [3, 3]


def test_the_summary_pairs_the_films_and_leaves_out_those_without_an_answer(prompts):
    client = ScriptedModel(LaterError("quota"), *SAID[1:])
    rows, _ = probe_memory(client, draw_films(FILMS, 9, 0), prompts, 0)
    table = summarise_probe("scripted", rows, 0)
    assert list(table["answer"]) == ["title alone", "constant", "another film's title"] * 2
    years = table[table["question"] == "year"].set_index("answer")
    # Film 1 has no answer, and one other film would be held against it.
    assert list(years["movies"]) == [1] * 3 and list(years["left_out"]) == [2] * 3
    genres = table[table["question"] == "genres"].set_index("answer")
    assert genres.loc["title alone", "value"] == pytest.approx(5 / 9)
    assert genres.loc["constant", "difference"] == pytest.approx(5 / 9 - 11 / 18)
    assert genres.loc["constant", "difference_low"] <= genres.loc["constant", "difference"]
    assert pd.isna(genres.loc["title alone", "difference"])


def test_without_films_there_is_a_table_without_rows(prompts):
    rows, _ = probe_memory(ScriptedModel(), FILMS[:0], prompts, 0)
    assert len(rows) == 0
    assert len(summarise_probe("scripted", rows, 0)) == 0


@pytest.mark.parametrize(
    "document", [1995, {}, {"year": "1995"}, {"year": 5}, {"year": True}, {"year": 1995, "why": ""}]
)
def test_another_answer_than_a_year_is_unreadable(document):
    with pytest.raises(UnreadableError):
        read_year(document)


@given(st.sets(st.sampled_from(GENRES), min_size=1), st.sets(st.sampled_from(GENRES), min_size=1))
def test_the_agreement_is_the_f1_of_two_sets(said, truth):
    hits = len(said & truth)
    precision, recall = hits / len(said), hits / len(truth)
    expected = 2 * precision * recall / (precision + recall) if hits else 0
    assert agreement(sorted(said), truth) == pytest.approx(expected)


@given(st.integers(2, 40), st.integers(0, 5))
def test_every_film_gets_another_one_and_each_is_taken_once(count, seed):
    others = other_films(count, seed)
    assert sorted(others) == list(range(count))
    assert all(other != place for place, other in enumerate(others))
