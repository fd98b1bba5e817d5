"""The report, from hand-made tables to the page, also with empty tables, waiting movies, hostile titles."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from trailerflow.reports.pages import render
from trailerflow.reports.section import Run
from trailerflow.reports.view import Page
from unit.report_frames import (
    ASKED_FILMS,
    COMPLIANCE,
    GENRE_METRICS,
    PREDICTIONS,
    RANKING_METRICS,
    SUMMARIES,
    SUMMARY_METRICS,
    SUMMARY_OUTCOMES,
    SUMMARY_SCORES,
    SYNOPSES,
    TRAILER_OUTCOMES,
    TRANSCRIPTS,
    UNRANKED,
    empty_tables,
    full_run,
    full_tables,
    page_of,
    write_run,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


class _Outline(HTMLParser):
    """Counts the tags of a page, collects its names, and checks that every tag is closed."""

    VOID = ("meta", "link", "br", "wbr", "use", "path")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.identifiers: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.identifiers += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@cache
def full_page() -> Page:
    return page_of()


@pytest.fixture(scope="module")
def full() -> str:
    return render(full_page())


def test_the_page_has_its_sections_tables_and_plots(full: str) -> None:
    outline = _Outline(full)
    assert not outline.open
    assert len(outline.identifiers) == len(set(outline.identifiers))
    # Lengths (two), genres of three parts, rankings of two sets of users and of another protocol, films by place.
    assert outline.tags.count("svg") == 9
    assert outline.tags.count("table") == outline.tags.count("caption") >= 12
    assert outline.tags.count("h1") == 1
    assert full.count('class="sample"') == 3
    for identifier in re.findall(r'href="#([^"]+)"', full):
        assert identifier in outline.identifiers


def test_the_page_needs_no_network_and_no_script(full: str) -> None:
    outline = _Outline(full)
    assert not {"script", "img", "iframe"} & set(outline.tags)
    assert not re.search(r'(src|href)="(?!#|data:)', full)
    assert "@import" not in full


def test_the_same_tables_make_the_same_page(full: str) -> None:
    assert render(page_of()) == full


def test_a_hostile_title_is_shown_and_not_run() -> None:
    page = render(page_of(full_tables("<script>alert('x')</script> & <b>")))
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &lt;b&gt; (1995)" in page


@pytest.mark.parametrize("status", ["later", "absent", "failed"])
def test_a_run_without_any_ok_movie_has_a_page(status: str) -> None:
    waiting = (TRANSCRIPTS, TRAILER_OUTCOMES, SUMMARIES, SYNOPSES, SUMMARY_OUTCOMES)
    nothing = {place: full_tables()[place].assign(status=status, reason="because") for place in waiting}
    nothing[ASKED_FILMS] = full_tables()[ASKED_FILMS].assign(status=status, reason="because")
    nothing[UNRANKED] = full_tables()[UNRANKED].assign(unranked=10, later=10 if status == "later" else 0)
    for place in (SUMMARY_METRICS, SUMMARY_SCORES, COMPLIANCE, GENRE_METRICS, RANKING_METRICS, PREDICTIONS):
        nothing[place] = empty_tables()[place]
    page = render(page_of(nothing))
    assert f"0 of 12 movies have a transcript; 12 {status}." in page
    assert ("12 movies could not be answered yet (later)" in page) == (status == "later")


def test_an_empty_run_says_so() -> None:
    page = render(page_of(empty_tables(), Run()))
    assert "0 of 0 movies have a transcript." in page
    assert "No ranker could be scored." in page
    assert "<table" not in page


def test_the_script_makes_the_page_of_files(tmp_path: Path) -> None:
    output = tmp_path / "results" / "make_report" / "index.html"
    lines, options = write_run(tmp_path)
    command = [sys.executable, str(ROOT / "scripts" / "make_report.py"), *options, "--output", str(output)]
    subprocess.run(command, input=lines, text=True, check=True)
    outline = _Outline(output.read_text(encoding="utf-8"))
    assert outline.tags.count("svg") == 9
    assert outline.tags.count("table") >= 12


def test_the_page_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "k\"13579024680'&"
    monkeypatch.setenv("SOME_API_KEY", key)
    run = full_run()
    outcomes = full_tables()[SUMMARY_OUTCOMES].copy()
    failed = outcomes.index[outcomes["rule"] == "summarise_movie"][0]
    outcomes.loc[failed, ["status", "reason"]] = ["failed", f"401: {key} at https://a.b?api_key=zzz1"]
    summaries = full_tables()[SUMMARIES].assign(summary=f"Told {key}.")
    about = {
        **run.abouts[0], "notes": [f"noted {key} as Bearer zzz2zzz2zzz2"],
        "models": [{"name": "m", "hash": "h", "api_key": "zzz3", "address": "https://a.b?key=zzz4"}],
    }  # fmt: skip
    entry = {
        "name": "m",
        "base_url": "https://a.b/v1?api-key=zzz5&x=${NAME}",
        "parameters": {"api_key": "zzz6", "top_p": 1},
    }
    config: dict[str, Any] = {"reports": {"examples": 3}, "models": {"llm": [entry]}}
    config |= {"web": {"contact": "me-myself@example.org", "cookies": None}}
    told = Run(config=config, prompts=run.prompts, abouts=(about, *run.abouts))
    page = render(page_of({SUMMARY_OUTCOMES: outcomes, SUMMARIES: summaries}, told))
    assert not re.findall(".{0,60}(?:zzz.|13579024680|me-myself).{0,60}", page)
    for words in (
        "401: [secret] at https://a.b?api_key=[secret]",
        "Told [secret].",
        "noted [secret] as Bearer [secret]",
        "top_p: 1",
    ):
        assert words in page
    assert "base_url: https://a.b/v1?api-key=[secret]&amp;x=${NAME}" in page
    assert "contact: set\n" in page
