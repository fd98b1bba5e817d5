"""fetch_captions and find_trailer as programs, with the real youtube-transcript-api and yt-dlp, against a YouTube on loopback."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from loopback.apis import json_answer
from loopback.faults import Faults
from loopback.server import Server
from loopback.youtube import Track, Video, YouTube

from e2e.desk import Desk
from trailerflow.outcomes import Outcome

FIRST, SECOND = "aaaaaaaaaaa", "bbbbbbbbbbb"
ENGLISH = Track("en", "English", [(0, 2, "They came at night."), (2, 3, "Nobody heard & saw them.")])
GENERATED = Track("en", "English (auto-generated)", [(0, 2, "they came at night")], generated=True)
GERMAN = Track("de", "Deutsch", [(0, 2, "Sie kamen in der Nacht.")])


@pytest.fixture
def desk(tmp_path):
    youtube = YouTube([Video(FIRST, "One"), Video(SECOND, "Two", tracks=[ENGLISH])])
    with Server(youtube, faults=Faults(hang_seconds=1)) as server:
        yield Desk(tmp_path, server)


def set_video(desk: Desk, **facts: Any) -> None:
    desk.server.youtube.videos[FIRST] = Video(FIRST, "One", **facts)


def test_captions_with_their_provenance(desk):
    set_video(desk, tracks=[GENERATED, ENGLISH])
    outcome = desk.captions(FIRST)
    assert [part["text"] for part in outcome.data["segments"]] == [
        "They came at night.",
        "Nobody heard & saw them.",
    ]
    assert outcome.data["segments"][1] | {"text": ""} == {"start": 2.0, "end": 5.0, "text": ""}
    assert outcome.data["language"] == "en"
    source = outcome.source
    assert (source["video"], source["track"], source["generated"], source["cached"]) == (
        FIRST,
        "English",
        False,
        False,
    )
    assert source["fetched"].endswith("Z")
    assert desk.asked() == 3


def test_what_was_answered_is_not_asked_again(desk):
    set_video(desk, tracks=[ENGLISH])
    desk.captions(FIRST)
    asked = desk.asked()
    assert desk.captions(FIRST).source["cached"] is True
    assert desk.asked() == asked
    assert not list((desk.folder / "resources/cache/web/visits").glob("*"))


@pytest.mark.parametrize(
    ("tracks", "languages", "text"),
    [
        ([GENERATED, GERMAN], ("en",), "they came at night"),
        ([GENERATED, GERMAN], ("de", "en"), "Sie kamen in der Nacht."),
        ([GERMAN], ("en",), "Sie kamen in der Nacht."),
    ],
)
def test_the_language_of_the_captions(desk, tracks, languages, text):
    set_video(desk, tracks=tracks)
    assert desk.captions(FIRST, languages=languages).data["segments"][0]["text"] == text


@pytest.mark.parametrize(
    "facts",
    [{}, {"tracks": [Track("en", "English", [(0, 1, "x")], po_token=True)]}],
    ids=["disabled", "po-token"],
)
def test_no_captions_goes_on_to_the_sound_of_this_video(desk, facts):
    set_video(desk, **facts)
    outcome = desk.captions(FIRST, SECOND)
    assert outcome.status == "absent"
    assert FIRST in outcome.reasons[0]
    assert not desk.asked(video=SECOND)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"status": "ERROR", "reason": "This video is unavailable"}, "unavailable"),
        ({"status": "LOGIN_REQUIRED", "reason": "This video is private"}, "private"),
        ({"status": "LOGIN_REQUIRED", "reason": "Sign in to confirm your age"}, "age"),
        (
            {
                "status": "UNPLAYABLE",
                "reason": "The uploader has not made this video available in your country",
            },
            "country",
        ),
    ],
    ids=["unavailable", "private", "age", "country"],
)
def test_a_video_that_is_gone_is_passed_over_for_the_next(desk, facts, words):
    set_video(desk, **facts)
    outcome = desk.captions(FIRST, SECOND)
    assert (outcome.status, outcome.source["video"]) == ("ok", SECOND)
    assert words in outcome.source["passed_over"][0]
    asked = desk.asked()
    assert desk.captions(FIRST).status == "absent"
    assert desk.asked() == asked, "that a video is gone is kept as well"


def test_a_premiere_is_for_later(desk):
    set_video(desk, upcoming=True)
    outcome = desk.captions(FIRST, SECOND)
    assert outcome.status == "later"
    hours = (
        time.mktime(time.strptime(outcome.earliest, "%Y-%m-%dT%H:%M:%SZ")) - time.mktime(time.gmtime())
    ) / 3600
    assert 4.9 < hours < 5.1


@pytest.mark.parametrize(
    ("route", "fault", "words"),
    [
        ("watch", "429", "429"),
        ("watch", "403", "403"),
        ("watch", "recaptcha", "captcha"),
        ("player", "bot", "not a bot"),
        ("player", "trylater", "try again later"),
        ("player", "429", "429"),
        ("timedtext", "429", "429"),
        ("timedtext", "403", "403"),
    ],
)
def test_a_block_stops_everything(desk, route, fault, words):
    set_video(desk, tracks=[ENGLISH])
    desk.server.faults.script(route, [f"{fault}*"])
    outcome = desk.captions(FIRST, SECOND)
    assert outcome.status == "later"
    assert words in outcome.reasons[0]
    assert outcome.earliest > time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 280))
    asked = desk.asked()
    assert desk.asked(route=route) == 1, "the request that met the block was the last one"
    assert desk.captions(SECOND).status == "later"
    assert desk.asked() == asked, "nobody else asks before the block has ended"


def test_a_block_that_names_its_time_is_believed(desk):
    desk.server.faults.script("watch", ["429:retry=7200"])
    earliest = desk.captions(FIRST).earliest
    assert earliest > time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7100))


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("watch", "500"), ("watch", "404"), ("watch", "reset"), ("watch", "hang"), ("watch", "truncate"), ("watch", "empty"),
        ("player", "503"), ("player", "othervideo"), ("player", "badjson"), ("player", "nops"), ("player", "empty"),
        ("timedtext", "500"), ("timedtext", "empty"), ("timedtext", "html"), ("timedtext", "truncate"),
        ("watch", "othervideo"), ("watch", "nokey"), ("watch", "consent"), ("watch", "html"),
    ],
)  # fmt: skip
def test_a_slip_is_asked_again_at_once(desk, route, fault):
    set_video(desk, tracks=[ENGLISH])
    desk.server.faults.script(route, [fault])
    outcome = desk.captions(FIRST)
    assert outcome.status == "ok"
    assert outcome.data["segments"][0]["text"] == "They came at night."
    assert desk.asked(route=route) == 2
    assert desk.asked() == 4, "what had arrived whole was not asked for again"


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("watch", "500*"), ("player", "404*"), ("player", "othervideo*"), ("timedtext", "truncate*"),
        ("timedtext", "empty*"), ("timedtext", "html*"), ("watch", "reset*"),
    ],
)  # fmt: skip
def test_a_fault_that_stays_is_for_later_and_the_next_run_asks_the_rest(desk, route, fault):
    set_video(desk, tracks=[ENGLISH])
    desk.server.faults.script(route, [fault])
    outcome = desk.captions(FIRST)
    assert (outcome.status, outcome.earliest) == ("later", None)
    before = {name: desk.asked(route=name) for name in ("watch", "player")}
    desk.server.faults.script(route, ["ok"])
    assert desk.captions(FIRST).status == "ok"
    kept = [name for name in ("watch", "player") if name != route and before[name]]
    assert all(desk.asked(route=name) == before[name] for name in kept)


def test_three_empty_answers_in_a_row_are_a_block(desk):
    set_video(desk, tracks=[ENGLISH])
    desk.server.youtube.videos["ccccccccccc"] = Video("ccccccccccc", "Three", tracks=[ENGLISH])
    desk.server.faults.script("timedtext", ["empty*"])
    assert [desk.captions(video).earliest is None for video in (FIRST, SECOND)] == [True, True]
    outcome = desk.captions("ccccccccccc")
    assert outcome.earliest is not None
    assert "3 times in a row" in outcome.reasons[0]


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("watch", "nokey*"),
        ("player", "nops*"),
        ("player", "badjson*"),
        ("watch", "consent*"),
        ("watch", "400*"),
    ],
)
def test_a_site_that_has_changed_is_no_outcome(desk, route, fault):
    set_video(desk, tracks=[ENGLISH])
    desk.server.faults.script(route, [fault])
    desk.candidates(FIRST)
    done = desk.finished("fetch_captions", *desk.captions_arguments())
    assert done.returncode != 0
    assert "install its newest version" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (desk.folder / "results/fetch_captions/1.json").exists()


def test_the_daily_budget_is_for_later_until_midnight(desk):
    desk.captions(SECOND, settings={"visits_per_day": 1})
    set_video(desk, tracks=[ENGLISH])
    outcome = desk.captions(FIRST, settings={"visits_per_day": 1})
    assert outcome.status == "later"
    assert outcome.earliest.endswith("T00:00:00Z")
    assert not desk.asked(video=FIRST)


def test_cookies_are_sent_and_left_alone(desk):
    cookies = desk.folder / "cookies.txt"
    text = "# Netscape HTTP Cookie File\n.youtube.com\tTRUE\t/\tTRUE\t2147483647\tLOGIN\tabc\n"
    cookies.write_text(text)
    assert desk.captions(SECOND, settings={"cookies": "cookies.txt"}).status == "ok"
    assert cookies.read_text() == text
    desk.candidates(FIRST)
    done = desk.finished("fetch_captions", *desk.captions_arguments(), settings={"cookies": "none.txt"})
    assert "none.txt is missing; correct web.cookies" in done.stderr


SEARCH = '{"id": "1", "title": "Usual Suspects, The", "year": 1995, "trailer": null, "media": null}'


def find(desk: Desk, movie: str = SEARCH, sources: tuple[str, ...] = ("table", "search")) -> Outcome:
    return desk.run("find_trailer", "--movie", movie, "--media", "--sources", *sources, "--table")


def test_the_search_is_made_once_and_every_result_is_recorded(desk):
    desk.server.youtube.videos = {
        video.id: video
        for video in [
            Video(FIRST, "The Usual Suspects (1995) - review", duration=600),
            Video(SECOND, "The Usual Suspects Official Trailer #1 - (1995) HD", duration=147),
            Video("ccccccccccc", "The Usual Suspects Trailer 1995", live=True),
            Video("ddddddddddd", "The Usual Suspects trailer 1995 #shorts", duration=50, short=True),
        ]
    }
    outcome = find(desk)
    assert [candidate["video"] for candidate in outcome.data["candidates"]] == [SECOND, "ddddddddddd"]
    considered = {entry["id"]: entry["refused"] for entry in outcome.source["considered"]}
    assert considered[FIRST] == "it is 600 s long"
    assert "live" in considered["ccccccccccc"]
    assert desk.asked(route="search") == desk.asked() == 1
    find(desk)
    assert desk.asked() == 1


def test_nothing_convincing_is_absent_and_not_the_first_hit(desk):
    desk.server.youtube.videos = {FIRST: Video(FIRST, "Unusual Suspects full movie", duration=5000)}
    outcome = find(desk)
    assert outcome.status == "absent"
    assert outcome.reasons[0].startswith("no convincing trailer among 1 results")


def test_an_empty_search_is_absent(desk):
    desk.server.youtube.videos = {}
    assert find(desk).reasons[0].startswith("no convincing trailer among 0 results")


@pytest.mark.parametrize("fault", ["badjson*", "html*", "500*", "truncate*", "empty*", "reset*"])
def test_a_search_that_is_not_whole_is_for_later_and_never_absent(desk, fault):
    desk.server.faults.script("search", [fault])
    outcome = find(desk)
    assert (outcome.status, outcome.earliest) == ("later", None)
    assert desk.asked(route="search") == 3
    desk.server.faults.script("search", ["ok"])
    assert find(desk).status == "absent"


@pytest.mark.parametrize("fault", ["429*", "403*"])
def test_a_blocked_search_stops_at_once(desk, fault):
    desk.server.faults.script("search", [fault])
    assert find(desk).earliest is not None
    assert desk.asked() == 1


def test_the_search_is_asked_only_where_the_named_video_is_gone(desk):
    set_video(desk, status="LOGIN_REQUIRED", reason="This video is private")
    desk.server.youtube.videos[SECOND].title = "The Usual Suspects - Trailer (1995)"
    movie = json.dumps(json.loads(SEARCH) | {"trailer": f"https://youtu.be/{FIRST}"})
    assert [entry["kind"] for entry in find(desk, movie).data["candidates"]] == ["youtube", "source"]
    assert desk.asked(route="search") == 0
    outcome = desk.run("fetch_captions", *desk.captions_arguments())
    assert (outcome.status, outcome.source["video"]) == ("ok", SECOND)
    assert desk.asked(route="search") == 1


def test_a_name_of_tmdb_that_would_be_a_path_deletes_nothing(desk, monkeypatch):
    """The visit of such a key was the folder of the results, and a video that is gone settles its visit."""
    monkeypatch.setenv("TMDB_API_KEY", "secret-of-tmdb")
    key = "x/../../../../../results/merge_summaries"
    films = [{"id": 629, "title": "The Usual Suspects", "release_date": "1995-07-19"}]
    videos = [{"site": "YouTube", "type": "Trailer", "key": name} for name in (key, SECOND)]
    apis = desk.server.apis
    apis.add("api.themoviedb.org", "/3/search/movie", json_answer({"results": films}))
    apis.add("api.themoviedb.org", "/3/movie/629/videos", json_answer({"results": videos}))
    table = desk.folder / "results" / "merge_summaries" / "summaries.parquet"
    table.parent.mkdir(parents=True)
    table.write_text("x")
    found = find(desk, sources=("tmdb",))
    assert [candidate["video"] for candidate in found.data["candidates"]] == [SECOND]
    assert found.source["considered"] == [
        {"id": key, "from": "tmdb", "refused": "its id is none of a YouTube video"}
    ]
    desk.candidates(key)  # as an earlier version wrote it
    outcome = desk.run("fetch_captions", *desk.captions_arguments())
    assert (outcome.status, outcome.reasons) == ("absent", (f"{key!r} is no id of a YouTube video",))
    assert desk.run("fetch_audio", *desk.audio_arguments()).status == "absent"
    assert table.read_text() == "x"


def test_a_trailer_that_is_no_video_is_named_with_its_movie(desk):
    movie = json.dumps(json.loads(SEARCH) | {"trailer": "https://example.com/x"})
    done = desk.finished("find_trailer", "--movie", movie, "--media", "--sources", "table", "--table")
    assert "Movie 1: the trailer 'https://example.com/x' is no YouTube video" in done.stderr
