"""Whether a movie's job may ask a site."""

from __future__ import annotations

import pytest

from trailerflow.planning.web import (
    asks_for_synopsis,
    asks_for_trailer,
    audio_limits,
    refresh_time,
    synopsis_sources,
)


@pytest.mark.parametrize(
    ("sources", "named", "asks"),
    [
        ([], "https://youtu.be/abcdefghijk", False),
        (["table"], None, False),
        (["table"], "", False),
        (["table"], "https://youtu.be/abcdefghijk", True),
        (["search"], None, True),
        (["table", "tmdb"], None, True),
    ],
)
def test_a_trailer_is_sought_on_the_web_where_a_source_or_the_row_names_it(sources, named, asks):
    assert asks_for_trailer(sources, named) is asks


def test_no_site_after_the_table_is_asked_for_a_synopsis_that_the_table_has():
    sources = ["omdb", "table", "wikipedia"]
    assert synopsis_sources(sources, True) == ["omdb", "table"]
    assert synopsis_sources(sources, False) == sources
    assert synopsis_sources(["wikipedia"], False) == ["wikipedia"]


def test_only_the_table_is_no_site():
    assert not asks_for_synopsis(["table"])
    assert asks_for_synopsis(["table", "omdb"]) and asks_for_synopsis(["omdb"])


def test_a_job_that_asks_nobody_knows_no_time_and_no_limits():
    when = "2026-11-01T00:00:00Z"
    assert [refresh_time(when, True), refresh_time(when, False)] == [when, ""]
    audio = {"keep": True, "seconds": 600, "megabytes": 50}
    assert audio_limits(audio, True) == '{"seconds": 600, "megabytes": 50}'
    assert audio_limits(audio, False) == '{"seconds": 0, "megabytes": 0}'
