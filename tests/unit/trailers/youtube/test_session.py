"""youtube-transcript-api on loopback: whatever YouTube answers, it has bounds, and nobody else is sent anything."""

from __future__ import annotations

import time
from typing import Any

import pytest
from loopback.youtube import COOKIE, Track, Video

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.trailers.youtube import GoneError
from trailerflow.trailers.youtube.captions import LONGEST_SECONDS, NoCaptionsError, fetch_captions_of
from trailerflow.trailers.youtube.session import visiting_session
from trailerflow.web import reading
from trailerflow.web.access import WebAccess
from unit.api_sites import web_access
from unit.youtube_site import ELSEWHERE, VIDEO, check_refused_redirect, files, play, seen_elsewhere

pytestmark = pytest.mark.slow

PAGE = "https://www.youtube.com/watch"


@pytest.fixture
def site(server, monkeypatch):
    play(server, monkeypatch)
    return server


@pytest.fixture
def fetch(tmp_path):
    return lambda: fetch_captions_of(VIDEO, ["en"], web_access(tmp_path))


def test_captions_come(site, fetch):
    assert fetch().segments == [
        {"start": 0.0, "end": 2.0, "text": "They came at night."},
        {"start": 2.0, "end": 5.0, "text": "Nobody heard them."},
    ]


# ---- bounds


@pytest.mark.parametrize("route", ["watch", "player", "timedtext"])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("drip", "it did not come whole within 0.3 s"),
        ("driphead", "it did not come whole within 0.3 s"),
        ("endless", "it is larger than 1,000,000 bytes"),
        ("bomb", "it is larger than 1,000,000 bytes"),
        ("brotli", "it is packed as 'br', which was not asked for"),
    ],
)
def test_an_answer_beyond_a_bound_is_asked_for_again_and_then_later(
    site, fetch, monkeypatch, route, fault, words
):
    monkeypatch.setattr(reading, "EXCHANGE_SECONDS", 0.3)
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    site.faults.script(route, [f"{fault}*"])
    before = time.monotonic()
    with pytest.raises(LaterError) as caught:
        fetch()
    assert caught.value.reason == f"the answer of YouTube cannot be taken: {words}, 3 times"
    assert time.monotonic() - before < 3
    assert len(site.journal.of(route=route)) == 3
    site.faults.script(route, ["ok"])
    assert fetch().segments


@pytest.mark.parametrize(("route", "fault"), [("player", "deep"), ("player", "badjson")])
def test_json_without_a_bound_is_a_site_that_has_changed(site, fetch, route, fault, tmp_path):
    site.faults.script(route, [f"{fault}*"])
    with pytest.raises(TrailerflowError, match="YouTube is not as youtube-transcript-api knows it"):
        fetch()
    assert not list((tmp_path / "cache" / "visits").glob("*"))


# ---- nobody else is asked


REDIRECTS = [
    (301, "watch", f"https://{ELSEWHERE}/?key=abc", f"https://{ELSEWHERE}"),
    (302, "player", f"https://{ELSEWHERE}/?key=abc", f"https://{ELSEWHERE}"),
    (303, "timedtext", f"https://{ELSEWHERE}/?key=abc", f"https://{ELSEWHERE}"),
    (307, "player", f"https://{ELSEWHERE}/?key=abc", f"https://{ELSEWHERE}"),
    (308, "player", f"https://{ELSEWHERE}/?key=abc", f"https://{ELSEWHERE}"),
    (302, "watch", "http://www.youtube.com/watch", "http://www.youtube.com"),
    (302, "watch", "https://www.youtube.com:8443/watch", "https://www.youtube.com:8443"),
    (302, "watch", f"https://www.youtube.com.{ELSEWHERE}/", f"https://www.youtube.com.{ELSEWHERE}"),
    (302, "watch", f"https://www.youtube.com@{ELSEWHERE}/", f"https://{ELSEWHERE}"),
    (302, "watch", "https://notyoutube.com/", "https://notyoutube.com"),
    (302, "watch", "http://127.0.0.1:9/", "http://127.0.0.1:9"),
]


@pytest.mark.parametrize(("status", "route", "to", "place"), REDIRECTS)
def test_a_redirect_to_somebody_else_is_refused_in_a_sentence(
    site, fetch, tmp_path, status, route, to, place
):
    site.faults.script(route, [f"{status}:to={to}*"])
    check_refused_redirect(site, fetch, tmp_path, route=route, place=place)


@pytest.mark.parametrize(
    "address", [f"https://{ELSEWHERE}/t", "http://www.youtube.com/api/timedtext?v=x", "http://127.0.0.1:9/t"]
)
def test_captions_at_somebody_elses_address_are_not_asked_for(site, fetch, address):
    def strange(answer: Any) -> Any:
        answer["captions"]["playerCaptionsTracklistRenderer"]["captionTracks"][0]["baseUrl"] = address
        return answer

    site.youtube.strange = strange
    with pytest.raises(TrailerflowError, match=r"YouTube leads to .*, which is not YouTube's by TLS"):
        fetch()
    assert seen_elsewhere(site) == []


def test_a_redirect_on_youtube_is_followed_and_not_kept(site, fetch):
    site.faults.script("timedtext", [f"302:to=https://m.youtube.com/api/timedtext?v={VIDEO}&lang=en"])
    assert fetch().segments[0]["text"] == "They came at night."
    assert [entry.host for entry in site.journal.of(route="timedtext")] == [
        "www.youtube.com",
        "m.youtube.com",
    ]


def test_a_redirect_without_an_end_is_for_later(site, fetch, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    site.faults.script("watch", [f"302:to={PAGE}?v={VIDEO},body=endless*"])
    with pytest.raises(LaterError, match="it is larger than 1,000,000 bytes"):
        fetch()


def test_redirects_end(site, fetch):
    site.faults.script("watch", [f"302:to={PAGE}?v={VIDEO}*"])
    with pytest.raises(LaterError, match=f"^YouTube redirects too often for video {VIDEO}$"):
        fetch()
    assert len(site.journal.of(route="watch")) == 4


def test_a_redirect_to_the_captcha_is_a_block(site, fetch):
    site.faults.script("watch", ["302:to=https://www.google.com/sorry/index?continue=x*"])
    with pytest.raises(LaterError, match="it asks to solve a captcha") as caught:
        fetch()
    assert caught.value.earliest is not None
    assert seen_elsewhere(site) == []
    assert len(site.journal.entries) == 1


def test_the_users_cookies_are_for_youtube_alone(site, tmp_path):
    cookies = tmp_path / "cookies.txt"
    lines = [
        ".youtube.com\tTRUE\t/\tTRUE\t2147483647\tLOGIN\tabc",
        f".{ELSEWHERE}\tTRUE\t/\tFALSE\t2147483647\tX\ty",
    ]
    cookies.write_text("\n".join(["# Netscape HTTP Cookie File", *lines, ""]))
    web = web_access(tmp_path)
    with visiting_session(web.youtube_pace(), web.visit("one"), str(cookies)) as session:
        assert session.get(f"{PAGE}?v={VIDEO}").request.headers["Cookie"] == "LOGIN=abc"
        for address in (f"https://{ELSEWHERE}/", f"http://{ELSEWHERE}/", "http://www.youtube.com/watch"):
            with pytest.raises(TrailerflowError, match="which is not YouTube's by TLS"):
                session.get(address)
    assert seen_elsewhere(site) == []
    assert len(site.journal.entries) == 1


def test_no_cookie_lies_on_the_disk_and_all_is_for_the_owner_alone(site, fetch, tmp_path):
    site.faults.script("timedtext", ["404*"])
    with pytest.raises(LaterError):
        fetch()
    kept = list((tmp_path / "cache" / "visits").rglob("*.http"))
    assert len(kept) == 2
    secret = COOKIE.partition(";")[0].encode()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert set(files(tmp_path).values()) == {0o600, 0o700}


# ---- what the player says is not believed


def tracks(site: Any, *codes: Any, **more: Any) -> None:
    """Let the player name tracks of these languages."""

    def strange(answer: Any) -> Any:
        (known,) = answer["captions"]["playerCaptionsTracklistRenderer"]["captionTracks"]
        listed = [known | {"languageCode": code} | more for code in codes]
        answer["captions"]["playerCaptionsTracklistRenderer"]["captionTracks"] = listed
        return answer

    site.youtube.strange = strange


@pytest.mark.parametrize(
    "code", ["../../x", "en/x", "en.x", "", "e", "en-" + "a" * 41, "en\n", "äö", 5, None]
)
def test_a_track_whose_language_is_none_is_left_out(site, fetch, code):
    tracks(site, code, "en")
    captions = fetch()
    assert (captions.language, len(captions.segments)) == ("en", 2)


def test_a_kept_track_whose_language_is_none_is_left_out(site, fetch, tmp_path):
    tracks = [{"language": "../../x", "name": "x", "generated": False}]
    store = web_access(tmp_path).answers("captions")
    store.put({"video": VIDEO, "wanted": "tracks"}, {"tracks": tracks})
    with pytest.raises(NoCaptionsError):
        fetch()
    assert site.journal.entries == []


def test_where_no_tracks_language_is_one_there_are_no_captions(site, fetch):
    tracks(site, "../../x")
    with pytest.raises(NoCaptionsError):
        fetch()


@pytest.mark.parametrize("code", ["en", "en-GB", "zh-Hans", "es-419", "fil", "en-nP7-2PuUl7o", "en-_aQ"])
def test_a_language_that_is_one_is_taken(site, fetch, code):
    tracks(site, code)
    assert fetch().language == code


@pytest.mark.parametrize(
    "strange",
    [
        lambda answer: answer | {"playabilityStatus": {"status": ["OK"], "reason": {"a": 1}}},
        lambda answer: answer | {"playabilityStatus": {"status": "UNPLAYABLE", "reason": 5}},
        lambda answer: answer | {"playabilityStatus": {"status": "UNPLAYABLE", "errorScreen": []}},
        lambda answer: answer | {"playabilityStatus": []},
        lambda answer: answer | {"captions": "none"},
        lambda answer: answer | {"captions": {"playerCaptionsTracklistRenderer": {"captionTracks": 5}}},
        lambda answer: answer | {"captions": {"playerCaptionsTracklistRenderer": {"captionTracks": [5]}}},
        lambda answer: answer | {"captions": {"playerCaptionsTracklistRenderer": {"captionTracks": [{}]}}},
        lambda answer: answer | {"videoDetails": [VIDEO]},
        lambda answer: answer | {"videoDetails": {"videoId": [VIDEO]}},
        lambda answer: [answer],
        lambda answer: None,
    ],
)  # fmt: skip
def test_a_player_that_answers_in_another_form_is_no_crash(site, fetch, strange):
    site.youtube.strange = strange
    try:
        fetch()
    except (LaterError, TrailerflowError, GoneError, NoCaptionsError) as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("Premieres in 5 hours", 5),
        ("Premieres in 3 days", 72),
        ("Premieres in 999 days", 23_976),
        ("Premieres in 1000 days", None),
        ("Premieres in 99999999999999999999 days", None),
        ("Premieres in " + "9" * 5000 + " days", None),
        ("Premieres in ٣ days", None),
        ("Premieres in -5 hours", None),
    ],
)
def test_a_premiere_has_a_time_within_reason(site, fetch, words, hours):
    site.youtube.videos[VIDEO] = Video(VIDEO, "One", status="LIVE_STREAM_OFFLINE", reason=words)
    now = time.time()
    with pytest.raises(LaterError) as caught:
        fetch()
    assert len(caught.value.reason) < 300
    if hours is None:
        assert caught.value.earliest is None
    else:
        earliest = (
            time.mktime(time.strptime(str(caught.value.earliest), "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
        )
        assert abs(earliest - now - hours * 3600) < 10


def test_words_of_youtube_are_told_without_secrets_and_short(site, fetch, monkeypatch):
    monkeypatch.setenv("TMDB_API_KEY", "secret-of-tmdb")
    reason = "No\x1b[31m\x00 for secret-of-tmdb\nin " + "x" * 5000
    site.youtube.videos[VIDEO] = Video(VIDEO, "One", status="UNPLAYABLE", reason=reason)
    with pytest.raises(GoneError) as caught:
        fetch()
    words = str(caught.value)
    assert words.startswith(f"YouTube video {VIDEO}: No[31m for [secret] in x")
    assert len(words) < 300


DAY = LONGEST_SECONDS


@pytest.mark.parametrize(
    ("start", "duration", "times"),
    [
        (1.5, 2.25, (1.5, 3.75)),
        ("nan", 2, (0.0, 2.0)),
        (1, "nan", (1.0, 1.0)),
        ("inf", 1, (DAY, DAY)),
        (1, "inf", (1.0, DAY)),
        (-5, 2, (0.0, 2.0)),
        (5, -3, (5.0, 5.0)),
        (1e300, 1, (DAY, DAY)),
        (1, 1e300, (1.0, DAY)),
        ("-inf", "inf", (0.0, DAY)),
    ],
)
def test_a_cue_keeps_its_words_whatever_its_times(site, fetch, start, duration, times):
    site.youtube.videos[VIDEO] = Video(
        VIDEO, "One", tracks=[Track("en", "English", [(start, duration, "Words.")])]
    )
    assert fetch().segments == [{"start": times[0], "end": times[1], "text": "Words."}]


def test_a_cues_words_are_cleaned(site, fetch):
    track = Track("en", "English", [(0, 1, "a\x7fb\x85c &#xD800; &#1; d")])
    site.youtube.videos[VIDEO] = Video(VIDEO, "One", tracks=[track])
    (segment,) = fetch().segments
    segment["text"].encode()
    assert not set(segment["text"]) & {"\x7f", "\x85", "\x01"}


def test_a_time_that_is_no_number_is_a_site_that_has_changed(site, fetch):
    site.youtube.videos[VIDEO] = Video(VIDEO, "One", tracks=[Track("en", "E", [("soon", 1, "Words.")])])
    with pytest.raises(TrailerflowError, match="YouTube is not as youtube-transcript-api knows it"):
        fetch()


@pytest.mark.parametrize(
    "video", ["", "short", "x/../../../../../results/merge_summaries", "aaaaaaaaaa/", "aaaaaaaaaaa\n"]
)
def test_what_is_no_video_is_not_asked_for(site, tmp_path, video):
    web: WebAccess = web_access(tmp_path)
    with pytest.raises(GoneError, match="is no id of a YouTube video"):
        fetch_captions_of(video, ["en"], web)
    assert site.journal.entries == []
    assert list(tmp_path.iterdir()) == []
