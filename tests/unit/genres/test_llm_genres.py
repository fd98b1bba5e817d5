from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import LaterError, RefusedError
from trailerflow.genre_names import GENRES
from trailerflow.genres.llm_genres import FORM, MOST_GENRES, predict_genres, reading_note
from trailerflow.genres.texts import NO_SUMMARY, summaries_of
from trailerflow.llm.structured import UnreadableError, parse_document
from unit.scripted_model import ScriptedModel, said

MOVIES = pd.DataFrame({"movie": ["1", "2", "3", "4", "5"], "title": ["Net, The", "B", "C", "D", "E"]})
SUMMARIES = pd.DataFrame(
    {
        "movie": ["1", "2", "3", "4"],
        "status": ["ok", "absent", "ok", "ok"],
        "reason": [None, "nothing was spoken", None, None],
        "summary": ["A hacker {runs}.", None, "A war.", "A song."],
    }
)


@pytest.fixture
def prompt(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "predict.txt"
    path.write_text("### system\nGenres: {genres}.\n### user\n{title}: {summary}\n", encoding="utf-8")
    return path


def test_each_film_with_a_summary_is_asked_once_and_the_others_keep_their_status(prompt):
    texts = summaries_of(SUMMARIES, MOVIES["movie"])
    client = ScriptedModel(
        said('{"genres": ["Thriller", "Drama", "Thriller"]}'),
        LaterError("quota", "2026-01-01T00:00:00Z"),
        said('{"genres": ["Mus', "length"),
        said('{"genres": ["Musi', "length"),
    )
    table, usages = predict_genres(client, MOVIES, texts, prompt)
    assert [request.messages[1]["content"] for request in client.asked[:3]] == [
        "The Net: A hacker {runs}.",
        "C: A war.",
        "D: A song.",
    ]
    assert client.asked[0].messages[0]["content"] == f"Genres: {', '.join(GENRES)}."
    assert list(table["status"]) == ["ok", "absent", "later", "failed", "absent"]
    assert list(table["reason"]) == [
        None,
        "nothing was spoken",
        "quota",
        "the answer is not JSON and was cut off",
        NO_SUMMARY,
    ]
    assert table["genres"][0] == ["Thriller", "Drama"]
    assert table["earliest"][2] == "2026-01-01T00:00:00Z"
    assert list(table["prompt_tokens"].fillna(0)) == [200, 0, 0, 400, 0]
    assert len(usages) == 3
    assert reading_note(table) == (
        "1 first answers could not be read, 1 of them not after one repair either; 1 were cut off."
    )


def test_a_repaired_answer_counts_and_is_told(prompt):
    texts = summaries_of(SUMMARIES[:1], MOVIES["movie"][:1])
    client = ScriptedModel("Genres: War", '{"genres": ["War"]}')
    table, usages = predict_genres(client, MOVIES[:1], texts, prompt)
    assert (table["status"][0], table["genres"][0]) == ("ok", ["War"])
    assert table["unreadable"][0] == "the answer is not JSON"
    assert len(usages) == 2
    assert "0 of them not after one repair" in reading_note(table)


def test_a_refused_film_failed_and_no_summary_at_all_asks_nobody(prompt):
    texts = summaries_of(SUMMARIES[:1], MOVIES["movie"][:1])
    table, usages = predict_genres(ScriptedModel(RefusedError("too long")), MOVIES[:1], texts, prompt)
    assert (table["status"][0], table["reason"][0], usages) == ("failed", "too long", [])
    none = summaries_of(SUMMARIES[:0], MOVIES["movie"])
    client = ScriptedModel()
    table, _ = predict_genres(client, MOVIES, none, prompt)
    assert client.asked == []
    assert set(table["status"]) == {"absent"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Drama", "not JSON"),
        ("", "not JSON"),
        ('["Drama"]', "no object"),
        ('{"genre": ["Drama"]}', "no object"),
        ('{"genres": ["Drama"], "why": "sad"}', "no object"),
        ('{"genres": []}', "names no genre"),
        ('{"genres": "Drama"}', "names no genre"),
        ('{"genres": ["Drama", "Noir"]}', "'Noir'"),
        ('{"genres": ["drama"]}', "'drama'"),
        ('{"genres": [1]}', "'1'"),
        ('{"genres": [["Drama"]]}', "none of the genres"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_an_answer_that_breaks_the_form_is_unreadable(text, reason):
    with pytest.raises(UnreadableError, match=reason):
        FORM.parse(parse_document(text))


@given(st.lists(st.sampled_from(GENRES), min_size=1, max_size=MOST_GENRES), st.sampled_from([None, 1]))
def test_every_answer_of_the_form_is_read_without_repeats(genres, indent):
    parsed = FORM.parse(parse_document(json.dumps({"genres": genres}, indent=indent)))
    assert len(set(parsed)) == len(parsed)
    assert set(parsed) == set(genres)


@given(
    st.text() | st.recursive(st.none() | st.text(), st.lists).map(lambda value: json.dumps({"genres": value}))
)
def test_any_other_text_is_read_or_refused_and_never_crashes(text):
    try:
        assert set(FORM.parse(parse_document(text))) <= set(GENRES)
    except UnreadableError as error:
        assert str(error)
