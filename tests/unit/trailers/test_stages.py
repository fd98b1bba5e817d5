"""The stages of a movie's trailer: what each makes of an outcome, and that what is not there stays so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trailerflow.movies.movie import Movie
from trailerflow.outcome_tables import outcomes_table
from trailerflow.outcomes import Outcome
from trailerflow.trailers.fetching.fetch_audio import fetch_audio
from trailerflow.trailers.fetching.fetch_captions import fetch_captions
from trailerflow.trailers.finding.find_trailer import find_trailer
from trailerflow.trailers.speech.recogniser import AudioError
from trailerflow.trailers.speech.transcribe_trailer import transcribe_trailer
from trailerflow.trailers.transcripts.merge_transcripts import (
    TRANSCRIPT_TYPES,
    models_used,
    transcripts_table,
)
from trailerflow.trailers.transcripts.prepare_transcript import prepare_transcript
from trailerflow.trailers.translating.translate_transcript import translate_transcript
from trailerflow.trailers.youtube.audio import AudioLimits
from trailerflow.web.access import WebAccess

NO_WEB = WebAccess(Path("cache"), Path("run"), 0, None, 0, None, None, None)
SRT = "1\n00:00:01,000 --> 00:00:02,000\n[Music] In a world\n\n2\n00:00:02,000 --> 00:00:03,000\nof cats.\n"
SPEECH = {
    "segments": [
        {
            "start": 0.0,
            "end": 2.0,
            "text": " They came at night.",
            "avg_logprob": -0.2,
            "no_speech_prob": 0.05,
            "compression_ratio": 0.8,
        },
        {
            "start": 9.0,
            "end": 9.5,
            "text": " Thank you.",
            "avg_logprob": -0.88,
            "no_speech_prob": 0.9,
            "compression_ratio": 0.8,
        },
    ],
    "language": "en",
    "language_probability": 0.93,
    "duration": 10.0,
    "missing_seconds": 0.0,
    "made_by": {"model": "tiny", "model_hash": "abc"},
}


def never(path: Path, sha256: str | None):
    raise AssertionError(f"nothing was to be recognised, but {path} was")


def local_audio(trailer: Outcome, captions: Outcome) -> Outcome:
    return fetch_audio(trailer, captions, AudioLimits(0, 0), web=NO_WEB, is_transcribed=lambda sha256: False)


def the_way(media: list[Path], recognise=never, words: int = 600) -> list[Outcome]:
    """The outcomes of all six rules for movie 2."""
    trailer = find_trailer(Movie("2", "GoldenEye", 1995), media, [], web=NO_WEB)
    captions = fetch_captions(trailer, ["en"], web=NO_WEB)
    audio = local_audio(trailer, captions)
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
    assert (outcomes[4].data["translated"], outcomes[4].data["translated_by"]) == (False, None)
    assert outcomes[4].data["original"] == {"segments": outcomes[1].data["segments"], "language": "en"}
    assert outcomes[5].data == {
        "text": "In a world of cats.",
        "segments": [
            {"start": 1.0, "end": 2.0, "text": "In a world"},
            {"start": 2.0, "end": 3.0, "text": "of cats."},
        ],
        "words": 5,
        "words_before_trim": 5,
        "language": "en",
        "origin": "captions",
        "translated": False,
    }


def test_forced_subtitles_are_read_only_where_nothing_can_be_heard(tmp_path):
    forced, sound = tmp_path / "2.en.forced.srt", tmp_path / "2.mp3"
    forced.write_text(SRT)
    sound.touch()
    trailer = find_trailer(Movie("2", "GoldenEye", 1995), [forced, sound], [], web=NO_WEB)
    captions = fetch_captions(trailer, ["en"], web=NO_WEB)
    assert captions.status == "absent"
    assert captions.reasons == (f"{forced} holds only what is foreign, and there is sound",)
    assert local_audio(trailer, captions).data["path"] == str(sound)
    alone = find_trailer(Movie("2", "GoldenEye", 1995), [forced], [], web=NO_WEB)
    assert fetch_captions(alone, ["en"], web=NO_WEB).status == "ok"


def test_a_title_that_ends_as_a_language_does_tells_none(tmp_path):
    path = tmp_path / "dr.no.srt"
    path.write_text(SRT)
    for title, language in (("Dr. No", None), ("Dr.", "no")):
        trailer = find_trailer(Movie("2", title, 1962), [path], [], web=NO_WEB)
        assert fetch_captions(trailer, ["en"], web=NO_WEB).data["language"] == language


def test_a_long_transcript_is_trimmed_and_both_lengths_are_told(srt):
    data = the_way([srt], words=3)[-1].data
    assert (data["text"], data["words"], data["words_before_trim"]) == ("In a world", 3, 5)
    assert data["segments"] == [{"start": 1.0, "end": 2.0, "text": "In a world"}]


def test_a_transcript_that_was_prepared_without_times_is_read(srt):
    prepared = the_way([srt])[-1]
    earlier = replace(
        prepared, data={key: value for key, value in prepared.data.items() if key != "segments"}
    )
    assert earlier != prepared
    assert transcripts_table([earlier]).equals(transcripts_table([prepared]))


def test_without_media_the_movie_is_absent_all_the_way():
    outcomes = the_way([])
    assert {outcome.status for outcome in outcomes} == {"absent"}
    assert {outcome.reasons for outcome in outcomes} == {
        ("no subtitle, audio or video file of the movie is in the media folder",)
    }


@pytest.mark.parametrize("status", ["absent", "failed", "later"])
def test_every_stage_passes_on_what_is_not_ok(status):
    before = Outcome("2", "find_trailer", status, reasons=("why",), earliest="2030-01-01T00:00:00+00:00")
    captions = fetch_captions(before, ["en"], web=NO_WEB)
    audio = local_audio(before, captions)
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
    outcomes = the_way([tmp_path / "2.mp3"], lambda path, sha256: (SPEECH, True))
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
    assert the_way([tmp_path / "2.mp3"], lambda path, sha256: (doubtful, False))[-1].data["language"] == "en"


def test_music_is_absent(tmp_path, srt):
    silent = SPEECH | {"segments": SPEECH["segments"][1:]}
    for outcome in the_way([tmp_path / "2.mp3"], lambda path, sha256: (silent, False))[3:]:
        assert (outcome.status, outcome.reasons) == ("absent", ("nothing is spoken in the trailer",))
    srt.write_text("1\n00:00:01,000 --> 00:00:02,000\n[Music]\n")
    outcomes = the_way([srt])
    assert [outcome.status for outcome in outcomes] == ["ok", "ok", "absent", "ok", "ok", "absent"]
    assert outcomes[-1].reasons == ("nothing is spoken in the trailer",)


def test_damaged_audio_has_failed_with_one_reason(tmp_path):
    def recognise(path: Path, sha256: str | None):
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
    with_sound = the_way([bad, tmp_path / "2.mp3"], lambda path, sha256: (SPEECH, False))
    assert [outcome.status for outcome in with_sound] == ["ok", "failed", "ok", "ok", "ok", "ok"]
    assert "it is not a text file" in with_sound[2].source["captions"]


def test_subtitles_whose_encoding_is_in_doubt_fail_and_say_what_to_do(tmp_path):
    doubtful = tmp_path / "2.srt"
    doubtful.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nДа!\n".encode("cp1251"))
    captions = the_way([doubtful])[1]
    assert captions.status == "failed"
    assert captions.reasons == (f"{doubtful} cannot be used: unreadable encoding; save it as UTF-8",)


def test_the_language_in_a_files_name_helps_with_its_encoding(tmp_path):
    text = "1\n00:00:01,000 --> 00:00:02,000\nLaukiau tavęs stotyje\n"
    untold, told = tmp_path / "2.srt", tmp_path / "2.lt.srt"
    for path in (untold, told):
        path.write_bytes(text.encode("cp1257"))
    assert the_way([untold])[1].status == "failed"
    assert the_way([told])[1].data["segments"][0]["text"] == "Laukiau tavęs stotyje"


def test_what_cannot_be_opened_is_told_and_stops_nothing(tmp_path):
    folder = tmp_path / "2.srt"
    folder.mkdir()
    captions = the_way([folder])[1]
    assert captions.status == "failed"
    assert captions.reasons == (f"{folder} cannot be read: Is a directory",)


def test_a_second_subtitle_file_stands_in_for_a_bad_one(tmp_path, srt):
    bad = tmp_path / "2.de.srt"
    bad.write_bytes(b"")
    captions = the_way([bad, srt])[1]
    assert captions.data["candidate"]["path"] == str(srt)
    assert captions.source["rejected"] == [f"{bad} cannot be used: it is empty"]


# ---- the merged tables


def test_the_tables_have_every_movie_and_every_outcome(srt, tmp_path):
    good = the_way([srt])
    heard = the_way([tmp_path / "2.mp3"], lambda path, sha256: (SPEECH, False))
    none = the_way([])
    table = transcripts_table([*good, *heard, *none])
    assert list(table.columns) == list(TRANSCRIPT_TYPES)
    assert table["status"].tolist() == ["ok", "ok", "absent"]
    assert table["words"].tolist()[:2] == [5, 4]
    assert table["text"].isna().tolist() == [False, False, True]
    outcomes = outcomes_table([*good, *heard, *none])
    assert list(outcomes.columns) == ["movie", "rule", "model", "prompt", "status", "reason"]
    assert len(outcomes) == 18
    assert outcomes["model"].isna().all()
    assert models_used([*good, *heard]) == [{"model": "tiny", "model_hash": "abc"}]


def test_tables_of_no_movies_keep_their_columns():
    assert transcripts_table([]).empty
    assert outcomes_table([]).empty
