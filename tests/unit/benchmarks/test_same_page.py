"""The comparison of two pages of the report: what counts as seen, and what differs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = """<html><head><title>Report</title><style>p { color: red }</style></head><body><h2>Genres</h2>
<p class="a">Read  this
first.</p><table><caption>F1</caption><tr><th>a</th><td class="figure">.5 <span>[.4, .6]</span></td></tr></table>
<details><summary>The configuration</summary><pre>seed: 0
words: 100</pre></details><table><tr><th>predict_genres</th><td>21.0 s</td></tr></table></body></html>"""


@pytest.fixture
def same(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import same_page

    return same_page


def test_what_is_seen_is_a_line_for_each_row_and_paragraph(same):
    assert same.visible(PAGE) == [
        "Report", "Genres", "Read this first.", "F1", "| a | .5 [.4, .6]", "The configuration", "seed: 0", "words: 100",
        "| predict_genres | 21.0 s",
    ]  # fmt: skip
    assert "seed: 0" not in same.visible(PAGE, ["The configuration"])
    assert same.visible(PAGE, ["Another"]) == same.visible(PAGE)


def test_layout_and_the_time_of_work_do_not_count(same):
    other = PAGE.replace('class="a"', "").replace("color: red", "").replace("21.0 s", "1 min 3 s")
    assert same.differences(PAGE, other) == []


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (".5 ", ".6 ", ["-| a | .5 [.4, .6]", "+| a | .6 [.4, .6]"]),
        ("<caption>F1</caption>", "", ["-F1"]),
        ("words: 100", "words: 99", ["-words: 100", "+words: 99"]),
    ],
)
def test_a_line_that_differs_is_told(same, old, new, lines):
    assert same.differences(PAGE, PAGE.replace(old, new)) == lines


def test_a_declared_name_is_no_difference(same, monkeypatch):
    other = PAGE.replace("predict_genres", "name_genres")
    assert len(same.differences(PAGE, other)) == 2
    monkeypatch.setitem(same.RENAMED, "predict_genres", "name_genres")
    assert same.differences(PAGE, other) == []


@pytest.mark.parametrize(("value", "status"), [(".5", 0), (".7", 1)])
def test_the_command_says_it_by_its_status(tmp_path, value, status):
    for name, page in (("before.html", PAGE), ("after.html", PAGE.replace(".5", value))):
        (tmp_path / name).write_text(page)
    command = [sys.executable, ROOT / "benchmarks/same_page.py", "before.html", "after.html"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    assert done.stdout.endswith("none of them not as before.\n") == (status == 0)
