from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.genre_names import GENRES
from trailerflow.genres.llm_genres import MOST_GENRES, UnreadableError, parse_genres, predict_genres
from trailerflow.genres.texts import NO_SUMMARY, summaries_of
from trailerflow.llm import Answer, LaterError, RefusedError

MOVIES = pd.DataFrame({"movie": ["1", "2", "3", "4", "5"], "title": ["Net, The", "B", "C", "D", "E"]})
SUMMARIES = pd.DataFrame(
    {
        "movie": ["1", "2", "3", "4", "1"],
        "model": ["tiny"] * 4 + ["other"],
        "prompt": ["zero_shot"] * 5,
        "status": ["ok", "absent", "ok", "ok", "ok"],
        "reason": [None, "nothing was spoken", None, None, None],
        "summary": ["A hacker {runs}.", None, "A war.", "A song.", "Not this one."],
    }
)


class FakeClient:
    """Gives prepared answers, the last one first."""

    def __init__(self, *answers: Answer | LaterError | RefusedError) -> None:
        self.answers = answers
        self.requests: list[object] = []

    def ask_many(self, requests):
        self.requests = list(requests)
        yield from reversed(list(enumerate(self.answers)))


def said(text: str, finish_reason: str = "stop") -> Answer:
    return Answer(text, finish_reason, 200, 20, 1.5, False, [])


@pytest.fixture
def prompt(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "predict.txt"
    path.write_text("### system\nGenres: {genres}.\n### user\n{title}: {summary}\n", encoding="utf-8")
    return path


def test_each_film_with_a_summary_is_asked_once_and_the_others_keep_their_status(prompt):
    texts = summaries_of(SUMMARIES, MOVIES["movie"], model="tiny", prompt="zero_shot")
    client = FakeClient(
        said('{"genres": ["Thriller", "Drama", "Thriller"]}'),
        LaterError("quota", "2026-01-01T00:00:00Z"),
        said('{"genres": ["Mus', "length"),
    )
    table, answers = predict_genres(client, MOVIES, texts, prompt)
    assert [request.messages[1]["content"] for request in client.requests] == [
        "The Net: A hacker {runs}.",
        "C: A war.",
        "D: A song.",
    ]
    assert client.requests[0].messages[0]["content"] == f"Genres: {', '.join(GENRES)}."
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
    assert list(table["prompt_tokens"].fillna(0)) == [200, 0, 0, 200, 0]
    assert len(answers) == 2


def test_a_refused_film_failed_and_no_summary_at_all_asks_nobody(prompt):
    texts = summaries_of(SUMMARIES[:1], MOVIES["movie"][:1], model="tiny", prompt="zero_shot")
    table, answers = predict_genres(FakeClient(RefusedError("too long")), MOVIES[:1], texts, prompt)
    assert (table["status"][0], table["reason"][0], answers) == ("failed", "too long", [])
    none = summaries_of(SUMMARIES, MOVIES["movie"], model="nobody", prompt="zero_shot")
    client = FakeClient()
    table, _ = predict_genres(client, MOVIES, none, prompt)
    assert client.requests == []
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
        parse_genres(text)


@given(st.lists(st.sampled_from(GENRES), min_size=1, max_size=MOST_GENRES), st.sampled_from([None, 1]))
def test_every_answer_of_the_form_is_read_without_repeats(genres, indent):
    parsed = parse_genres(json.dumps({"genres": genres}, indent=indent))
    assert len(set(parsed)) == len(parsed)
    assert set(parsed) == set(genres)


@given(
    st.text() | st.recursive(st.none() | st.text(), st.lists).map(lambda value: json.dumps({"genres": value}))
)
def test_any_other_text_is_read_or_refused_and_never_crashes(text):
    try:
        assert set(parse_genres(text)) <= set(GENRES)
    except UnreadableError as error:
        assert str(error)
