"""Visits that go on, hold nothing secret and remove nothing but themselves; parts of JSON that are what they ought to be."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.times import utc_time
from trailerflow.web.access import WebAccess
from trailerflow.web.parts import number_of, records_of, seconds_of, text_of
from trailerflow.web.visit import LIFETIME_SECONDS, Exchange, Visit, needed_headers
from unit.api_sites import web_access

REQUEST = {"url": "https://example.org/watch", "query": {"v": "1"}}
EXCHANGE = Exchange("https://example.org/watch?v=1", 200, {"Content-Type": "text/html"}, b"<html>\n\x00\xff")
COOKIE = {"Set-Cookie": "SID=abc", "set-cookie": "SID=abc", "X-Key": "abc"}


def kept_exchange(folder: Path) -> Path:
    Visit(folder, "visit").put(REQUEST, EXCHANGE)
    (file,) = (folder / "visit").iterdir()
    return file


def test_a_visit_goes_on_with_what_it_was_answered_until_it_is_settled(tmp_path):
    visit = Visit(tmp_path, "visit")
    assert visit.get(REQUEST) is None
    kept_exchange(tmp_path)
    assert visit.get(REQUEST) == EXCHANGE
    assert visit.get(REQUEST | {"query": {"v": "2"}}) is None
    visit.settle()
    assert visit.get(REQUEST) is None
    assert not visit.folder.exists()
    visit.settle()


def test_a_visits_answer_expires(tmp_path):
    file = kept_exchange(tmp_path)
    old = time.time() - LIFETIME_SECONDS - 1
    os.utime(file, (old, old))
    assert Visit(tmp_path, "visit").get(REQUEST) is None


def test_a_visit_holds_no_cookies_and_is_for_the_owner_alone(tmp_path):
    visit = Visit(tmp_path / "visits", "one")
    secret = {**EXCHANGE.headers, **COOKIE, "Location": "/?key=abc"}
    visit.put(REQUEST, Exchange(EXCHANGE.url, 200, secret, EXCHANGE.body))
    assert visit.get(REQUEST) == EXCHANGE
    (file,) = visit.folder.iterdir()
    assert b"abc" not in file.read_bytes()
    assert [path.stat().st_mode & 0o777 for path in (file, visit.folder, tmp_path / "visits")] == [
        0o600, 0o700, 0o700,
    ]  # fmt: skip


def test_of_an_answers_headers_those_are_held_that_somebody_looks_at():
    needed = {"Content-Type": "text/html", "Retry-After": "9", "Location": "/"}
    packed = {"Content-Encoding": "gzip", "Content-Length": "3", "Transfer-Encoding": "chunked"}
    assert (
        needed_headers({**{name.lower(): value for name, value in needed.items()}, **packed, **COOKIE})
        == needed
    )


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "/etc", "a/../../b", "captions-x/../../y", ".x", "-x", "a.b", "a b", "ä", "a\n", "a\0",
     "a" * 129, "captions-x/../../../../../results/merge_summaries"],
)  # fmt: skip
def test_a_name_that_is_no_part_of_a_path_is_no_visits(tmp_path, name):
    with pytest.raises(ValueError, match="cannot be the name of a visit"):
        web_access(tmp_path).visit(name)


def test_a_visit_lies_among_the_visits(tmp_path):
    for name in ("captions-_-aA0_-bB1_", "audio-0123456789a", "v1-" + "0" * 64):
        assert web_access(tmp_path).visit(name).folder == tmp_path / "cache/visits" / name


def test_a_visit_that_is_a_link_to_another_place_removes_nothing(tmp_path):
    results = tmp_path / "results"
    results.mkdir()
    (results / "table.parquet").write_text("x")
    visits = tmp_path / "cache" / "visits"
    visits.mkdir(parents=True)
    (visits / "one").symlink_to(results)
    with pytest.raises(
        TrailerflowError, match=r"leads out of .*visits, so nothing is removed there; delete this link"
    ):
        Visit(visits, "one").settle()
    assert (results / "table.parquet").exists()
    assert (visits / "one").is_symlink()


def test_a_link_in_a_visit_is_removed_and_not_what_it_leads_to(tmp_path):
    results = tmp_path / "results"
    results.mkdir()
    (results / "table.parquet").write_text("x")
    (tmp_path / "visits" / "one").mkdir(parents=True)
    (tmp_path / "visits" / "one" / "link").symlink_to(results)
    (tmp_path / "visits" / "other").mkdir()
    Visit(tmp_path / "visits", "one").settle()
    assert [path.name for path in (tmp_path / "visits").iterdir()] == ["other"]
    assert (results / "table.parquet").exists()


def test_visits_may_lie_behind_a_link(tmp_path):
    (tmp_path / "scratch").mkdir()
    (tmp_path / "visits").symlink_to(tmp_path / "scratch")
    visit = Visit(tmp_path / "visits", "one")
    visit.put(REQUEST, EXCHANGE)
    visit.settle()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_the_pace_of_youtube_is_the_users(tmp_path):
    settings = {
        "pause_seconds": 0,
        "visits_per_day": 1,
        "blocked_minutes": 7,
        "cookies": None,
        "contact": None,
    }
    web = WebAccess.from_json(
        json.dumps(settings), "2026-01-01T00:00:00Z", cache=tmp_path / "c", run=tmp_path / "r"
    )
    web.youtube_pace().take_turn()
    with pytest.raises(LaterError, match=r"the visits of this day to youtube\.com are spent"):
        web.youtube_pace().take_turn()
    before = time.time()
    earliest = web.youtube_pace().block("429").earliest
    assert utc_time(before + 420) <= earliest <= utc_time(time.time() + 422)
    assert (tmp_path / "r" / "pace" / "youtube.com.json").exists()
    slow = replace(web, pause_seconds=9.0, run=tmp_path / "slow")
    slow.youtube_pace().take_turn()
    state = json.loads((tmp_path / "slow" / "pace" / "youtube.com.json").read_text())
    assert before + 9 <= state["next_visit"] <= time.time() + 9
    web.answers("apis").put({"a": 1}, 2)
    assert web.answers("apis").get({"a": 1}).answer == 2
    assert replace(web, refresh_before="2999-01-01T00:00:00Z").answers("apis").get({"a": 1}) is None


def test_settings_that_cannot_be_used_are_not_repeated(tmp_path):
    for text in ('{"contact": "ada@example.org"}', '["ada@example.org"', '{"ada": 1}', "1"):
        with pytest.raises(TrailerflowError, match="The web settings cannot be used") as caught:
            WebAccess.from_json(text, None, cache=tmp_path, run=tmp_path)
        assert "ada@" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text", "number", "seconds"),
    [
        ("a", "a", None, None),
        ("a" * 20_000, "a" * 10_000, None, None),
        (1, "", 1, 1),
        (2**53 - 1, "", 2**53 - 1, 604_800.0),
        (2**53, "", None, 604_800.0),
        (0, "", None, None),
        (-1, "", None, None),
        (True, "", None, None),
        (1.5, "", None, 1.5),
        (604_800.0, "", None, 604_800.0),
        (float("nan"), "", None, None),
        (float("inf"), "", None, 604_800.0),
        (-float("inf"), "", None, None),
        (10**400, "", None, 604_800.0),
        (None, "", None, None),
        ([1], "", None, None),
        ({"a": 1}, "", None, None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_part_that_is_not_what_it_ought_to_be_is_none(value, text, number, seconds):
    assert (text_of(value), number_of(value), seconds_of(value)) == (text, number, seconds)
    assert records_of({"a": {}}) == []
    assert records_of([value, {"b": 1}, "c"]) == [
        part for part in (value, {"b": 1}) if isinstance(part, dict)
    ]


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole + b"x",
        lambda whole: b"",
        lambda whole: b"[1]\n",
        lambda whole: b"[" * 100_000,
    ],
)
def test_a_visits_damaged_answer_is_refused(tmp_path, damage):
    file = kept_exchange(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    assert Visit(tmp_path, "visit").get(REQUEST) is None
