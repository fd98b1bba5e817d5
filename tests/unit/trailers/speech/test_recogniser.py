"""Recognised speech: what is kept of it, what it is named by, and what is left out as not spoken."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from trailerflow.answers import answer_key
from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256
from trailerflow.trailers.speech.recogniser import (
    AudioError,
    Recogniser,
    SpeechSettings,
    is_recognised,
    speech_request,
)
from trailerflow.trailers.speech.spoken import spoken_segments

pytestmark = pytest.mark.slow

SETTINGS = SpeechSettings(
    model="tiny",
    pipeline="careful",
    batch=None,
    beam_size=5,
    device="cpu",
    compute_type="int8",
    translate=False,
    idle_seconds=60,
)
TRANSLATING = replace(SETTINGS, translate=True)


def segment(text: str, **facts: float) -> dict:
    sure = {"start": 0.0, "end": 2.0, "avg_logprob": -0.2, "no_speech_prob": 0.05, "compression_ratio": 0.9}
    return sure | {"text": f" {text}"} | facts


class CountingRecogniser(Recogniser):
    """A recogniser whose server is a function, and which remembers what it was asked."""

    asked: ClassVar[list[tuple[str, str]]] = []
    heard: ClassVar[tuple[str | None, float | None]] = ("fr", 0.9)

    def _ask(self, path, identity, task):
        self.asked.append((path.name, task))
        if not path.stat().st_size:
            return {"unusable": "it is empty"}
        return {
            "segments": [segment("They came." if task == "translate" else "Ils sont venus.")],
            "language": self.heard[0],
            "language_probability": self.heard[1],
            "duration": 2.0,
            "made_by": {"model": "tiny"},
        }


@pytest.fixture
def recogniser(tmp_path) -> CountingRecogniser:
    folder = tmp_path / "models"
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "model.bin").write_bytes(b"x")
    (folder / "tiny.json").write_text('{"files": {"model.bin": {"sha256": "0", "size": 1}}}')
    made = CountingRecogniser(SETTINGS, folder, tmp_path / "cache", tmp_path / "run", threads=1)
    CountingRecogniser.asked = []
    return made


@pytest.fixture
def sound(tmp_path) -> Path:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"sound")
    return path


def test_speech_is_paid_for_once_whatever_the_file_is_called(recogniser, sound, tmp_path):
    same, other = tmp_path / "b.wav", tmp_path / "c.mp3"
    same.write_bytes(b"sound")
    other.write_bytes(b"noise")
    document, cached = recogniser.recognise(sound)
    assert not cached
    assert recogniser.recognise(same) == (document, True)
    assert recogniser.recognise(other)[1] is False
    assert len(recogniser.asked) == 2


@pytest.mark.parametrize("damage", ["", "{", '{"segments": 1}', '{"answer": {}, "check": ""}', "[]"])
def test_a_damaged_answer_counts_as_none(recogniser, sound, tmp_path, damage):
    recogniser.recognise(sound)
    next((tmp_path / "cache").rglob("*.json")).write_text(damage)
    assert recogniser.recognise(sound)[1] is False
    assert recogniser.recognise(sound)[1] is True


def test_a_file_that_cannot_be_heard_is_not_kept(recogniser, tmp_path):
    (tmp_path / "empty.mp3").touch()
    with pytest.raises(AudioError, match="it is empty"):
        recogniser.recognise(tmp_path / "empty.mp3")
    with pytest.raises(AudioError, match="no longer there"):
        recogniser.recognise(tmp_path / "gone.mp3")
    assert not (tmp_path / "cache").exists()


def test_an_answer_is_named_by_what_can_change_it_and_by_nothing_else():
    def name(settings=SETTINGS, audio="a", model="hash", task="transcribe"):
        return answer_key(speech_request(audio, model, settings, task))

    changes = {
        "pipeline": "batched", "batch": 4, "beam_size": 1, "device": "cuda", "compute_type": "float32",
    }  # fmt: skip
    names = [name(replace(SETTINGS, **{key: value})) for key, value in changes.items()]
    names += [name(), name(audio="b"), name(model="other"), name(task="translate")]
    assert len(set(names)) == len(names)
    assert name(replace(SETTINGS, idle_seconds=1, translate=True)) == name()


def test_settings_that_cannot_be_read_are_refused():
    with pytest.raises(TrailerflowError, match="speech settings"):
        SpeechSettings.from_json("{}")


def test_the_server_is_asked_as_the_settings_say(recogniser, sound, monkeypatch):
    def ask_server(start, path, body, *, timeout):
        bodies.append(body)
        return 200, b'{"segments": []}'

    bodies: list[dict] = []
    monkeypatch.setattr("trailerflow.servers.warm_server.ask_server", ask_server)
    settings = replace(SETTINGS, pipeline="batched", batch=4)
    Recogniser(settings, recogniser.models_folder, recogniser.cache, recogniser.run, 1)._ask(
        sound, "h", "translate"
    )
    assert bodies == [
        {"path": str(sound), "task": "translate", "pipeline": "batched", "batch": 4, "beam_size": 5}
    ]


# ---- the second hearing, into English


def test_another_language_is_heard_once_more_into_english(recogniser, sound):
    document, cached = replace(recogniser, settings=TRANSLATING).recognise(sound)
    assert [task for _, task in recogniser.asked] == ["transcribe", "translate"]
    assert document["segments"][0]["text"] == " Ils sont venus."
    assert document["translation"]["segments"][0]["text"] == " They came."
    assert not cached
    assert replace(recogniser, settings=TRANSLATING).recognise(sound) == (document, True)


@pytest.mark.parametrize("heard", [("en", 0.9), ("fr", 0.4), (None, None)])
def test_english_and_what_is_in_doubt_is_heard_once(recogniser, sound, monkeypatch, heard):
    monkeypatch.setattr(CountingRecogniser, "heard", heard)
    document, _ = replace(recogniser, settings=TRANSLATING).recognise(sound)
    assert "translation" not in document
    assert len(recogniser.asked) == 1


def test_a_translation_wanted_later_costs_its_own_hearing_alone(recogniser, sound):
    recogniser.recognise(sound)
    _, cached = replace(recogniser, settings=TRANSLATING).recognise(sound)
    assert not cached
    assert [task for _, task in recogniser.asked] == ["transcribe", "translate"]


def test_a_sound_is_needed_until_all_that_is_wanted_of_it_was_heard(recogniser, sound, tmp_path):
    def recognised(settings):
        places = {"models_folder": tmp_path / "models", "cache": tmp_path / "cache"}
        return is_recognised(file_sha256(sound), settings, **places)

    assert not recognised(SETTINGS)
    recogniser.recognise(sound)
    assert (recognised(SETTINGS), recognised(TRANSLATING)) == (True, False)
    replace(recogniser, settings=TRANSLATING).recognise(sound)
    assert recognised(TRANSLATING)
    (tmp_path / "models" / "tiny.json").unlink()
    assert not recognised(SETTINGS)


# ---- what is not spoken


def texts(*segments: dict) -> list[str]:
    before = copy.deepcopy(segments)
    kept = [part["text"] for part in spoken_segments({"segments": segments})]
    assert segments == before
    return kept


def test_words_heard_in_music_are_left_out_and_quiet_or_sure_ones_stay():
    doubts = {"avg_logprob": -0.88, "no_speech_prob": 0.9}
    assert texts(segment("Thank you.", **doubts)) == []
    assert texts(segment("Thank you.", **(doubts | {"avg_logprob": -0.3}))) == ["Thank you."]
    assert texts(segment("Thank you.", **(doubts | {"no_speech_prob": 0.1}))) == ["Thank you."]


def test_a_loop_says_its_phrase_once_and_what_was_said_before_it_stays():
    loop = "I saw him at the gate. " + "Let it go. " * 30
    assert texts(segment(loop, compression_ratio=8.0)) == ["I saw him at the gate. Let it go."]
    assert texts(segment("ありがとう" * 20, compression_ratio=9.0)) == ["ありがとう"]


def test_a_loop_over_several_segments_is_told_by_their_windows_ratio():
    parts = [segment(text, compression_ratio=3.0) for text in ("Run.", "Hide.") * 5]
    assert texts(*parts) == ["Run.", "Hide."]


def test_what_repeats_itself_without_one_phrase_is_left_out():
    jumble = " ".join(random.Random(0).choices(["one", "two", "three"], k=200))
    assert texts(segment(jumble, compression_ratio=6.0)) == []


def test_people_may_say_things_twice():
    assert texts(*[segment("Run!")] * 5, segment("Hide!")) == ["Run!", "Run!", "Hide!"]
    assert texts(segment("No, no, no, no! Not again.")) == ["No, no, no, no! Not again."]
