from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Films
from trailerflow.genres.systems.language_model import reads_of
from trailerflow.genres.systems.llm_yes_no import REPAIR, YesNoSystem
from trailerflow.llm.types import Answer
from unit.scripted_model import ScriptedModel, said

READS = reads_of("synopsis", "titled")
FILMS = Films(["1", "2"], {"title": ["A", "B"], "synopsis": ["A hacker.", "A song."]})


def likely(yes: float) -> Answer:
    """An answer in which a yes has this probability."""
    return replace(said("Yes"), top_logprobs=[{"Yes": math.log(yes), "No": math.log(1 - yes)}])


@pytest.fixture
def prompt(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "yes_no.txt"
    path.write_text("### user\n{summary}\n\n{genre}?\n", encoding="utf-8")
    return path


def test_each_genre_is_asked_about_after_the_text_and_scored_by_its_log_odds(prompt):
    chances = np.linspace(0.1, 0.9, 36)
    client = ScriptedModel(*map(likely, chances))
    prediction = YesNoSystem("scripted", READS, client, prompt).predict(FILMS)
    asked = [request.messages[0]["content"] for request in client.asked]
    assert asked[:2] == ["A hacker.\n\nAction?", "A hacker.\n\nAdventure?"]
    assert asked[18] == "A song.\n\nAction?"
    assert {(request.max_tokens, request.top_logprobs) for request in client.asked} == {(1, 20)}
    np.testing.assert_allclose(prediction.scores.ravel(), np.log(chances / (1 - chances)))
    assert prediction.probabilities is None and prediction.decided is None
    films = prediction.films
    assert list(films["status"]) == ["ok", "ok"]
    assert list(films["prompt_tokens"]) == [3600, 3600]
    assert not films["cut"].any()


def test_an_answer_that_is_neither_is_repaired_once_and_another_one_fails_its_film(prompt):
    odd = replace(said("Maybe"), top_logprobs=[{"Maybe": -0.1}])
    client = ScriptedModel(odd, likely(0.75), *[likely(0.5)] * 17, *[odd] * 2, *[likely(0.5)] * 17)
    system = YesNoSystem("scripted", READS, client, prompt)
    prediction = system.predict(FILMS)
    assert client.asked[1].messages[1:] == [
        {"role": "assistant", "content": "Maybe"},
        {"role": "user", "content": REPAIR},
    ]
    assert prediction.scores[0, 0] == pytest.approx(math.log(3))
    assert list(prediction.films["status"]) == ["ok", "failed"]
    assert "neither yes nor no" in prediction.films["reason"][1]
    assert np.isnan(prediction.scores[1]).all()
    assert "Of 2 films, 2 had an answer that could not be read at once, 1 one that" in system.told().notes[0]


def test_a_film_is_later_when_one_of_its_questions_is(prompt):
    client = ScriptedModel(
        *[likely(0.5)] * 18, likely(0.5), LaterError("quota", "2026-01-01T00:00:00Z"), *[likely(0.5)] * 16
    )
    films = YesNoSystem("scripted", READS, client, prompt).predict(FILMS).films
    assert list(films["status"]) == ["ok", "later"]
    assert films["earliest"][1] == "2026-01-01T00:00:00Z"


def test_a_service_without_log_probabilities_is_refused(prompt):
    client = ScriptedModel(said("Yes"))
    with pytest.raises(
        TrailerflowError, match="Model scripted gives no log-probabilities of its tokens, which yes_no needs"
    ):
        YesNoSystem("scripted", READS, client, prompt).predict(FILMS)


def test_without_films_nobody_is_asked(prompt):
    client = ScriptedModel()
    prediction = YesNoSystem("scripted", READS, client, prompt).predict(FILMS.at(np.array([False, False])))
    assert prediction.scores.shape == (0, len(GENRES))
    assert client.asked == []
