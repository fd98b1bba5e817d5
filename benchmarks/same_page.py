"""Whether two pages of the report say the same: the lines of visible text that one of them has and the other has not.

Only what is read counts: texts, cells and the words of drawings, not how they are laid out. How long work took differs from
run to run, so times are taken for equal. What was renamed on purpose is declared in `RENAMED`; the configuration of the run,
which the page holds as it is, is left out by `--without`.

    python benchmarks/same_page.py BEFORE AFTER --without "The configuration of this run"

The status is 1 where the pages differ.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from trailerflow.program import run

RENAMED: dict[str, str] = {
    "docs/ratings.md": "docs/judging.md",
    "tune_encoder": "train_encoder",
    "rank_llm": "rank_films",
    "the users drawn for the LLM": "the users drawn for the LLM (this_run, temporal)",
    "for all test users": "for all test users (this_run, temporal)",
}
"""Words of the older page and what they are in the newer one."""

_LINES = frozenset(
    (
        "title", "h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "tr", "figcaption", "desc", "text",
        "summary", "pre", "section", "details",
    )
)  # fmt: skip
"""Elements that begin a line of their own."""

_TIME = re.compile(r"\b\d+ h \d+ min\b|\b\d+ min \d+ s\b|\b\d+\.\d s\b")


class _Visible(HTMLParser):
    """Collects the text of a page, a line for each element that is read as one."""

    def __init__(self, without: frozenset[str]) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self._without = without
        self._hidden = 0
        self._leave_out = False
        self._is_verbatim = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag == "style"
        if tag in _LINES:
            self.lines.append("")
        elif tag in ("td", "th"):
            self.lines[-1] += " | "
        if tag == "pre":
            self._is_verbatim = True
            self._leave_out = " ".join(self.lines[-3:]).strip() in self._without

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"
        if tag == "pre":
            self._is_verbatim = self._leave_out = False
        if tag in _LINES:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self._hidden or self._leave_out:
            return
        first, *more = data.splitlines() if self._is_verbatim else [data]
        self.lines[-1] += first
        self.lines += more


def visible(page: str, without: Iterable[str] = ()) -> list[str]:
    """The lines of text that a reader of a page sees.

    Args:
        page: The page's HTML.
        without: Headings of folded texts that are left out.

    >>> visible("<style>p {}</style><h2>Genres</h2><table><tr><th>a</th><td>.5  [.4, .6]</td></tr></table>")
    ['Genres', '| a | .5 [.4, .6]']
    """
    reader = _Visible(frozenset(without))
    reader.feed(page)
    lines = (" ".join(line.split()) for line in reader.lines)
    return [line for line in lines if line]


def differences(before: str, after: str, without: Iterable[str] = ()) -> list[str]:
    """Lines that only one of two pages has: with ``-`` those of the older, with ``+`` those of the newer one.

    Args:
        before: The older page's HTML.
        after: The newer page's HTML.
        without: Headings of folded texts that are left out of both.
    """
    old, new = ([_TIME.sub("(time)", line) for line in visible(page, without)] for page in (before, after))
    for earlier, present in RENAMED.items():
        old = [line.replace(earlier, present) for line in old]
    found = difflib.unified_diff(old, new, n=0, lineterm="")
    return [line for line in found if not line.startswith(("---", "+++", "@@"))]


def main() -> None:
    """Compare, and print the lines that differ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("before", type=Path, help="the older page")
    parser.add_argument("after", type=Path, help="the newer page")
    parser.add_argument("--without", nargs="*", default=[], help="headings of folded texts to leave out")
    arguments = parser.parse_args()
    before, after = (path.read_text(encoding="utf-8") for path in (arguments.before, arguments.after))
    found = differences(before, after, arguments.without)
    for line in found:
        print(line)
    print(
        f"{len(visible(after, arguments.without)):,} lines of text, {len(found) or 'none'} of them not as before."
    )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    run(main)
