"""The closing summary: movies by outcome, models, tokens, seconds by stage, and where the report is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from snakemake_logger_plugin_trailerflow.jobs import JobBook
from snakemake_logger_plugin_trailerflow.progress import duration
from snakemake_logger_plugin_trailerflow.stages import STAGES, in_order_of_data

STATUSES = ("ok", "absent", "failed", "later")
REPORT = Path("results/report/index.html")
# Its note would count the summaries' tokens again, which are counted document by document.
COUNTED_BY_DOCUMENT = "merge_summaries"


@dataclass
class OutcomeCount:
    """Outcome documents of one rule by status; of the ``later`` ones the reasons and the earliest time of asking again."""

    statuses: Counter[str] = field(default_factory=Counter)
    waiting_for: Counter[str] = field(default_factory=Counter)
    earliest: str | None = None

    def add(self, document: dict[str, Any]) -> None:
        """Count one document."""
        self.statuses[str(document.get("status"))] += 1
        if document.get("status") != "later":
            return
        self.waiting_for.update(list(document.get("reasons") or [])[:1])
        earliest = document.get("earliest")
        if earliest and (not self.earliest or earliest < self.earliest):
            self.earliest = str(earliest)

    def __str__(self) -> str:
        text = " · ".join(f"{self.statuses[status]} {status}" for status in STATUSES if self.statuses[status])
        return f"{text} (asked again from {_readable_time(self.earliest)})" if self.earliest else text


@dataclass
class Usage:
    """Models that made the results, and what their answers cost."""

    models: set[str] = field(default_factory=set)
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def add(self, usage: dict[str, Any], requests: int, earlier: bool) -> None:
        """Add the usage of one answer or of one rule's answers, which an earlier run may have written."""
        self.requests += requests
        self.cached += requests if earlier else int(usage.get("cached") or 0)
        self.prompt_tokens += int(usage.get("prompt_tokens") or 0)
        self.completion_tokens += int(usage.get("completion_tokens") or 0)

    def __str__(self) -> str:
        return (
            f"{self.prompt_tokens:,} read · {self.completion_tokens:,} written, in {self.requests:,} answers "
            f"({self.cached:,} of them kept from an earlier run)"
        )


def closing_summary(folder: Path, book: JobBook | None, now: float) -> list[str]:
    """Lines that close a run.

    Args:
        folder: The project's folder. What lies in its ``results`` is counted, whichever run made it.
        book: The jobs of this run; None when nothing was to be done.
        now: Seconds of the epoch.
    """
    transcripts, summaries, usage = OutcomeCount(), OutcomeCount(), Usage()
    for _, document in _documents(sorted((folder / "results/prepare_transcript").glob("*.json"))):
        transcripts.add(document)
    for path, document in _documents(sorted((folder / "results/summarise_movie").rglob("*.json"))):
        summaries.add(document)
        _add_summary_usage(usage, document, _is_earlier(path, book))
    for path, document in _documents(_notes(folder)):
        _add_note_usage(usage, document, _is_earlier(path, book))
    rows = [
        ("transcripts", str(transcripts)),
        ("summaries", str(summaries)),
        ("waiting", _waiting(transcripts.waiting_for + summaries.waiting_for)),
        ("models", ", ".join(sorted(usage.models))),
        ("tokens", str(usage) if usage.requests else ""),
        ("report", _report(folder, book)),
    ]
    lines = ["", _heading(book, now)] if book else [""]
    lines += [f"  {name:<12} {text}" for name, text in rows if text]
    if book and book.stage_clocks:
        lines += [
            "  seconds by stage, while at least one of its jobs ran (stages overlap)",
            *_stage_lines(book, now),
        ]
    return lines if len(lines) > 1 else []


def _waiting(reasons: Counter[str]) -> str:
    """Why most of the movies wait that wait: a block is told once, not a movie at a time."""
    if not reasons:
        return ""
    reason, number = reasons.most_common(1)[0]
    others = f"; {len(reasons) - 1} other reasons" if len(reasons) > 1 else ""
    return f"{number} because {reason}{others}; the same command asks them again"


def _heading(book: JobBook, now: float) -> str:
    spent = duration(now - book.first_start) if book.first_start is not None else "0 s"
    done, failed = sum(book.done.values()), sum(book.failed.values())
    return f"{done} of {book.total} jobs done in {spent}" + (f", {failed} failed." if failed else ".")


def _stage_lines(book: JobBook, now: float) -> Iterator[str]:
    for stage, rules in STAGES.items():
        if stage not in book.stage_clocks:
            continue
        ran = sorted((rule for rule in rules if rule in book.clocks), key=in_order_of_data)
        by_rule = ", ".join(f"{rule} {book.clocks[rule].seconds(now):.1f}" for rule in ran)
        yield f"    {stage:<16} {book.stage_clocks[stage].seconds(now):>8.1f}   {by_rule}"


def _report(folder: Path, book: JobBook | None) -> str:
    path = folder / REPORT
    if not path.exists():
        return ""
    unfinished = book is not None and sum(book.done.values()) < book.total
    return f"{path} (of an earlier run)" if unfinished and _is_earlier(path, book) else str(path)


def _is_earlier(path: Path, book: JobBook | None) -> bool:
    """Whether a file was written before this run's first job."""
    if book is None or book.first_start is None:
        return True
    # A file system's clock may keep whole seconds only.
    return path.stat().st_mtime < book.first_start - 1


def _notes(folder: Path) -> list[Path]:
    results = folder / "results"
    return sorted([*results.glob("*/about.json"), *results.glob("*/*.about.json")])


def _documents(paths: Iterable[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Read JSON objects; one that is gone or damaged is left out: to make it again is Snakemake's part."""
    for path in paths:
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(document, dict):
            yield path, document


def _add_summary_usage(usage: Usage, document: dict[str, Any], earlier: bool) -> None:
    made_by, source = document.get("made_by") or {}, document.get("source") or {}
    # An outcome that was passed on asked no model.
    if isinstance(source.get("usage"), dict):
        usage.add(source["usage"], requests=1, earlier=earlier)
        if made_by.get("model"):
            usage.models.add(str(made_by["model"]))


def _add_note_usage(usage: Usage, note: dict[str, Any], earlier: bool) -> None:
    for model in note.get("models") or []:
        name = (model.get("name") or model.get("model")) if isinstance(model, dict) else model
        if name:
            usage.models.add(str(name))
    if note.get("rule") == COUNTED_BY_DOCUMENT:
        return
    for row in note.get("usage") or []:
        usage.add(row, requests=int(row.get("requests") or 0), earlier=earlier)


def _readable_time(moment: str) -> str:
    """A time of an outcome document to the minute, in UTC as it is written there."""
    try:
        return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return moment
