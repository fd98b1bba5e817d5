"""A name from outside becomes a part of a path only where it is of its pattern; what is removed is what was made."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from loopback.apis import json_answer

from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome
from trailerflow.trailers.fetching.fetch_audio import fetch_audio
from trailerflow.trailers.fetching.fetch_captions import fetch_captions
from trailerflow.trailers.fetching.remove_audio import remove_audio
from trailerflow.trailers.finding.find_trailer import find_trailer
from trailerflow.trailers.youtube import sounds, video_id
from trailerflow.trailers.youtube.addresses import check_address, host_of, is_captcha, is_youtube
from trailerflow.trailers.youtube.audio import AudioLimits
from unit.api_sites import KEYS, tmdb_film, web_access
from unit.youtube_site import VIDEO, play

TRAVERSAL = "x/../../../../../results/merge_summaries"
NAMES = [
    TRAVERSAL,
    "../../x",
    "/etc/passwd",
    "aaaaaaaaaa",
    "aaaaaaaaaaaa",
    "aaaaaaaaaa/",
    "aaaaaaaaaa.",
    "aaaaaaaaaaa\n",
    "ääääääääää1",
    "",
]
MOVIE = Movie("1", "Heat", 1995)
REFUSED = "its id is none of a YouTube video"


@pytest.fixture
def site(server, monkeypatch):
    play(server, monkeypatch)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def results(tmp_path):
    """A folder that nothing here may touch, where the traversal leads."""
    folder = tmp_path / "results" / "merge_summaries"
    folder.mkdir(parents=True)
    (folder / "summaries.parquet").write_text("years of work")
    yield folder
    assert (folder / "summaries.parquet").read_text() == "years of work"


def web_of(folder: Path) -> Any:
    """A way to the web whose visits lie as deep as those of a project."""
    return web_access(folder / "resources")


def tmdb(site: Any, *keys: Any) -> None:
    """Let TMDB list videos with these keys."""
    listed = [
        {"site": "YouTube", "type": "Trailer", "key": key, "name": "Heat", "iso_639_1": "en"} for key in keys
    ]
    site.apis.add(
        "api.themoviedb.org",
        "/3/search/movie",
        json_answer({"results": [tmdb_film(1, "Heat", "1995-12-15")]}),
    )
    site.apis.add("api.themoviedb.org", "/3/movie/1/videos", json_answer({"results": listed}))


def captions(trailer: Outcome, folder: Path) -> Outcome:
    return fetch_captions(trailer, ["en"], web=web_of(folder))


def audio(trailer: Outcome, told: Outcome, folder: Path) -> Outcome:
    return fetch_audio(
        trailer, told, AudioLimits(30, 1), web=web_of(folder), is_transcribed=lambda sha256: False
    )


@pytest.mark.parametrize("name", [*NAMES, None, 5, [VIDEO], {"a": 1}], ids=str)
def test_a_key_of_tmdb_that_is_no_video_is_left_out_with_a_reason(site, tmp_path, results, name):
    tmdb(site, name, VIDEO)
    trailer = find_trailer(MOVIE, [], ["tmdb"], web=web_of(tmp_path))
    assert [candidate["video"] for candidate in trailer.data["candidates"]] == [VIDEO]
    shown = name if isinstance(name, str) else ""
    assert trailer.source["considered"] == [{"id": shown, "from": "tmdb", "refused": REFUSED}]
    assert captions(trailer, tmp_path).source["video"] == VIDEO


def test_where_tmdb_has_no_key_that_is_one_the_next_source_is_asked(site, tmp_path, results):
    tmdb(site, TRAVERSAL)
    trailer = find_trailer(MOVIE, [], ["tmdb"], web=web_of(tmp_path))
    assert (trailer.status, trailer.reasons[0]) == ("absent", "TMDB has no trailer of it")
    site.youtube.videos[VIDEO].title = "Heat (1995) Official Trailer"
    trailer = find_trailer(MOVIE, [], ["tmdb", "search"], web=web_of(tmp_path))
    assert [candidate["from"] for candidate in trailer.data["candidates"]] == ["search"]
    assert [(entry["id"], entry["refused"]) for entry in trailer.source["considered"]] == [
        (TRAVERSAL, REFUSED), (VIDEO, ""),
    ]  # fmt: skip


@pytest.mark.parametrize("name", [*NAMES, None], ids=str)
def test_a_row_of_grouplens_that_is_no_video_is_left_out(tmp_path, name):
    rows = [
        {"youtube": name, "title": "Heat", "match": "m"},
        {"youtube": VIDEO, "title": "Heat", "match": "m"},
    ]
    table = tmp_path / "table.json"
    table.write_text(json.dumps({"trailers": {"1": rows}}))
    trailer = find_trailer(MOVIE, [], ["grouplens"], web=web_of(tmp_path), table=table)
    assert [candidate["video"] for candidate in trailer.data["candidates"]] == [VIDEO]
    assert trailer.source["considered"][0]["refused"] == REFUSED


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_a_result_of_the_search_that_is_no_video_is_refused(site, tmp_path, results, name):
    search = site.youtube.search
    site.youtube.videos[VIDEO].title = "Heat (1995) Official Trailer"

    def strange(words: str) -> Any:
        return json.loads(json.dumps(search(words)).replace(VIDEO, json.dumps(name)[1:-1]))

    site.youtube.search = strange
    trailer = find_trailer(MOVIE, [], ["search"], web=web_of(tmp_path))
    assert (trailer.status, trailer.data) == ("absent", None)
    considered = trailer.source.get("considered", [])
    assert {entry["refused"] for entry in considered} == ({REFUSED} if name else set())


@pytest.mark.parametrize("name", [name for name in NAMES if name], ids=str)
def test_a_trailer_of_the_users_table_that_is_no_video_is_a_fault_of_the_table(tmp_path, name):
    movie = replace(MOVIE, trailer=name)
    if name.strip() == VIDEO:
        return
    with pytest.raises(TrailerflowError, match=r"Movie 1: the trailer .* is no YouTube video"):
        find_trailer(movie, [], ["table"], web=web_of(tmp_path))


@pytest.mark.parametrize("name", [*NAMES, None, 5], ids=str)
def test_a_name_in_an_outcome_is_looked_at_again(site, tmp_path, results, name):
    listed = [{"kind": "youtube", "video": video, "from": "tmdb"} for video in (name, VIDEO)]
    trailer = Outcome.ok("find_trailer", "1", {"candidates": listed})
    told = captions(trailer, tmp_path)
    assert (told.status, told.source["video"]) == ("ok", VIDEO)
    assert told.source["passed_over"] == [f"{str(name)[:40]!r} is no id of a YouTube video"]
    alone = Outcome.ok("find_trailer", "1", {"candidates": listed[:1]})
    told = captions(alone, tmp_path)
    assert (told.status, told.reasons) == ("absent", (f"{str(name)[:40]!r} is no id of a YouTube video",))
    assert audio(alone, told, tmp_path).status == "absent"
    assert audio(alone, Outcome.absent("fetch_captions", "1", "none"), tmp_path).status == "absent"
    made = {path.name for path in (tmp_path / "resources").rglob("*") if path.is_dir()}
    assert made <= {"cache", "run", "pace", "visits", "captions", *(path for path in made if len(path) == 2)}


def test_a_later_source_is_held_to_the_same(site, tmp_path, results):
    tmdb(site, TRAVERSAL)
    trailer = Outcome.ok(
        "find_trailer",
        "1",
        {
            "candidates": [
                {"kind": "source", "source": "tmdb", "movie": MOVIE.record(("id", "title", "year"))}
            ]
        },
    )
    told = captions(trailer, tmp_path)
    assert (told.status, told.reasons) == ("absent", ("TMDB has no trailer of it",))


# ---- what is removed


def fetched(path: Path, kind: str = "youtube") -> Outcome:
    data = {"path": str(path), "candidate": {"kind": kind}, "sha256": "0"}
    return Outcome.ok("fetch_audio", "1", json.loads(json.dumps(data)))  # as it is read


NOBODY_SPEAKS = Outcome.absent("transcribe_trailer", "1", "nothing is spoken in the trailer")


@pytest.mark.parametrize(
    ("name", "is_removed"),
    [
        (f"sounds/{VIDEO}.140.m4a", True),
        (f"sounds/{VIDEO}.251-drc.webm", True),
        (f"sounds/{VIDEO}.unknown.audio", True),
        (f"other/{VIDEO}.140.m4a", False),
        (f"other/sounds/{VIDEO}.140.m4a", False),
        (f"sounds/x/{VIDEO}.140.m4a", False),
        ("sounds/summaries.parquet", False),
        (f"sounds/{VIDEO}.m4a", False),
        (f"sounds/{VIDEO}.140.m4a.bak", False),
        ("results/merge_summaries/summaries.parquet", False),
    ],
)
def test_a_sound_that_was_downloaded_is_removed_and_nothing_else(tmp_path, name, is_removed):
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text("x")
    assert remove_audio(fetched(path, "audio"), [NOBODY_SPEAKS], tmp_path).status == "absent"
    assert path.exists()
    assert remove_audio(fetched(path), [NOBODY_SPEAKS], tmp_path).data == {"path": str(path)}
    assert path.exists() != is_removed
    assert (
        remove_audio(fetched(path), [NOBODY_SPEAKS], tmp_path).status == "ok"
    )  # nor where it is gone already


def test_a_sound_stays_until_everybody_has_heard_it(tmp_path):
    path = tmp_path / f"sounds/{VIDEO}.140.m4a"
    path.parent.mkdir()
    path.write_text("x")
    for reader in (Outcome.failed("a_reader", "1", "it is damaged"), Outcome.later("a_reader", "1", "busy")):
        outcome = remove_audio(fetched(path), [NOBODY_SPEAKS, reader], tmp_path)
        assert (outcome.status, outcome.reasons) == (reader.status, reader.reasons)
        assert path.exists()
    remove_audio(fetched(path), [NOBODY_SPEAKS, Outcome.ok("a_reader", "1", {})], tmp_path)
    assert not path.exists()


def test_without_a_sound_nothing_is_removed(tmp_path):
    none = Outcome.absent("fetch_audio", "1", "captions were found, so no audio is needed")
    assert remove_audio(none, [NOBODY_SPEAKS], tmp_path) == none.passed_on("remove_audio")


@pytest.mark.parametrize(
    ("suffix", "name"),
    [
        ("m4a", "m4a"), ("webm", "webm"), ("", "audio"), ("M4A", "audio"), ("a" * 9, "audio"), ("m4a\n", "audio"),
        ("../x", "audio"), (None, "audio"), (5, "audio"),
    ],
)  # fmt: skip
def test_the_name_of_a_sound_has_a_plain_end(suffix, name):
    assert sounds.sound_name(VIDEO, "140", suffix) == f"{VIDEO}.140.{name}"
    assert sounds.is_sound_of(VIDEO, f"{VIDEO}.140.{name}")


# ---- ids and addresses


@pytest.mark.parametrize(
    "text",
    [
        "http://[::1",
        "http://[youtube.com]/watch?v=aaaaaaaaaaa",
        "//[",
        "aaaaaaaaaaa\n",
        "https://youtu.be/aaaaaaaaaaa/x",
        "https://youtu.be/../aaaaaaaaaa",
        "https://www.youtube.com/watch?v=../../../../x",
    ],
)
def test_what_names_no_video_is_none(text):
    assert video_id(text) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=x", "https://youtube.com/", "https://m.youtube.com:443/", "https://consent.youtube.com/m",
        "https://consent.google.com/s", "https://rr1---sn-x.googlevideo.com/videoplayback", "HTTPS://WWW.YOUTUBE.COM/",
    ],
)  # fmt: skip
def test_youtube_is_asked(address):
    check_address(address)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("http://www.youtube.com/", "http://www.youtube.com"),
        ("https://www.youtube.com:8443/", "https://www.youtube.com:8443"),
        ("https://www.youtube.com.example/", "https://www.youtube.com.example"),
        ("https://notyoutube.com/", "https://notyoutube.com"),
        ("https://xgooglevideo.com/", "https://xgooglevideo.com"),
        ("https://www.google.com/sorry/", "https://www.google.com"),
        ("https://accounts.google.com/", "https://accounts.google.com"),
        ("https://user:pass@www.youtube.com/", "https://www.youtube.com"),
        ("https://127.0.0.1/?key=abc", "https://127.0.0.1"),
        ("ftp://www.youtube.com/", "ftp://www.youtube.com"),
        ("file:///etc/passwd", "file://"),
        ("/watch", "://"),
    ],
)
def test_nobody_else_is_asked(address, place):
    with pytest.raises(TrailerflowError) as caught:
        check_address(address)
    assert str(caught.value).startswith(f"YouTube leads to {place}, which is not YouTube's by TLS")


@pytest.mark.parametrize(
    "address", ["https://[::1", "https://www.youtube.com:99999/", "https://www.youtube.com:x/"]
)
def test_an_address_that_is_none_is_not_asked(address):
    with pytest.raises(TrailerflowError, match="names an address that is none"):
        check_address(address)


def test_the_captcha_is_known_by_its_address():
    assert is_captcha("https://www.google.com/sorry/index?continue=x")
    assert is_captcha("https://google.com/sorry/")
    assert not is_captcha("https://www.google.com/sorry")
    assert not is_captcha("https://notgoogle.com/sorry/")
    assert not is_captcha("https://www.youtube.com/sorry/")
    assert not is_captcha("https://[::1")


def test_hosts_of_youtube_are_known():
    assert [is_youtube(host) for host in ("youtube.com", "m.youtube.com", "xyoutube.com", "youtube.com.x", "")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert (host_of("https://A.Example/x"), host_of("x"), host_of("https://[::1")) == ("a.example", "", "")
