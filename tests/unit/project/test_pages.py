"""The pages point to what is there, and every decision is a page of one form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
_PATH = re.compile(
    r"(?:^|[`\s])((?:benchmarks|config|docs|envs|profiles|report|resources|rules|scripts|src|tests|workflow)/[\w./-]*\w/?)(?=[`\s])",
    re.MULTILINE,
)
_MADE = ("resources/models", "resources/downloads", "resources/cache")
"""Folders of a checkout that a run makes."""
_TITLE = re.compile(r"# (\d+)\. (.+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(page):
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_of_the_checkout_that_is_named_is_there(page):
    text = page.read_text(encoding="utf-8")
    named = [path.rstrip("/") for path in _PATH.findall(text)] if page.name != "CHANGELOG.md" else []
    assert [path for path in named if not (ROOT / path).exists() and not path.startswith(_MADE)] == []


def test_the_readme_leads_to_every_page():
    linked = {
        (ROOT / link).resolve() for link in _LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    }
    assert set((ROOT / "docs").glob("*.md")) - linked == set()


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_number_and_four_parts(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    title = _TITLE.fullmatch(lines[0])
    assert title
    assert int(title[1]) == int(page.name[:4])
    assert [line for line in lines if line.startswith("## ")] == [
        "## Context",
        "## Decision",
        "## Consequence",
        "## Measured",
    ]


def test_decisions_are_numbered_without_a_gap_and_the_index_names_all():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    titles = [_TITLE.fullmatch(page.read_text(encoding="utf-8").splitlines()[0]) for page in DECISIONS]
    rows = [
        f"| {title[1]} | [{title[2]}]({page.name}) |"
        for title, page in zip(titles, DECISIONS, strict=True)
        if title
    ]
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in index if line.startswith("| ") and line != "| | decision |"] == rows


OF_THE_HOUSE = {"architecture.md", "configuration.md"}
"""Pages of another form: the plan of the code, and the table of all keys."""

PARTS = ["## How to use it", "## What it means", "## What was not tried live"]


@pytest.mark.parametrize(
    "page",
    [page for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in OF_THE_HOUSE],
    ids=lambda page: page.stem,
)
def test_a_page_for_users_has_its_parts_in_one_order(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert [line for line in text.splitlines() if line.startswith("## ")] == PARTS
