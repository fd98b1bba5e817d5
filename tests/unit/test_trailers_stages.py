"""The stages of a movie's trailer: what each makes of an outcome, and that what is not there stays so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.outcomes import Outcome
from trailerflow.trailers.audio import fetch_audio
from trailerflow.trailers.captions import fetch_captions
from trailerflow.trailers.find import find_trailer
from trailerflow.trailers.merge import TRANSCRIPT_TYPES, outcomes_table, speech_models, transcripts_table
from trailerflow.trailers.preparation import prepare_transcript
from trailerflow.trailers.speech import AudioError, Recogniser, SpeechSettings, speech_key, spoken_segments
from trailerflow.trailers.transcription import transcribe_trailer
from trailerflow.trailers.translation import translate_transcript

SRT = "1\n00:00:01,000 --> 00:00:02,000\n[Music] In a world\n\n2\n00:00:02,000 --> 00:00:03,000\nof cats.\n"
SPEECH = {
    "segments": [
        {
            "start": 0.0,
            "end": 2.0,
            "text": " They came at night.",
            "avg_logprob": -0.2,
            "no_speech_prob": 0.05,
        },
        {"start": 9.0, "end": 9.5, "text": " Thank you.", "avg_logprob": -0.88, "no_speech_prob": 0.9},
    ],
    "language": "en",
    "language_probability": 0.93,
    "duration": 10.0,
    "missing_seconds": 0.0,
    "made_by": {"model": "tiny", "model_hash": "abc"},
}


def never(path: Path):
    raise AssertionError(f"nothing was to be recognised, but {path} was")


def the_way(media: list[Path], recognise=never, words: int = 600) -> list[Outcome]:
    """The outcomes of all six rules for movie 2."""
    trailer = find_trailer({"id": "2", "title": "GoldenEye", "year": 1995}, media)
    captions = fetch_captions(trailer)
    audio = fetch_audio(trailer, captions)
    transcript = transcribe_trailer(captions, audio, recognise)
    translated = translate_transcript(transcript)
    return [trailer, captions, audio, transcript, translated, prepare_transcript(translated, words)]


@pytest.fixture
def srt(tmp_path) -> Path:
    path = tmp_path / "2.en.srt"
    path.write_text(SRT)
    return path


def test_captions_go_the_whole_way_and_no_audio_is_asked_for(srt, tmp_path):
    outcomes = the_way([srt, tmp_path / "2.mp3"])
    assert [outcome.status for outcome in outcomes] == ["ok", "ok", "absent", "ok", "ok", "ok"]
    assert outcomes[2].reasons == ("captions were found, so no audio is needed",)
    assert outcomes[4].data["translated"] is False
    assert outcomes[5].data == {
        "text": "In a world of cats.",
        "words": 5,
        "words_before_trim": 5,
        "language": "en",
        "origin": "captions",
    }


def test_a_long_transcript_is_trimmed_and_both_lengths_are_told(srt):
    data = the_way([srt], words=3)[-1].data
    assert (data["text"], data["words"], data["words_before_trim"]) == ("In a world", 3, 5)


def test_without_media_the_movie_is_absent_all_the_way():
    outcomes = the_way([])
    assert {outcome.status for outcome in outcomes} == {"absent"}
    assert {outcome.reasons for outcome in outcomes} == {
        ("no subtitle, audio or video file of the movie is in the media folder",)
    }


@pytest.mark.parametrize("status", ["absent", "failed", "later"])
def test_every_stage_passes_on_what_is_not_ok(status):
    before = Outcome("2", "find_trailer", status, reasons=("why",), earliest="2030-01-01T00:00:00+00:00")
    captions = fetch_captions(before)
    audio = fetch_audio(before, captions)
    transcript = transcribe_trailer(captions, audio, never)
    translated = translate_transcript(transcript)
    prepared = prepare_transcript(translated, 600)
    for outcome, rule in (
        (captions, "fetch_captions"),
        (audio, "fetch_audio"),
        (transcript, "transcribe_trailer"),
        (translated, "translate_transcript"),
        (prepared, "prepare_transcript"),
    ):
        assert (outcome.rule, outcome.status, outcome.reasons, outcome.data) == (rule, status, ("why",), None)
        assert outcome.earliest == before.earliest
        assert outcome.source == {"passed_on_from": "find_trailer"}


def test_audio_is_recognised_and_words_heard_in_music_are_left_out(tmp_path):
    outcomes = the_way([tmp_path / "2.mp3"], lambda path: (SPEECH, True))
    assert [outcome.status for outcome in outcomes] == ["ok", "absent", "ok", "ok", "ok", "ok"]
    assert outcomes[3].data["segments"] == [{"start": 0.0, "end": 2.0, "text": "They came at night."}]
    assert outcomes[3].source["cached"] is True
    assert outcomes[3].made_by["model_hash"] == "abc"
    assert outcomes[5].data["origin"] == "speech"
    assert outcomes[5].data["text"] == "They came at night."


def test_a_language_heard_with_doubt_is_looked_for_in_the_text(tmp_path):
    doubtful = SPEECH | {
        "language": "cy",
        "language_probability": 0.2,
        "segments": [SPEECH["segments"][0] | {"text": "They came at night and nobody heard them."}],
    }
    assert the_way([tmp_path / "2.mp3"], lambda path: (doubtful, False))[-1].data["language"] == "en"


def test_music_is_absent(tmp_path, srt):
    silent = SPEECH | {"segments": SPEECH["segments"][1:]}
    for outcome in the_way([tmp_path / "2.mp3"], lambda path: (silent, False))[3:]:
        assert (outcome.status, outcome.reasons) == ("absent", ("nothing is spoken in the trailer",))
    srt.write_text("1\n00:00:01,000 --> 00:00:02,000\n[Music]\n")
    outcomes = the_way([srt])
    assert [outcome.status for outcome in outcomes] == ["ok", "ok", "absent", "ok", "ok", "absent"]
    assert outcomes[-1].reasons == ("nothing is spoken in the trailer",)


def test_damaged_audio_has_failed_with_one_reason(tmp_path):
    def recognise(path: Path):
        raise AudioError("it is empty")

    outcomes = the_way([tmp_path / "2.mp3"], recognise)
    for outcome in outcomes[3:]:
        assert (outcome.status, outcome.reasons) == (
            "failed",
            (f"{tmp_path / '2.mp3'} cannot be heard: it is empty",),
        )


def test_unreadable_captions_fail_only_where_nothing_can_be_heard(tmp_path):
    bad = tmp_path / "2.srt"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    alone = the_way([bad])
    assert {outcome.status for outcome in alone[1:]} == {"failed"}
    assert alone[-1].reasons == (f"{bad} cannot be used: it is not a text file",)
    with_sound = the_way([bad, tmp_path / "2.mp3"], lambda path: (SPEECH, False))
    assert [outcome.status for outcome in with_sound] == ["ok", "failed", "ok", "ok", "ok", "ok"]
    assert "it is not a text file" in with_sound[2].source["captions"]


def test_a_second_subtitle_file_stands_in_for_a_bad_one(tmp_path, srt):
    bad = tmp_path / "2.de.srt"
    bad.write_bytes(b"")
    captions = the_way([bad, srt])[1]
    assert captions.data["candidate"]["path"] == str(srt)
    assert captions.source["rejected"] == [f"{bad} cannot be used: it is empty"]


# ---- the cache of recognised speech

SETTINGS = SpeechSettings(model="tiny", beam_size=5, device="cpu", compute_type="int8", idle_seconds=60)


class CountingRecogniser(Recogniser):
    """A recogniser whose server is a function."""

    def _ask(self, path, identity):
        asked.append(path)
        return json.loads(json.dumps(SPEECH if path.stat().st_size else {"unusable": "it is empty"}))


asked: list[Path] = []


@pytest.fixture
def recogniser(tmp_path):
    asked.clear()
    folder = tmp_path / "models"
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "model.bin").write_bytes(b"x")
    (folder / "tiny.json").write_text(json.dumps({"files": {"model.bin": {"sha256": "0", "size": 1}}}))
    return CountingRecogniser(SETTINGS, folder, tmp_path / "cache", tmp_path / "run", threads=1)


def test_speech_is_paid_for_once_whatever_the_file_is_called(recogniser, tmp_path):
    first, second, other = (tmp_path / name for name in ("a.mp3", "b.wav", "c.mp3"))
    first.write_bytes(b"sound")
    second.write_bytes(b"sound")
    other.write_bytes(b"noise")
    document, cached = recogniser.recognise(first)
    assert not cached
    assert recogniser.recognise(second) == (document, True)
    assert recogniser.recognise(other)[1] is False
    assert len(asked) == 2


@pytest.mark.parametrize("damage", ["", "{", '{"segments": 1}', '{"segments": [{}], "duration": 1}', "[]"])
def test_a_damaged_answer_counts_as_none(recogniser, tmp_path, damage):
    path = tmp_path / "a.mp3"
    path.write_bytes(b"sound")
    recogniser.recognise(path)
    next((tmp_path / "cache").iterdir()).write_text(damage)
    assert recogniser.recognise(path)[1] is False
    assert recogniser.recognise(path)[1] is True


def test_a_file_that_cannot_be_heard_is_not_kept(recogniser, tmp_path):
    (tmp_path / "empty.mp3").touch()
    with pytest.raises(AudioError, match="it is empty"):
        recogniser.recognise(tmp_path / "empty.mp3")
    with pytest.raises(AudioError, match="no longer there"):
        recogniser.recognise(tmp_path / "gone.mp3")
    assert not (tmp_path / "cache").exists()


def test_the_key_knows_what_can_change_the_answer(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(b"sound")
    settings = {"model": "tiny", "beam_size": 5, "device": "cpu", "compute_type": "int8", "idle_seconds": 60}
    key = speech_key(path, "hash", SETTINGS)
    assert speech_key(path, "other", SETTINGS) != key
    for name, value in {"beam_size": 1, "device": "cuda", "compute_type": "float32"}.items():
        assert speech_key(path, "hash", SpeechSettings(**(settings | {name: value}))) != key
    assert speech_key(path, "hash", SpeechSettings(**(settings | {"idle_seconds": 1}))) == key


def test_settings_that_cannot_be_read_are_refused():
    with pytest.raises(TrailerflowError, match="speech settings"):
        SpeechSettings.from_json("{}")


def test_quiet_speech_and_sure_words_stay():
    quiet = SPEECH["segments"][1] | {"avg_logprob": -0.3}
    sure = SPEECH["segments"][1] | {"no_speech_prob": 0.1}
    assert len(spoken_segments({"segments": [quiet, sure]})) == 2


# ---- the merged tables


def test_the_tables_have_every_movie_and_every_outcome(srt, tmp_path):
    good = the_way([srt])
    heard = the_way([tmp_path / "2.mp3"], lambda path: (SPEECH, False))
    none = the_way([])
    table = transcripts_table([*good, *heard, *none])
    assert list(table.columns) == list(TRANSCRIPT_TYPES)
    assert table["status"].tolist() == ["ok", "ok", "absent"]
    assert table["words"].tolist()[:2] == [5, 4]
    assert table["text"].isna().tolist() == [False, False, True]
    outcomes = outcomes_table([*good, *heard, *none])
    assert list(outcomes.columns) == ["movie", "rule", "model", "prompt", "status", "reason", "seconds"]
    assert len(outcomes) == 18
    assert outcomes["model"].isna().all()
    assert speech_models([*good, *heard]) == [{"model": "tiny", "model_hash": "abc"}]


def test_tables_of_no_movies_keep_their_columns():
    assert transcripts_table([]).empty
    assert str(outcomes_table([])["seconds"].dtype) == "float64"
