"""The stand-in for the web, asked by the real clients."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time

import av
import pytest
import requests
import youtube_transcript_api
from loopback import media
from loopback.apis import Apis, file_answer, json_answer
from loopback.faults import Faults
from loopback.server import Server
from loopback.youtube import Track, Video, YouTube

pytestmark = pytest.mark.slow

LINES = [(0.0, 1.5, "In a world <b>&</b> a time"), (1.5, 2.0, "one man"), (3.5, 1.25, "♪ la la ♪")]
TEXTS = ["In a world & a time", "one man", "♪ la la ♪"]
TRAILER = "https://www.youtube.com/watch?v=aaaaaaaaaaa"
PLAYER = "https://www.youtube.com/youtubei/v1/player"

CAPTIONS = """
import json, sys
from youtube_transcript_api import YouTubeTranscriptApi
tracks = YouTubeTranscriptApi().list("aaaaaaaaaaa")
fetched = tracks.find_transcript(["en"]).fetch()
print(json.dumps({
    "tracks": [[t.language_code, t.language, t.is_generated, t.is_translatable] for t in tracks],
    "lines": [[line.start, line.duration, line.text] for line in fetched],
    "german": tracks.find_transcript(["en"]).translate("de").fetch()[1].text,
}))
"""

YT_DLP = """
import json, sys, yt_dlp
class Log:
    def debug(self, message): pass
    def warning(self, message): print(message, file=sys.stderr)
    error = warning
options = {
    "quiet": True, "extract_flat": True, "compat_opts": ["no-certifi"], "cachedir": False, "logger": Log(),
    "format": "bestaudio[ext=m4a][vcodec=none]/bestaudio", "fixup": "never", "outtmpl": sys.argv[1] + "/%(id)s.%(ext)s",
    "extractor_args": {"youtube": {"raise_incomplete_data": ["1"], "player_client": ["visionos"]}},
}
"""

SEARCH_AND_DOWNLOAD = (
    YT_DLP
    + """
with yt_dlp.YoutubeDL(options) as youtube_dl:
    hits = youtube_dl.extract_info("ytsearch10:toy story TRAILER", download=False)["entries"]
    sound = youtube_dl.extract_info(sys.argv[2])
print(json.dumps({"hits": list(hits), "duration": sound["duration"], "format": sound["format_id"]}))
"""
)

REASONS = (
    YT_DLP
    + """
def reason(video):
    try:
        with yt_dlp.YoutubeDL(options) as youtube_dl:
            youtube_dl.extract_info(video)
    except yt_dlp.utils.DownloadError as error:
        return str(error)
print(json.dumps({video: reason(video) for video in sys.argv[2:]}))
"""
)


def child(server, program, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=os.environ | server.environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def session(server):
    client = requests.Session()
    client.trust_env = False
    client.proxies = {"http": server.proxy, "https": server.proxy}
    client.verify = str(server.ca)
    return client


def get(server, url=TRAILER, **more):
    with session(server) as client:
        return client.get(url, timeout=5, **more)


def play(server, video):
    with session(server) as client:
        return client.post(PLAYER, json={"videoId": video}, timeout=5).json()["playabilityStatus"]


def trailer(**more):
    tracks = [
        Track("en", "English", LINES),
        Track("en", "English (auto-generated)", LINES[:1], generated=True, translatable=False),
    ]
    return Video("aaaaaaaaaaa", "Toy Story (1995) Trailer", **{"tracks": tracks, **more})


def test_the_real_library_gets_the_captions():
    with Server(YouTube([trailer()])) as server:
        got = child(server, CAPTIONS)
    assert got["tracks"] == [["en", "English", False, True], ["en", "English (auto-generated)", True, False]]
    assert got["lines"] == [
        [start, duration, text] for (start, duration, _), text in zip(LINES, TEXTS, strict=True)
    ]
    assert got["german"] == "[de] one man"
    assert [entry.route for entry in server.journal.entries] == ["watch", "player", "timedtext", "timedtext"]
    assert all(entry.whole and entry.video == "aaaaaaaaaaa" for entry in server.journal.entries)


def test_the_real_yt_dlp_searches_and_downloads(tmp_path):
    sound = media.m4a(seconds=5.0)
    videos = [
        trailer(duration=95, views=1_234_567, audio={140: sound, 251: media.webm(seconds=5.0)}, approximate_seconds=5),
        Video("bbbbbbbbbbb", "Toy Story | full movie", duration=4860, verified=False, channel="Pirate"),
        Video("ccccccccccc", "Toy Story Short", duration=9, short=True),
        Video("ddddddddddd", "Toy Story live", live=True),
        Video("eeeeeeeeeee", "Toy Story 9", upcoming=True),
        Video("fffffffffff", "Toy Story endless", duration=None),
        Video("ggggggggggg", "Something else"),
    ]  # fmt: skip
    youtube = YouTube(videos)
    youtube.searches["Toy Story trailer"] = [video.id for video in reversed(videos)]
    with Server(youtube) as server:
        got = child(server, SEARCH_AND_DOWNLOAD, tmp_path, TRAILER)
    names = ("id", "title", "duration", "channel", "view_count", "live_status", "channel_is_verified", "url")
    hits = [tuple(map(hit.get, names)) for hit in reversed(got["hits"])]
    place, by = "https://www.youtube.com/watch?v=", "Loopback Pictures"
    assert hits == [
        ("aaaaaaaaaaa", "Toy Story (1995) Trailer", 95, by, 1_234_567, None, True, TRAILER),
        ("bbbbbbbbbbb", "Toy Story | full movie", 4860, "Pirate", 1000, None, None, f"{place}bbbbbbbbbbb"),
        ("ccccccccccc", "Toy Story Short", 9, by, 1000, None, True, "https://www.youtube.com/shorts/ccccccccccc"),
        ("ddddddddddd", "Toy Story live", None, by, None, "is_live", True, f"{place}ddddddddddd"),
        ("eeeeeeeeeee", "Toy Story 9", None, by, None, "is_upcoming", True, f"{place}eeeeeeeeeee"),
        ("fffffffffff", "Toy Story endless", None, by, 1000, None, True, f"{place}fffffffffff"),
        ("ggggggggggg", "Something else", 120, by, 1000, None, True, f"{place}ggggggggggg"),
    ]  # fmt: skip
    assert (got["duration"], got["format"]) == (5, "140")
    assert (tmp_path / "aaaaaaaaaaa.m4a").read_bytes() == sound
    routes = [entry.route for entry in server.journal.entries]
    assert routes == ["home", "search", "watch", "player", "media"]
    assert [entry.asked for entry in server.journal.of("search")] == ["toy story TRAILER"]
    (sent,) = server.journal.of("media", video="aaaaaaaaaaa")
    assert (sent.whole, sent.sent, sent.status) == (True, len(sound), 206)
    assert not server.journal.of("foreign")


def test_other_words_find_what_shares_most_with_them():
    titles = ["Trailer", "Toy Story trailer", "Heat", "Toy Story"]
    youtube = YouTube([Video(f"{number:011}", title) for number, title in enumerate(titles)])
    found = youtube.search("toy story (1995) trailer")["contents"]["twoColumnSearchResultsRenderer"]
    (section,) = found["primaryContents"]["sectionListRenderer"]["contents"]
    ids = [int(hit["videoRenderer"]["videoId"]) for hit in section["itemSectionRenderer"]["contents"]]
    assert ids == [1, 3, 0]


UNPLAYABLE = [
    (Video("1" * 11, "gone", status="ERROR", reason="Video unavailable"), "Video unavailable"),
    (Video("2" * 11, "private", status="LOGIN_REQUIRED", reason="This video is private"), "video is private"),
    (Video("3" * 11, "age", status="LOGIN_REQUIRED", reason="Sign in to confirm your age"), "confirm your age"),
    (
        Video("4" * 11, "geo", status="UNPLAYABLE", reason="Video unavailable",
              subreason="The uploader has not made this video available in your country"),
        "available in your country",
    ),
    (Video("5" * 11, "premiere", upcoming=True), "Premieres in 5 hours"),
    (Video("6" * 11, "bot"), "not a bot"),
    (Video("7" * 11, "later"), "rate-limited by YouTube"),
    (Video("8" * 11, "silent"), "No video formats found"),
]  # fmt: skip


def test_the_real_clients_say_why_a_video_cannot_be_played(tmp_path):
    faults = Faults()
    for route in ("watch", "player"):
        faults.script(route, ["bot*"], video="6" * 11)
        faults.script(route, ["trylater:status=ERROR*"], video="7" * 11)
    with Server(YouTube([video for video, _ in UNPLAYABLE]), faults=faults) as server:
        said = child(server, REASONS, tmp_path, *(video.id for video, _ in UNPLAYABLE))
        with session(server) as client:
            captions = youtube_transcript_api.YouTubeTranscriptApi(http_client=client)
            for video, reason in [*UNPLAYABLE[:5], (trailer(), youtube_transcript_api.VideoUnavailable)]:
                with pytest.raises(youtube_transcript_api.CouldNotRetrieveTranscript) as caught:
                    captions.list(video.id)
                assert caught.type is reason or reason in str(caught.value)
            with pytest.raises(youtube_transcript_api.RequestBlocked):
                captions.list("6" * 11)
            with pytest.raises(youtube_transcript_api.TranscriptsDisabled):
                captions.list("8" * 11)
    for video, reason in UNPLAYABLE:
        assert reason in said[video.id]


def test_captions_for_youtubes_own_player_are_empty_elsewhere():
    with Server(YouTube([trailer(tracks=[Track("en", "English", LINES, po_token=True)])])) as server:
        with session(server) as client:
            tracks = youtube_transcript_api.YouTubeTranscriptApi(http_client=client).list("aaaaaaaaaaa")
            with pytest.raises(youtube_transcript_api.PoTokenRequired):
                tracks.find_transcript(["en"]).fetch()
        address = "https://www.youtube.com/api/timedtext?v=aaaaaaaaaaa&lang=en"
        assert get(server, address).content == b""
        assert get(server, f"{address}&pot=0").text.startswith("<?xml")


def test_other_hosts_answer_and_foreign_ones_are_refused():
    apis = Apis()
    apis.add("api.themoviedb.org", "/3/", json_answer({"results": []}))
    apis.add("api.themoviedb.org", "/3/movie/862/videos", lambda query: (200, {}, query["language"].encode()))
    apis.add("files.grouplens.org", "/datasets/", file_answer(b"PK"))
    with Server(YouTube(), apis) as server:
        assert get(server, "https://api.themoviedb.org/3/movie/862/videos?language=en").text == "en"
        assert get(server, "https://api.themoviedb.org/3/movie/9").json() == {"results": []}
        assert get(server, "https://api.themoviedb.org/4").status_code == 404
        assert get(server, "http://files.grouplens.org/datasets/a.zip").content == b"PK"
        with pytest.raises(requests.exceptions.ProxyError, match="403"):
            get(server, "https://example.com/")
        assert get(server, "http://example.com/page").status_code == 403
    assert [(entry.method, entry.host, entry.target) for entry in server.journal.of("foreign")] == [
        ("CONNECT", "example.com", "example.com:443"),
        ("GET", "example.com", "/page"),
    ]
    assert [entry.target for entry in server.journal.of(host="files.grouplens.org")] == ["/datasets/a.zip"]


def test_an_error_in_a_tests_own_answer_is_raised_at_the_end():
    apis = Apis()
    apis.add("www.omdbapi.com", "/", lambda query: (200, {}, query["missing"].encode()))
    with (
        pytest.raises(KeyError, match="missing"),
        Server(YouTube(), apis) as server,
        pytest.raises(requests.ConnectionError),
    ):
        get(server, "https://www.omdbapi.com/")


def test_scripted_faults_come_one_after_another():
    faults = Faults()
    faults.script("watch", ["429:retry=90", "ok", "500*"])
    faults.script("watch", ["404"], video="bbbbbbbbbbb")
    with Server(YouTube([trailer(), Video("bbbbbbbbbbb", "b")]), faults=faults) as server:
        first = get(server)
        assert (first.status_code, first.headers["Retry-After"], "g-recaptcha" in first.text) == (
            429,
            "90",
            True,
        )
        assert [get(server, TRAILER.replace("a" * 11, "b" * 11)).status_code for _ in range(2)] == [404, 200]
        assert [get(server).status_code for _ in range(2)] == [500, 500]
    assert [(entry.fault, entry.whole) for entry in server.journal.entries] == [
        ("429:retry=90", False), ("404", False), (None, True), ("500", False), ("500", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("empty", lambda text: text == ""),
        ("html", lambda text: "went wrong" in text),
        ("recaptcha", lambda text: 'class="g-recaptcha"' in text),
        ("nokey", lambda text: "INNERTUBE_API_KEY" not in text and "ytInitialPlayerResponse" in text),
        ("consent", lambda text: 'action="https://consent.youtube.com/s"' in text),
        ("badjson", lambda text: text and not text.endswith("</html>")),
        ("othervideo", lambda text: "bbbbbbbbbbb" in text and "aaaaaaaaaaa" not in text),
        ("trylater", lambda text: "try again later" in text and "UNPLAYABLE" in text),
    ],
)
def test_a_page_can_be_wrong_in_many_ways(fault, seen):
    faults = Faults()
    faults.script("watch", [fault])
    with Server(YouTube([trailer(), Video("bbbbbbbbbbb", "b")]), faults=faults) as server:
        assert seen(get(server).text)
        assert "aaaaaaaaaaa" in get(server).text


def test_a_connection_can_be_bad_in_many_ways():
    faults = Faults(hang_seconds=0.2)
    faults.script("watch", ["hang", "reset", "truncate", "slow:seconds=0.5"])
    with Server(YouTube([trailer()]), faults=faults) as server:
        for _ in range(2):
            with pytest.raises(requests.ConnectionError):
                get(server)
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
            get(server)
        start = time.monotonic()
        slow = get(server)
        assert time.monotonic() - start > 0.4
        assert slow.text == get(server).text
    hung, was_reset, cut, dribbled, good = server.journal.entries
    assert (hung.status, was_reset.status, cut.status) == (None, None, 200)
    assert (cut.sent, dribbled.sent, good.sent) == (
        len(slow.content) // 2,
        len(slow.content),
        len(slow.content),
    )
    assert [entry.whole for entry in server.journal.entries] == [False, False, False, False, True]


@pytest.mark.parametrize("mode", ["429", "bot"])
def test_the_whole_site_is_blocked_until_the_block_is_lifted(mode):
    videos = [Video(letter * 11, letter) for letter in "abc"]
    with Server(YouTube(videos)) as server:
        server.faults.block_after_videos(2, mode=mode)
        for letter in "aba":
            assert play(server, letter * 11) == {"status": "OK"}
        assert not server.faults.blocked
        if mode == "429":
            with session(server) as client:
                assert client.post(PLAYER, json={"videoId": "c" * 11}).status_code == 429
        else:
            assert play(server, "c" * 11)["reason"] == "Sign in to confirm you’re not a bot"
        assert server.faults.blocked
        assert get(server, "https://www.youtube.com/").status_code == 429
        server.faults.lift()
        assert play(server, "c" * 11) == {"status": "OK"}
    assert [entry.fault for entry in server.journal.entries] == [None, None, None, "block", "block", None]


def test_an_answer_that_nobody_read_to_its_end_is_not_whole():
    sound = b"0123456789" * 2_000_000
    address = "https://rr1---sn-loopback.googlevideo.com/videoplayback?id=aaaaaaaaaaa&itag=140"
    with Server(YouTube([trailer(audio={140: sound})])) as server:
        with session(server) as client, client.get(address, stream=True, timeout=5) as response:
            response.raw.read(1000)
        part = get(server, address, headers={"Range": "bytes=13-18"})
        past = get(server, address, headers={"Range": f"bytes={len(sound)}-"})
    assert (part.status_code, part.content, past.status_code) == (206, b"345678", 416)
    left, *others = server.journal.of("media")
    assert not left.whole
    assert left.sent < len(sound)
    assert all(entry.whole for entry in others)


@pytest.mark.parametrize(
    ("route", "faults"),
    [
        ("nowhere", ["429"]), ("watch", ["nonsense"]), ("watch", ["429*", "ok"]), ("watch", ["empty:retry=3"]),
        ("media", ["nops"]), ("search", ["othervideo"]), ("api.themoviedb.org", ["bot"]),
    ],
)  # fmt: skip
def test_a_script_that_cannot_be_is_refused(route, faults):
    with pytest.raises(ValueError, match=r"there is no|only"):
        Faults().script(route, faults)


def test_media_are_what_they_say():
    def about(content):
        with av.open(io.BytesIO(content)) as container:
            seconds = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
            return container.streams.audio[0].codec_context.name, round(seconds)

    assert about(media.speech_bytes("56")) == ("vorbis", 20)
    assert about(media.m4a(seconds=3.0)) == ("aac", 3)
    assert about(media.webm(media.sample_path("56"))) == ("opus", 20)
    assert about(media.silence(2)) == ("aac", 2)
    assert about(media.truncated(media.webm(media.sample_path("56")), 0.5)) == ("opus", 10)
    with av.open(io.BytesIO(media.video_only())) as container:
        assert not container.streams.audio
    with pytest.raises(av.error.InvalidDataError):
        about(media.html_page())
