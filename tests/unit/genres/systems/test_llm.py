from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import LaterError, RefusedError
from trailerflow.film_texts import Text
from trailerflow.genre_names import GENRES
from trailerflow.genres.job import ask, gather
from trailerflow.genres.predictions import ALL, as_matrix
from trailerflow.genres.systems.language_model import reads_of
from trailerflow.genres.systems.llm import FORM, MOST_GENRES, LlmSystem
from trailerflow.genres.texts import text_table
from trailerflow.llm.structured import UnreadableError, parse_document
from unit.scripted_model import ScriptedModel, said

TEXT = Text.from_name("summary/scripted/zero_shot")
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
    path = tmp_path / "zero_shot.txt"
    path.write_text("### system\nGenres: {genres}.\n### user\n{title}: {summary}\n", encoding="utf-8")
    return path


def asked(client, prompt, movies=MOVIES, summaries=SUMMARIES):
    system = LlmSystem("scripted", reads_of(TEXT.name, "titled"), client, prompt)
    texts = text_table(summaries, movies["movie"], TEXT)
    gathered = gather(movies, {TEXT.name: texts}, system.reads)
    return ask(system, gathered, list(movies["movie"]), ALL), system


def test_each_film_with_a_summary_is_asked_once_and_the_others_keep_their_status(prompt):
    client = ScriptedModel(
        said('{"genres": ["Thriller", "Drama", "Thriller"]}'),
        LaterError("quota", "2026-01-01T00:00:00Z"),
        said('{"genres": ["Mus', "length"),
        said('{"genres": ["Musi', "length"),
    )
    tables, system = asked(client, prompt)
    assert [request.messages[1]["content"] for request in client.asked[:3]] == [
        "The Net: A hacker {runs}.",
        "C: A war.",
        "D: A song.",
    ]
    assert client.asked[0].messages[0]["content"] == f"Genres: {', '.join(GENRES)}."
    films = tables.films
    assert list(films["movie"]) == list(MOVIES["movie"])
    assert list(films["status"]) == ["ok", "absent", "later", "failed", "absent"]
    assert list(films["reason"]) == [
        None,
        "nothing was spoken",
        "quota",
        "the answer is not JSON and was cut off",
        "there is no summary/scripted/zero_shot of it",
    ]
    assert films["earliest"][2] == "2026-01-01T00:00:00Z"
    assert list(films["prompt_tokens"].fillna(0)) == [200, 0, 0, 400, 0]
    told = system.told()
    assert (told.usage[0]["requests"], told.usage[0]["movies"], told.usage[0]["prompt"]) == (
        3,
        3,
        "zero_shot",
    )
    assert told.notes == (
        "Of 3 films, 1 had an answer that could not be read at once, 1 one that could not be read after a repair, and 1 one "
        "that was cut off.",
    )


def test_the_order_of_an_answer_is_in_the_scores_and_the_decisions_are_the_models_own(prompt):
    tables, _ = asked(ScriptedModel('{"genres": ["Thriller", "Drama"]}'), prompt, MOVIES[:1], SUMMARIES[:1])
    rows = tables.predictions
    assert len(rows) == len(GENRES)
    assert set(rows["arm"]) == {"summary/scripted/zero_shot, titled"}
    scores = as_matrix(rows, "score").loc["1"]
    assert scores[scores > 0].to_dict() == {"Drama": 0.8, "Thriller": 1.0}
    for decision in ("predicted_global", "predicted_per_genre"):
        named = as_matrix(rows, decision).loc["1"]
        assert list(named.index[named.astype(bool)]) == ["Drama", "Thriller"]
    assert rows["probability"].isna().all()


def test_the_masked_arm_is_told_no_title(prompt):
    client = ScriptedModel('{"genres": ["War"]}')
    texts = SUMMARIES[2:3].assign(summary="In C And D two armies meet.")
    movies = pd.DataFrame({"movie": ["3"], "title": ["C and D"]})
    system = LlmSystem("scripted", reads_of(TEXT.name, "masked"), client, prompt)
    gathered = gather(movies, {TEXT.name: text_table(texts, movies["movie"], TEXT)}, system.reads)
    tables = ask(system, gathered, ["3"], ALL)
    assert client.asked[0].messages[1]["content"] == "not given: In this film two armies meet."
    assert set(tables.predictions["arm"]) == {"summary/scripted/zero_shot, masked"}
    assert system.told().usage[0]["prompt"] == "zero_shot, masked"


def test_a_film_without_an_answer_has_rows_with_its_status_and_nothing_else(prompt):
    tables, _ = asked(ScriptedModel(RefusedError("too long")), prompt, MOVIES[:1], SUMMARIES[:1])
    rows = tables.predictions
    assert set(rows["status"]) == {"failed"}
    assert rows[["score", "predicted_global", "predicted_per_genre"]].isna().all().all()


def test_a_repaired_answer_counts_and_is_told(prompt):
    client = ScriptedModel("Genres: War", '{"genres": ["War"]}')
    tables, system = asked(client, prompt, MOVIES[:1], SUMMARIES[:1])
    assert list(tables.films["status"]) == ["ok"]
    named = tables.predictions[tables.predictions["predicted_per_genre"].fillna(False)]
    assert list(named["genre"]) == ["War"]
    assert tables.films["unreadable"][0] == "the answer is not JSON"
    assert system.told().usage[0]["requests"] == 2
    assert "0 one that could not be read after a repair" in system.told().notes[0]


def test_a_refused_film_failed_and_no_summary_at_all_asks_nobody(prompt):
    tables, system = asked(ScriptedModel(RefusedError("too long")), prompt, MOVIES[:1], SUMMARIES[:1])
    assert (tables.films["status"][0], tables.films["reason"][0]) == ("failed", "too long")
    assert system.told().usage[0]["requests"] == 0
    client = ScriptedModel()
    tables, _ = asked(client, prompt, summaries=SUMMARIES[:0])
    assert client.asked == []
    assert set(tables.films["status"]) == {"absent"}
    assert np.isnan(tables.predictions["score"]).all()


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
