from __future__ import annotations

import numpy as np
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import NO_FILMS, Films, Training
from trailerflow.genres.systems.language_model import reads_of
from trailerflow.genres.systems.llm_few_shot import EXAMPLES, FewShotSystem, draw_examples
from unit.scripted_model import ScriptedModel

PROMPT = """### system
Genres: {genres}.
### user
Made up: a war.
### assistant
{"genres": ["War"]}
### user
{title}: {summary}
"""
READS = reads_of("synopsis", "titled")
ASKED = Films(["9"], {"title": ["Net, The"], "synopsis": ["A hacker."]})


def labelled(*genres: tuple[str, ...]) -> Films:
    """Films 1, 2, 3 … with these genres, each with its number in the title and a text that says the title."""
    numbers = [str(number + 1) for number in range(len(genres))]
    flags = np.array([[genre in own for genre in GENRES] for own in genres])
    return Films(
        numbers,
        {
            "title": [f"Film number {number}" for number in numbers],
            "synopsis": [f"film number {number}, {'word ' * 200}" for number in numbers],
        },
        flags,
    )


def questions(tmp_path, train: Training, arm: str = "titled") -> list[dict[str, str]]:
    prompt = tmp_path / "few_shot.txt"
    prompt.write_text(PROMPT, encoding="utf-8")
    client = ScriptedModel('{"genres": ["Drama"]}')
    system = FewShotSystem("scripted", reads_of("synopsis", arm), client, prompt)
    system.fit(train, NO_FILMS)
    system.predict(ASKED)
    return client.asked[0].messages


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_examples_of_the_training_films_stand_between_the_system_and_the_question(tmp_path):
    messages = questions(tmp_path, Training(labelled(("War", "Drama")), extra=labelled(("Western",))))
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
    assert messages[1]["content"].startswith("Film number 1: film number 1, word word")
    assert len(messages[1]["content"].split()) == 3 + 100
    assert messages[2]["content"] == '{"genres": ["Drama", "War"]}'
    assert messages[3]["content"] == "The Net: A hacker."


def test_the_masked_arm_is_not_told_the_titles_of_the_examples_either(tmp_path):
    messages = questions(tmp_path, Training(labelled(("War",))), "masked")
    assert messages[1]["content"].startswith("not given: film number 1, word")
    assert messages[3]["content"] == "not given: A hacker."


def test_without_films_the_examples_are_extra_texts_and_without_these_the_prompts_own(tmp_path):
    extra = questions(tmp_path, Training(NO_FILMS, extra=labelled(("Western",))))
    assert extra[2]["content"] == '{"genres": ["Western"]}'
    own = questions(tmp_path, Training(NO_FILMS))
    assert [message["content"] for message in own[1:]] == [
        "Made up: a war.",
        '{"genres": ["War"]}',
        "The Net: A hacker.",
    ]


def test_examples_differ_in_genre_and_their_order_is_the_seeds():
    films = labelled(*[(genre,) for genre in GENRES] * 2, GENRES[:6], ())
    drawn = draw_examples(films, 0)
    assert len(drawn) == EXAMPLES
    assert drawn.labels.sum(axis=0).max() == 1
    assert draw_examples(films, 0).movies == drawn.movies
    assert len({tuple(draw_examples(films, seed).movies) for seed in range(5)}) > 1
    assert len(draw_examples(labelled(GENRES[:6], ()), 0)) == 0


def test_what_was_fitted_on_nothing_is_told(tmp_path):
    (tmp_path / "few_shot.txt").write_text(PROMPT)
    system = FewShotSystem("scripted", READS, ScriptedModel(), tmp_path / "few_shot.txt")
    with pytest.raises(TrailerflowError, match="has learnt nothing yet"):
        system.predict(ASKED)
