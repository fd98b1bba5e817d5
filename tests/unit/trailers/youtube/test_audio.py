"""The sound of a video: no part of what YouTube says of it names a file, is a number before it was looked at, or crashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.trailers.youtube import GoneError, audio
from trailerflow.trailers.youtube.audio import fetch_audio_of
from unit.api_sites import web_access
from unit.youtube_site import LIMITS, OTHER, SECONDS, VIDEO, of_details, of_format

pytestmark = pytest.mark.slow


def kept_sounds(folder: Path) -> list[str]:
    return [path.name for path in (folder / "cache" / "sounds").glob("*")]


# ---- what the player says names no file, and is no number


@pytest.mark.parametrize(
    "strange",
    [
        of_format(itag="140/../../../../../results/x"),
        of_format(itag="../../x"),
        of_format(itag="%(id)s"),
        of_format(itag="a" * 100),
        of_format(mimeType="audio/../../../x"),
        of_format(mimeType='audio/mp4/../../x; codecs="mp4a.40.2"'),
        of_details(title="../../../../x"),
    ],
)  # fmt: skip
def test_no_part_of_an_answer_becomes_a_path(site, fetch, tmp_path, strange):
    (tmp_path / "results").mkdir()
    before = {path.name for path in tmp_path.parent.iterdir()}
    site.youtube.strange = strange
    try:
        place = fetch().path
        assert place.parent == tmp_path / "cache" / "sounds"
        assert kept_sounds(tmp_path) == [place.name]
    except (GoneError, TrailerflowError, LaterError):
        assert kept_sounds(tmp_path) == []
    assert {path.name for path in tmp_path.iterdir()} <= {"cache", "run", "results"}
    assert list((tmp_path / "results").iterdir()) == []
    assert {path.name for path in tmp_path.parent.iterdir()} == before


def test_a_format_whose_number_is_none_has_another_name(site, fetch):
    site.youtube.strange = of_format(itag="14.0 x")
    found = fetch()
    assert (found.path.name, found.format) == (f"{VIDEO}.unknown.m4a", "unknown")


@pytest.mark.parametrize(
    ("length", "outcome"),
    [
        ("-5", "ok"),
        ("soon", "ok"),
        (None, "ok"),
        ([5], "ok"),
        ("0", "ok"),
        ("900", "is 900 s long, more than 30 s"),
        ("9" * 30, "is 604800 s long, more than 30 s"),
    ],
)
def test_a_duration_that_is_none_is_no_crash(site, fetch, length, outcome):
    details, entry = of_details(lengthSeconds=length), of_format(approxDurationMs=length)
    site.youtube.strange = lambda answer: entry(details(answer))
    if outcome == "ok":
        assert fetch().seconds in (None, SECONDS)
    else:
        with pytest.raises(GoneError) as caught:
            fetch()
        assert str(caught.value) == f"YouTube video {VIDEO} {outcome}"


@pytest.mark.parametrize(
    "strange",
    [
        of_details(lengthSeconds="nan"),
        of_details(lengthSeconds="1e400"),
        of_details(lengthSeconds=float("inf")),
        of_format(approxDurationMs="nan"),
        of_format(approxDurationMs="1e400"),
        of_format(contentLength="-1"),
        of_format(contentLength="9" * 400),
        of_format(bitrate="fast"),
        of_format(bitrate=float("nan")),
        of_format(audioSampleRate=[]),
        of_format(url=5),
        of_format(url=None),
        of_details(viewCount="nan", author=[1], title=None),
        lambda answer: answer | {"streamingData": []},
        lambda answer: answer | {"streamingData": {"adaptiveFormats": "all"}},
        lambda answer: answer | {"streamingData": {"adaptiveFormats": [5, None]}},
        lambda answer: answer | {"playabilityStatus": {"status": 5, "reason": {"x": 1}}},
        lambda answer: answer | {"videoDetails": []},
        lambda answer: [answer],
    ],
)  # fmt: skip
def test_a_player_that_answers_in_another_form_is_no_crash(site, fetch, strange):
    site.youtube.strange = strange
    try:
        assert fetch().path.is_file()
    except (GoneError, LaterError, TrailerflowError) as error:
        assert "\n" not in str(error)


# ---- what is kept is not believed either


@pytest.mark.parametrize(
    "file", ["../../../results/x", f"{OTHER}.140.m4a", f"{VIDEO}.140/../x", "/etc/passwd", "", None, 5]
)
def test_a_kept_name_that_is_not_the_videos_is_not_used(site, fetch, tmp_path, file):
    web = web_access(tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "x").write_text("x")
    answer = {"file": file, "sha256": "0" * 64, "seconds": 4, "format": "140"}
    web.answers("audio").put(audio._request(VIDEO, LIMITS), answer)
    assert fetch().path.name == f"{VIDEO}.140.m4a"
    assert (tmp_path / "results" / "x").exists()


@pytest.mark.parametrize(
    "video", ["", "short", "x/../../../../../results/merge_summaries", "aaaaaaaaaa/", "aaaaaaaaaaa\n"]
)
def test_what_is_no_video_is_not_asked_for(site, tmp_path, video):
    with pytest.raises(GoneError, match="is no id of a YouTube video"):
        fetch_audio_of(video, LIMITS, web_access(tmp_path), again=False)
    assert site.journal.entries == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("ERROR: unable to download video data: HTTP Error 503: Service Unavailable", "transient"),
        ("ERROR: unable to download video data: HTTP Error 404: Not Found (removed)", "transient"),
        ("ERROR: [youtube] x: Video unavailable. This video is private", "gone"),
        ("ERROR: [youtube] x: Premieres in 5 hours", "later"),
        ("ERROR: [youtube] x: Sign in to confirm you’re not a bot", "later"),
        ("ERROR: something that nobody foresaw", "changed"),
    ],
)
def test_what_yt_dlp_says_has_a_meaning(tmp_path, line, kind):
    web = web_access(tmp_path)
    error = audio._meaning(VIDEO, [line, "and a warning: HTTP Error 403"] if kind == "gone" else [line],
                           web.youtube_pace(), web.visit("one"))  # fmt: skip
    kinds = {
        "transient": "TransientError",
        "gone": "GoneError",
        "later": "LaterError",
        "changed": "TrailerflowError",
    }
    assert type(error).__name__ == kinds[kind]
