"""yt-dlp on loopback: its search and its sounds have bounds, go to nobody else, and name no file."""

from __future__ import annotations

import subprocess
import time
from typing import Any

import pytest
from loopback import media
from loopback.youtube import COOKIE, Video

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.trailers.youtube import GoneError, downloader
from trailerflow.trailers.youtube.audio import fetch_audio_of
from trailerflow.trailers.youtube.search import search_videos
from trailerflow.web import reading
from unit.api_sites import web_access
from unit.youtube_site import (
    ELSEWHERE,
    LIMITS,
    SECONDS,
    VIDEO,
    check_refused_redirect,
    files,
    of_format,
    seen_elsewhere,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def search(tmp_path):
    return lambda: search_videos("heat trailer", web_access(tmp_path))[0].answer


def test_a_sound_comes_for_the_owner_alone(site, fetch, tmp_path, sound):
    found = fetch()
    assert found.path == tmp_path / "cache" / "sounds" / f"{VIDEO}.140.m4a"
    assert (found.path.read_bytes(), found.seconds, found.format) == (sound, SECONDS, "140")
    assert set(files(tmp_path).values()) == {0o600, 0o700}
    assert not list((tmp_path / "cache" / "visits").iterdir())


def test_a_folder_with_a_percent_sign_in_its_name_is_one(site, tmp_path):
    folder = tmp_path / "100%(id)s"
    assert (
        fetch_audio_of(VIDEO, LIMITS, web_access(folder), again=False).path.parent == folder / "cache/sounds"
    )


def test_no_cookie_lies_on_the_disk(site, fetch, tmp_path):
    site.faults.script("media", ["404*"])
    with pytest.raises(LaterError):
        fetch()
    site.faults.script("media", ["429*"])
    with pytest.raises(LaterError):
        fetch()
    assert list((tmp_path / "cache" / "visits").rglob("*.http"))
    secret = COOKIE.partition(";")[0].encode()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert set(files(tmp_path).values()) == {0o600, 0o700}


# ---- bounds


BOUNDS = [
    ("drip", "it did not come whole within 0.3 s"),
    ("driphead", "it did not come whole within 0.3 s"),
    ("endless", "it is larger than 1,000,000 bytes"),
    ("bomb", "it is larger than 1,000,000 bytes"),
    ("brotli", "it is packed as 'br', which was not asked for"),
]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(reading, "EXCHANGE_SECONDS", 0.3)
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)


@pytest.mark.parametrize(("fault", "words"), BOUNDS)
@pytest.mark.parametrize("route", ["search", "player"])
def test_an_answer_beyond_a_bound_is_for_later(site, fetch, search, small, route, fault, words):
    site.faults.script(route, [f"{fault}*"])
    with pytest.raises(LaterError) as caught:
        (search if route == "search" else fetch)()
    assert caught.value.reason == f"the answer of YouTube cannot be taken: {words}, 3 times"
    assert len(site.journal.of(route=route)) == 3


@pytest.mark.parametrize("route", ["search", "player", "watch"])
def test_json_of_any_depth_is_no_crash(site, fetch, search, route):
    def deep(*_: Any) -> str:
        return (
            f"<html>INNERTUBE_API_KEY <script>var ytInitialPlayerResponse = {'[' * 300_000};</script></html>"
        )

    if route == "watch":
        site.youtube.watch = deep
    else:
        site.faults.script(route, ["deep*"])
    before = time.process_time()
    try:
        (search if route == "search" else fetch)()
    except (TrailerflowError, LaterError) as error:
        assert "\n" not in str(error)
    assert time.process_time() - before < 10


def test_a_sound_without_an_end_is_larger_than_the_limit(site, fetch, tmp_path):
    site.faults.script("media", ["endless*"])
    with pytest.raises(GoneError, match=f"^the sound of YouTube video {VIDEO} is larger than 1 MB$"):
        fetch()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > 100_000]
    with pytest.raises(GoneError, match="larger than 1 MB"):
        fetch()
    assert len(site.journal.of(route="media")) == 1


@pytest.mark.parametrize("fault", ["drip", "driphead"])
def test_a_sound_that_drips_is_for_later(site, fetch, monkeypatch, fault):
    monkeypatch.setattr(downloader, "VISIT_SECONDS", 2.0)
    monkeypatch.setattr(reading, "EXCHANGE_SECONDS", 1.0)
    site.faults.script("media", [f"{fault}*"])
    before = time.monotonic()
    with pytest.raises(LaterError) as caught:
        fetch()
    assert time.monotonic() - before < 8
    if fault == "drip":
        assert caught.value.reason == "the visit to YouTube did not end: it did not come whole within 2 s"
        assert len(site.journal.of(route="media")) == 1
    else:
        assert "timed out" in caught.value.reason


@pytest.mark.parametrize("told", [SECONDS, 25, None])
def test_a_sound_that_is_longer_than_its_page_says_is_refused(site, fetch, told):
    site.youtube.videos[VIDEO] = Video(VIDEO, "One", duration=told, audio={140: media.m4a(seconds=40)})
    with pytest.raises(GoneError, match=f"^YouTube video {VIDEO} sounds longer than 30 s$"):
        fetch()


# ---- nobody else is asked


PLACES = [
    (f"https://{ELSEWHERE}/?key=abc", f"https://{ELSEWHERE}"),
    ("http://www.youtube.com/x", "http://www.youtube.com"),
    ("http://rr2---sn-x.googlevideo.com/videoplayback", "http://rr2---sn-x.googlevideo.com"),
    ("https://notgooglevideo.com/", "https://notgooglevideo.com"),
    ("http://127.0.0.1:9/", "http://127.0.0.1:9"),
]


@pytest.mark.parametrize(("to", "place"), PLACES)
@pytest.mark.parametrize("route", ["search", "player", "media"])
def test_a_redirect_to_somebody_else_is_refused_in_a_sentence(
    site, fetch, search, tmp_path, route, to, place
):
    site.faults.script(route, [f"307:to={to}*"])
    check_refused_redirect(site, search if route == "search" else fetch, tmp_path, route=route, place=place)


@pytest.mark.parametrize(
    "address", [f"https://{ELSEWHERE}/x", "http://127.0.0.1:9/x", "http://rr1---sn-x.googlevideo.com/x"]
)
def test_a_sound_at_somebody_elses_address_is_not_asked_for(site, fetch, address):
    site.youtube.strange = of_format(url=address)
    with pytest.raises(TrailerflowError, match=r"YouTube leads to .*, which is not YouTube's by TLS"):
        fetch()
    assert seen_elsewhere(site) == []


@pytest.mark.parametrize(
    "address", ["rtmp://127.0.0.1:9/x", "rtsp://127.0.0.1:9/x", "mms://127.0.0.1:9/x", "ftp://127.0.0.1:9/x", "file:///etc/passwd"]
)  # fmt: skip
def test_no_other_program_is_handed_an_address(site, fetch, monkeypatch, address):
    monkeypatch.setattr(subprocess.Popen, "__init__", never_called)
    site.youtube.strange = of_format(url=address)
    with pytest.raises(TrailerflowError) as caught:
        fetch()
    assert "\n" not in str(caught.value)
    assert seen_elsewhere(site) == []


def never_called(*arguments: Any, **options: Any) -> None:
    raise AssertionError(f"{arguments[1:]} was started")


def test_a_sound_at_youtubes_own_address_is_held_to_the_limit_too(site, fetch, sound):
    site.youtube.strange = of_format(url=f"https://www.youtube.com/videoplayback?id={VIDEO}&itag=140")
    site.youtube.videos[VIDEO] = Video(VIDEO, "One", duration=SECONDS, audio={140: sound + bytes(1_000_000)})
    with pytest.raises(GoneError, match="larger than 1 MB"):
        fetch()


def test_a_sound_may_be_at_another_of_youtubes_media_servers(site, fetch, sound):
    other = f"https://rr2---sn-other.googlevideo.com/videoplayback?id={VIDEO}&itag=140"
    site.faults.script("media", [f"302:to={other}"])
    assert fetch().path.read_bytes() == sound
    assert [entry.host for entry in site.journal.of(route="media")][-1] == "rr2---sn-other.googlevideo.com"


def test_a_redirect_without_an_end_is_not_read(site, search):
    site.faults.script("search", ["307:to=https://m.youtube.com/youtubei/v1/search,body=endless"])
    assert len(search()) == 1
    assert [entry.host for entry in site.journal.of(route="search")] == ["www.youtube.com", "m.youtube.com"]


def test_redirects_end(site, search):
    site.faults.script("search", ["302:to=https://www.youtube.com/youtubei/v1/search*"])
    with pytest.raises(LaterError):
        search()
    assert len(site.journal.of(route="search")) == 3 * 4


@pytest.mark.parametrize("route", ["search", "player", "media"])
def test_a_redirect_to_the_captcha_is_a_block(site, fetch, search, route):
    site.faults.script(route, ["302:to=https://www.google.com/sorry/index?continue=x*"])
    with pytest.raises(LaterError, match="it asks to solve a captcha") as caught:
        (search if route == "search" else fetch)()
    assert caught.value.earliest is not None
    assert seen_elsewhere(site) == []
    assert len(site.journal.of(route=route)) == 1


# ---- what the search says is not believed


def result(site: Any, **parts: Any) -> None:
    """Let the search say other things of its only video."""
    search = site.youtube.search

    def strange(words: str) -> Any:
        document = search(words)
        place = document["contents"]["twoColumnSearchResultsRenderer"]["primaryContents"][
            "sectionListRenderer"
        ]
        place["contents"][0]["itemSectionRenderer"]["contents"][0]["videoRenderer"] |= parts
        return document

    site.youtube.search = strange


def test_a_result_has_what_the_picker_looks_at(site, search):
    assert search() == [
        {
            "id": VIDEO, "url": f"https://www.youtube.com/watch?v={VIDEO}", "title": "Heat trailer",
            "channel": "Loopback Pictures", "live_status": None, "duration": SECONDS, "view_count": 1000,
            "channel_is_verified": True,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "name", "value"),
    [
        ({"title": {"runs": [{"text": "A\ud83d\x1b[31m\x00 trailer"}]}}, "title", "A\ufffd[31m trailer"),
        ({"title": {"runs": [{"text": "x" * 5000}]}}, "title", "x" * 300),
        ({"lengthText": {"simpleText": "-1:00"}}, "duration", None),
        ({"lengthText": {"simpleText": "99999999:00:00"}}, "duration", 604_800.0),
        ({"lengthText": {"simpleText": "soon"}}, "duration", None),
        ({"viewCountText": {"simpleText": "9" * 400 + " views"}}, "view_count", None),
        ({"viewCountText": {"simpleText": "-5 views"}}, "view_count", None),
    ],
)
def test_a_results_parts_are_what_they_ought_to_be_or_none(site, search, parts, name, value):
    result(site, **parts)
    (found,) = search()
    assert found[name] in (value, None if name != "title" else value)
    assert not found["title"] or found["title"].encode()


@pytest.mark.parametrize(
    "parts", [{"title": 5}, {"lengthText": 5}, {"viewCountText": []}, {"ownerText": "x"}, {"badges": 5}, {"videoId": [1]}]
)  # fmt: skip
def test_a_search_that_answers_in_another_form_is_no_crash(site, search, parts):
    result(site, **parts)
    try:
        search()
    except (LaterError, TrailerflowError) as error:
        assert "\n" not in str(error)
