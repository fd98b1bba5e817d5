"""What the speech server makes of files: sound, silence, damage. A stand-in model, the real decoder."""

from __future__ import annotations

import inspect
import sys
import wave
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from trailerflow.trailers.speech import speech_server
from trailerflow.trailers.speech.speech_server import SAMPLE_RATE, decode, heard_as_it_fits, transcribe

pytestmark = pytest.mark.slow

av = pytest.importorskip("av")
pytest.importorskip("faster_whisper")


class StandInModel:
    """Answers with one segment, and remembers how it was asked."""

    def __init__(self, *, multilingual=True):
        self.model = SimpleNamespace(is_multilingual=multilingual)

    def transcribe(self, samples, **options):
        self.samples, self.options = samples, options
        part = SimpleNamespace(
            start=0.0,
            end=1.23456,
            text=" Hi",
            avg_logprob=-0.123456,
            no_speech_prob=0.01,
            compression_ratio=0.666,
        )
        return iter([part]), SimpleNamespace(language="en", language_probability=0.987654)


CAREFUL = {"task": "transcribe", "pipeline": "careful", "batch": 8, "beam_size": 1}


def write_wav(path, seconds):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        tone = 3000 * np.sin(np.arange(int(seconds * SAMPLE_RATE)) / 8)
        file.writeframes(tone.astype("<i2").tobytes())
    return path


def test_the_careful_pipeline_is_asked(tmp_path):
    model = StandInModel()
    document = transcribe(model, write_wav(tmp_path / "a.wav", 2.0), **(CAREFUL | {"beam_size": 3}))
    assert model.samples.shape == (2 * SAMPLE_RATE,)
    assert model.options == {
        "task": "transcribe", "beam_size": 3, "vad_filter": True, "condition_on_previous_text": False,
    }  # fmt: skip
    assert document["segments"] == [
        {
            "start": 0.0, "end": 1.23, "text": " Hi", "avg_logprob": -0.1235, "no_speech_prob": 0.01,
            "compression_ratio": 0.67,
        }
    ]  # fmt: skip
    assert (document["language"], document["language_probability"]) == ("en", 0.9877)
    assert (document["duration"], document["missing_seconds"]) == (2.0, 0.0)


def test_the_batched_pipeline_is_asked(tmp_path, monkeypatch):
    model = StandInModel()
    monkeypatch.setattr("faster_whisper.BatchedInferencePipeline", lambda wrapped: wrapped)
    wav = write_wav(tmp_path / "a.wav", 1.0)
    document = transcribe(model, wav, task="translate", pipeline="batched", batch=4, beam_size=2)
    assert model.options == {"task": "translate", "beam_size": 2, "batch_size": 4, "vad_filter": True}
    assert document["segments"][0]["text"] == " Hi"


def test_both_pipelines_know_the_options_that_they_are_given():
    faster_whisper = pytest.importorskip("faster_whisper")
    shared = {"task", "beam_size", "vad_filter"}
    careful = inspect.signature(faster_whisper.WhisperModel.transcribe).parameters
    batched = inspect.signature(faster_whisper.BatchedInferencePipeline.transcribe).parameters
    assert shared | {"condition_on_previous_text"} <= set(careful)
    assert shared | {"batch_size"} <= set(batched)


def test_a_model_of_one_language_tells_none(tmp_path):
    document = transcribe(StandInModel(multilingual=False), write_wav(tmp_path / "a.wav", 1.0), **CAREFUL)
    assert document["language"] is document["language_probability"] is None


def test_a_cut_file_gives_what_it_holds_and_says_what_is_missing(tmp_path):
    whole = tmp_path / "whole.flac"
    with av.open(str(whole), "w") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        noise = np.random.default_rng(0).integers(-8000, 8000, (1, 10 * SAMPLE_RATE)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux([*stream.encode(frame), *stream.encode()])
    data = whole.read_bytes()
    cut = tmp_path / "cut.flac"
    cut.write_bytes(data[: len(data) // 2])
    samples, missing = decode(cut)
    assert 3 < len(samples) / SAMPLE_RATE < 6
    assert len(samples) / SAMPLE_RATE + missing == pytest.approx(10.0, abs=0.1)


def test_damaged_files_say_why(tmp_path):
    with av.open(str(tmp_path / "film.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        container.mux([*stream.encode(picture), *stream.encode()])
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "page.mp3").write_text("<html>Too many requests</html>" * 50)
    (tmp_path / "head.wav").write_bytes(write_wav(tmp_path / "a.wav", 1.0).read_bytes()[:20])
    write_wav(tmp_path / "nothing.wav", 0.0)
    reasons = {
        path.name: transcribe(None, path, **CAREFUL).get("unusable", "")
        for path in (
            tmp_path / name
            for name in ("film.mp4", "empty.mp3", "page.mp3", "head.wav", "nothing.wav", "gone.wav")
        )
    }
    assert reasons["film.mp4"] == "it has no sound track"
    assert reasons["empty.mp3"] == "it is empty"
    assert reasons["page.mp3"].startswith("it is damaged or no audio file (")
    assert reasons["head.wav"].startswith("it is damaged or no audio file (")
    assert reasons["nothing.wav"] == "it holds no sound"
    assert reasons["gone.wav"] == "it is no longer there"


def test_the_server_answers_by_the_asked_settings_under_a_key_that_nobody_can_guess(tmp_path, monkeypatch):
    def serve(path, key, handlers, idle_seconds):
        served.append((path, key, handlers, idle_seconds))

    served = []
    monkeypatch.setattr(speech_server, "serve", serve)
    monkeypatch.setattr(speech_server, "load_model", lambda folder, **settings: StandInModel())
    monkeypatch.setattr("faster_whisper.BatchedInferencePipeline", lambda wrapped: wrapped)
    arguments = ["--model", "models/tiny", "--device", "cpu", "--compute-type", "int8", "--threads", "1"]
    arguments += ["--idle-seconds", "7", "--endpoint", "run/a.json"]
    monkeypatch.setattr(sys, "argv", ["speech_server", *arguments])
    monkeypatch.setenv("OMP_NUM_THREADS", "9")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "9")
    for _ in range(2):
        speech_server.main()
    (path, key, handlers, idle_seconds), (_, other_key, _, _) = served
    assert (path, idle_seconds, list(handlers)) == (Path("run/a.json"), 7.0, ["/transcribe"])
    assert key != other_key
    assert len(key) >= 32
    wav = write_wav(tmp_path / "a.wav", 1.0)
    body = {"path": str(wav), "task": "transcribe", "pipeline": "batched", "batch": None, "beam_size": 2}
    document = handlers["/transcribe"](body)
    assert document["segments"][0]["text"] == " Hi"
    made_by = document["made_by"]
    assert (made_by["model"], made_by["device"], made_by["pipeline"]) == ("tiny", "cpu", "batched")


@pytest.mark.parametrize(("most", "asked"), [(16, [16]), (3, [16, 8, 4, 2]), (1, [16, 8, 4, 2, 1])])
def test_a_gpu_without_memory_for_a_batch_hears_half_of_it_at_once(monkeypatch, most, asked):
    tried = []

    def hear(model, samples, *, batch, **options):
        tried.append(batch)

        def parts():  # heard while they are read, as faster-whisper's
            yield "one"
            if batch > most:
                raise RuntimeError("CUDA failed with error out of memory")
            yield "two"

        return parts(), "facts"

    monkeypatch.setattr("trailerflow.trailers.speech.speech_server.hear", hear)
    assert heard_as_it_fits(None, None, batch=16, beam_size=5) == (["one", "two"], "facts")
    assert tried == asked


@pytest.mark.parametrize("message", ["CUDA failed with error out of memory", "something else"])
def test_what_halving_does_not_help_is_told(monkeypatch, message):
    def hear(model, samples, *, batch, **options):
        raise RuntimeError(message)

    monkeypatch.setattr("trailerflow.trailers.speech.speech_server.hear", hear)
    with pytest.raises(RuntimeError, match=message):
        heard_as_it_fits(None, None, batch=4)
