"""fetch_audio as a program, with the real yt-dlp, against a YouTube on loopback."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

import pytest
from loopback import media
from loopback.faults import Faults
from loopback.server import Server
from loopback.youtube import Video, YouTube

from e2e.desk import Desk
from trailerflow.answers import AnswerStore
from trailerflow.files import write_json
from trailerflow.models import model_hash
from trailerflow.outcomes import Outcome
from trailerflow.trailers.fetching.remove_audio import remove_audio
from trailerflow.trailers.speech.recogniser import SpeechSettings, speech_request

FIRST, SECOND = "aaaaaaaaaaa", "bbbbbbbbbbb"
SECONDS = 20


@pytest.fixture
def desk(tmp_path):
    youtube = YouTube([Video(FIRST, "One"), Video(SECOND, "Two")])
    with Server(youtube, faults=Faults(hang_seconds=1)) as server:
        desk = Desk(tmp_path, server)
        set_video(desk, SECOND)
        yield desk


def set_video(desk: Desk, video: str = FIRST, **facts: Any) -> None:
    plain: dict[str, Any] = {"duration": SECONDS, "audio": {140: media.m4a(seconds=SECONDS)}}
    desk.server.youtube.videos[video] = Video(video, "One", **plain | facts)


def test_the_sound_comes_as_it_is(desk):
    set_video(desk)
    outcome = desk.audio(FIRST)
    content = (desk.folder / outcome.data["path"]).read_bytes()
    assert content == media.m4a(seconds=SECONDS)
    assert outcome.data["sha256"] == hashlib.sha256(content).hexdigest()
    source = outcome.source
    assert (source["format"], source["page_seconds"], source["cached"]) == ("140", SECONDS, False)
    assert FIRST in source["captions"]
    assert desk.asked(route="media") == 1
    assert desk.asked(route="foreign") == 0
    assert desk.audio(FIRST).source["cached"] is True
    assert desk.asked(route="media") == 1


def test_a_sound_that_was_heard_goes_and_comes_again_only_for_somebody_who_has_not_heard_it(desk, tmp_path):
    set_video(desk)
    models, speech = tmp_path / "models", tmp_path / "resources/cache/speech"
    for model in ("first", "second"):
        (models / model).mkdir(parents=True)
        (models / model / "model.bin").write_text("x")
        write_json(models / f"{model}.json", {"files": {"model.bin": {"sha256": model, "size": 1}}})
    settings = SpeechSettings("first", "batched", None, 5, "cpu", "int8", translate=False, idle_seconds=60)
    outcome = desk.audio(FIRST, speech=json.dumps(asdict(settings)))
    sound = desk.folder / outcome.data["path"]
    request = speech_request(outcome.data["sha256"], model_hash(models, "first"), settings, "transcribe")
    AnswerStore(speech).put(request, {"segments": [], "duration": 20.0, "language": "en"})
    silent = Outcome.absent("transcribe_trailer", "1", "nothing is spoken in the trailer")
    assert remove_audio(outcome, [silent], desk.folder / "resources/cache/web").status == "ok"
    assert not sound.exists()
    again = desk.audio(FIRST, speech=json.dumps(asdict(settings)))
    assert (again.data, again.source["cached"]) == (outcome.data, True)
    assert desk.asked(route="media") == 1
    assert not sound.exists()
    other = desk.audio(FIRST, speech=json.dumps(asdict(settings) | {"model": "second"}))
    assert (other.data, other.source["cached"]) == (outcome.data, False)
    assert desk.asked(route="media") == 2
    assert sound.exists()


def test_opus_comes_where_there_is_no_m4a(desk):
    set_video(desk, audio={251: media.webm(seconds=SECONDS)})
    assert desk.audio(FIRST).data["path"].endswith(".webm")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"duration": 900}, "900 s long, more than 300 s"),
        ({"live": True}, "live"),
        ({"audio": {18: media.video_only()}}, "no sound"),
    ],
    ids=["long", "live", "video-only"],
)
def test_a_video_that_will_not_do_is_passed_over(desk, facts, words):
    set_video(desk, **facts)
    outcome = desk.audio(FIRST, SECOND)
    # The first video is there as far as captions go; its sound is what is wrong.
    assert outcome.status == "ok"
    assert outcome.source["video"] == SECOND
    assert words in outcome.source["passed_over"][0]


def test_where_no_candidate_can_be_heard_every_reason_is_told(desk):
    set_video(desk, duration=900)
    outcome = desk.audio(FIRST)
    assert outcome.status == "absent"
    assert "900 s long" in outcome.reasons[0]
    asked = desk.asked()
    assert desk.audio(FIRST).status == "absent"
    assert desk.asked() == asked


def test_a_large_file_is_not_downloaded(desk):
    set_video(desk, audio={140: media.m4a(seconds=SECONDS) + b"\0" * 6_000_000})
    outcome = desk.audio(FIRST)
    assert (outcome.status, "larger than 5 MB" in outcome.reasons[0]) == ("absent", True)


@pytest.mark.parametrize("fault", ["403", "404", "416", "500", "reset", "hang", "truncate", "html", "empty"])
def test_a_slip_of_the_media_server_is_asked_again(desk, fault):
    set_video(desk)
    desk.server.faults.script("media", [fault])
    assert desk.audio(FIRST).status == "ok"
    assert desk.asked(route="media") == 2


def test_half_a_sound_is_asked_again_and_then_for_later(desk):
    whole = media.webm(seconds=SECONDS)
    set_video(desk, audio={251: media.truncated(whole, 0.5)})
    outcome = desk.audio(FIRST)
    assert (outcome.status, outcome.earliest) == ("later", None)
    assert "of 20 s" in outcome.reasons[0]
    assert desk.asked(route="media") == 3
    set_video(desk, audio={251: whole})
    assert desk.audio(FIRST).status == "ok"


@pytest.mark.parametrize(
    ("route", "fault"), [("media", "429"), ("player", "bot"), ("player", "429"), ("watch", "429")]
)
def test_a_block_stops_inside_yt_dlp(desk, route, fault):
    set_video(desk)
    desk.captions(FIRST)
    desk.server.journal.clear()
    desk.server.faults.script(route, [f"{fault}*"])
    outcome = desk.run("fetch_audio", *desk.audio_arguments())
    assert outcome.status == "later"
    assert outcome.earliest is not None
    blocked = [entry for entry in desk.server.journal.entries if entry.fault]
    assert len(blocked) == 1
    assert desk.server.journal.entries[-1] is blocked[0], "the blocked request was the last one"
    asked = desk.asked()
    desk.run("fetch_audio", *desk.audio_arguments())
    assert desk.asked() == asked


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"status": "LOGIN_REQUIRED", "reason": "This video is private"}, "rivate"),
        (
            {
                "status": "UNPLAYABLE",
                "reason": "The uploader has not made this video available in your country",
            },
            "country",
        ),
        ({"status": "LOGIN_REQUIRED", "reason": "Sign in to confirm your age"}, "age"),
    ],
    ids=["private", "country", "age"],
)
def test_a_video_that_is_gone_since_is_passed_over(desk, facts, words):
    set_video(desk)
    desk.captions(FIRST, SECOND)
    set_video(desk, **facts)
    outcome = desk.run("fetch_audio", *desk.audio_arguments())
    assert (outcome.status, outcome.source["video"]) == ("ok", SECOND)
    assert words in outcome.source["passed_over"][0]


def test_a_premiere_is_for_later(desk):
    set_video(desk)
    desk.captions(FIRST, SECOND)
    set_video(desk, upcoming=True)
    assert desk.run("fetch_audio", *desk.audio_arguments()).status == "later"
