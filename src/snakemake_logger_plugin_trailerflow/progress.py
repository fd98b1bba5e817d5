"""The progress line: what runs, how far it is, how long it took and how long it may yet take."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from snakemake_logger_plugin_trailerflow.jobs import Estimate, JobBook
from snakemake_logger_plugin_trailerflow.stages import in_order_of_data


@dataclass(frozen=True)
class LongRule:
    """How far a rule that runs once and long says it is."""

    rule: str
    done: int
    total: int
    unit: str


def duration(seconds: float) -> str:
    """Seconds in words, in the two largest units that matter.

    >>> duration(4.4), duration(75), duration(3725)
    ('4 s', '1 min 15 s', '1 h 2 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, rest = divmod(whole, 3600)
    return f"{hours} h {rest // 60} min"


def read_long_rules(folder: Path, book: JobBook) -> dict[str, LongRule]:
    """Read what the running rules wrote to ``run/progress`` in this run.

    A file that an earlier, killed run left behind is older than the job and does not count; one that is gone
    or unreadable at this moment is left out, for the next look a second later.

    Args:
        folder: The project's ``run/progress``.
        book: The jobs of this run.
    """
    starts: dict[str, float] = {}
    for rule, start in book.running.values():
        starts[rule] = min(start, starts.get(rule, start))
    found = {}
    for rule, start in starts.items():
        path = folder / f"{rule}.json"
        try:
            # Some file systems keep whole seconds only.
            if path.stat().st_mtime < start - 1:
                continue
            document = json.loads(path.read_text(encoding="utf-8"))
            found[rule] = LongRule(rule, int(document["done"]), int(document["total"]), str(document["unit"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def progress_line(book: JobBook, long_rules: dict[str, LongRule], now: float) -> str:
    """The run in one line, such as ``summarise_movie 31/44 · 3 failed | 4 min, about 2 min to go``.

    Args:
        book: The jobs of this run.
        long_rules: Progress files of running rules, by rule.
        now: Seconds of the epoch.
    """
    seen = {rule for rule, _ in book.running.values()} | set(book.done) | set(book.failed)
    rules = [_rule_part(book, rule, long_rules.get(rule)) for rule in sorted(seen, key=in_order_of_data)]
    parts = [", ".join(part for part in rules if part)]
    parts.append(f"{sum(book.done.values())} of {book.total} jobs")
    fractions = {rule: long.done / long.total for rule, long in long_rules.items() if long.total > 0}
    parts.append(_time_part(book, book.estimate(now, fractions), now))
    return " | ".join(part for part in parts if part)


def _rule_part(book: JobBook, rule: str, long_rule: LongRule | None) -> str:
    """One rule's part of the line; empty when all its jobs are done and none failed."""
    done, failed, jobs = book.done[rule], book.failed[rule], book.planned(rule)
    if not book.running_jobs(rule) and not failed and (jobs is None or done >= jobs):
        return ""
    kept = book.up_to_date.get(rule, 0)
    text = f"{rule} {done + kept}" + ("" if jobs is None else f"/{jobs + kept}")
    if long_rule:
        steps = f"{long_rule.done}/{long_rule.total} {long_rule.unit}"
        text = f"{rule} {steps}" if jobs == 1 else f"{text} ({steps})"
    return f"{text} · {failed} failed" if failed else text


def _time_part(book: JobBook, estimate: Estimate | None, now: float) -> str:
    spent = duration(now - book.first_start) if book.first_start is not None else "0 s"
    if estimate is None:
        return spent
    return f"{spent}, {'about' if estimate.complete else 'at least'} {duration(estimate.seconds)} to go"
