"""The closing summary: movies by outcome, models, tokens, seconds by stage, and where the report is."""

from __future__ import annotations

import fnmatch
import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from snakemake_logger_plugin_trailerflow.jobs import JobBook
from snakemake_logger_plugin_trailerflow.progress import duration
from trailerflow.register import (
    MAKE_REPORT,
    MERGE_SUMMARIES,
    PREPARE_TRANSCRIPT,
    STAGES,
    SUMMARISE_MOVIE,
    in_order_of_data,
)

ABOUTS = tuple(
    f"results/{folders}/{name}" for folders in ("*", "*/*") for name in ("about.json", "*.about.json")
)
"""How tables were made: of one table, of several in a folder, and of those of a rule with folders of its own."""

STATUSES = ("ok", "absent", "failed", "later")


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


@dataclass(frozen=True)
class Results:
    """The documents of a run in its folder, and which of them an earlier run made; arguments as in ``closing_summary``."""

    folder: Path
    book: JobBook | None
    outputs: Collection[str] | None

    def documents(self, *patterns: str) -> Iterator[tuple[bool, dict[str, Any]]]:
        """JSON objects by their paths' patterns, each after whether an earlier run made it.

        One that is gone or damaged is left out: to make it again is Snakemake's part.
        """
        for path in sorted(path for pattern in patterns for path in self._paths(pattern)):
            try:
                document = json.loads((self.folder / path).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(document, dict):
                yield self.is_earlier(path), document

    def is_earlier(self, path: str) -> bool:
        """Whether no job of this run made a file; its time says little, since it can be touched or copied."""
        return self.book is None or path not in self.book.made

    def _paths(self, pattern: str) -> list[str]:
        if self.outputs is None:
            return [path.relative_to(self.folder).as_posix() for path in self.folder.glob(pattern)]
        # fnmatch's * crosses folders.
        depth = pattern.count("/")
        return [path for path in fnmatch.filter(self.outputs, pattern) if path.count("/") == depth]


def closing_summary(
    folder: Path, book: JobBook | None, outputs: Collection[str] | None, now: float
) -> list[str]:
    """Lines that close a run.

    Args:
        folder: The project's folder.
        book: The jobs of this run; None when nothing was to be done.
        outputs: The files that this run's targets need, relative to the folder, whichever run made them: no document of a
            movie, model or prompt that is no longer asked for counts. None counts all that lies in ``results``.
        now: Seconds of the epoch.
    """
    results = Results(folder, book, outputs)
    transcripts, summaries, usage = OutcomeCount(), OutcomeCount(), Usage()
    for _, document in results.documents(PREPARE_TRANSCRIPT.glob):
        transcripts.add(document)
    for is_earlier, document in results.documents(SUMMARISE_MOVIE.glob):
        summaries.add(document)
        _add_summary_usage(usage, document, is_earlier)
    for is_earlier, document in results.documents(*ABOUTS):
        _add_note_usage(usage, document, is_earlier)
    rows = [
        ("transcripts", str(transcripts)),
        ("summaries", str(summaries)),
        ("waiting", _waiting(transcripts.waiting_for + summaries.waiting_for)),
        ("models", ", ".join(sorted(usage.models))),
        ("tokens", str(usage) if usage.requests else ""),
        ("report", _report(results, book)),
    ]
    lines = ["", _heading(book, now)] if book else [""]
    lines += [f"  {name:<12} {text}" for name, text in rows if text]
    if book and book.stage_clocks and not book.only_touches:
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
    if book.only_touches:
        return f"The files that there are of {book.total} jobs were touched in {spent}; nothing was made."
    done, failed = sum(book.done.values()), len(book.failed_jobs)
    return f"{done} of {book.total} jobs done in {spent}" + (f", {failed} failed." if failed else ".")


def _stage_lines(book: JobBook, now: float) -> Iterator[str]:
    for stage, rules in STAGES.items():
        if stage not in book.stage_clocks:
            continue
        ran = sorted((rule for rule in rules if rule in book.clocks), key=in_order_of_data)
        by_rule = ", ".join(f"{rule} {book.clocks[rule].seconds(now):.1f}" for rule in ran)
        yield f"    {stage:<16} {book.stage_clocks[stage].seconds(now):>8.1f}   {by_rule}"


def _report(results: Results, book: JobBook | None) -> str:
    path = results.folder / MAKE_REPORT.output
    if not path.exists():
        return ""
    unfinished = book is not None and sum(book.done.values()) < book.total
    unwanted = results.outputs is not None and MAKE_REPORT.output not in results.outputs
    is_old = results.is_earlier(MAKE_REPORT.output) and (unfinished or unwanted)
    return f"{path} (of an earlier run)" if is_old else str(path)


def _add_summary_usage(usage: Usage, document: dict[str, Any], earlier: bool) -> None:
    made_by, source = document.get("made_by") or {}, document.get("source") or {}
    # An outcome that was passed on asked no model.
    for answer in source.get("usages") or []:
        usage.add(answer, requests=1, earlier=earlier)
        if made_by.get("model"):
            usage.models.add(str(made_by["model"]))


def _add_note_usage(usage: Usage, note: dict[str, Any], earlier: bool) -> None:
    for model in note.get("models") or []:
        name = (model.get("name") or model.get("model")) if isinstance(model, dict) else model
        if name:
            usage.models.add(str(name))
    if note.get("rule") == MERGE_SUMMARIES.name:
        return  # the summaries' tokens are counted document by document
    for row in note.get("usage") or []:
        usage.add(row, requests=int(row.get("requests") or 0), earlier=earlier)


def _readable_time(moment: str) -> str:
    """A time of an outcome document to the minute, in UTC as it is written there."""
    try:
        return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return moment
