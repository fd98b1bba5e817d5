"""The progress line: what runs, how far it is, how long it took and how long it may yet take."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from snakemake_logger_plugin_trailerflow.jobs import Estimate, JobBook
from trailerflow.register import in_order_of_data


@dataclass(frozen=True)
class LongRule:
    """How far a rule whose jobs are few and long says it is."""

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
    """Read what the running jobs wrote to ``run/progress`` in this run; jobs of one rule are added up.

    A file that an earlier, killed run left behind is older than the rule's first job and does not count; one that is gone
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
        parts = [part for path in folder.glob(f"{rule}.*.json") if (part := _read_part(path, rule, start))]
        if parts:
            done, total = sum(part.done for part in parts), sum(part.total for part in parts)
            found[rule] = LongRule(rule, done, total, parts[0].unit)
    return found


def _read_part(path: Path, rule: str, start: float) -> LongRule | None:
    try:
        # Some file systems keep whole seconds only.
        if path.stat().st_mtime < start - 1:
            return None
        document = json.loads(path.read_text(encoding="utf-8"))
        return LongRule(rule, int(document["done"]), int(document["total"]), str(document["unit"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def progress_line(
    book: JobBook, long_rules: dict[str, LongRule], now: float, width: int | None = None
) -> str:
    """The run in one line, such as ``summarise_movie 31/44 | 33 of 48 jobs, 3 failed | 4 min, about 2 min to go``.

    Only rules of which jobs run stand in it, those with most of them first. Where not all fits, rules are left out, and
    jobs, time and estimate stay.

    Args:
        book: The jobs of this run.
        long_rules: Progress files of running rules, by rule.
        now: Seconds of the epoch.
        width: Most characters that the line may have; None for any number.
    """
    running = {rule for rule, _ in book.running.values()}
    moving = sorted(running, key=lambda rule: (-book.running_jobs(rule), in_order_of_data(rule)))
    rules = [_rule_part(book, rule, long_rules.get(rule)) for rule in moving]
    fractions = {rule: long.done / long.total for rule, long in long_rules.items() if long.total > 0}
    whole, short, shortest = _run_parts(book, book.estimate(now, fractions), now)
    if width is None:
        return " | ".join([", ".join(rules), whole] if rules else [whole])
    for names, end in ((rules, whole), (rules, short), (moving, short)):
        if fitting := _fitting(names, width - len(end) - len(" | ")):
            return f"{fitting} | {end}"
    return next((end for end in (whole, short) if len(end) <= width), shortest[:width])


def _fitting(names: list[str], room: int) -> str:
    """The first of some names and as many more as there is room for; nothing where the first is too long."""
    text = ""
    for name in names:
        longer = f"{text}, {name}" if text else name
        if len(longer) > room:
            break
        text = longer
    return text


def _rule_part(book: JobBook, rule: str, long_rule: LongRule | None) -> str:
    jobs, kept = book.to_do.get(rule, 0), book.up_to_date.get(rule, 0)
    text = f"{rule} {book.done[rule] + kept}/{jobs + kept}"
    if long_rule:
        steps = f"{long_rule.done}/{long_rule.total} {long_rule.unit}"
        text = f"{rule} {steps}" if jobs == 1 else f"{text} ({steps})"
    return text


def _run_parts(book: JobBook, estimate: Estimate | None, now: float) -> tuple[str, str, str]:
    """Jobs of all, the time and the estimate: in words with the failures, shorter, and in the fewest characters."""
    done, total = sum(book.done.values()), book.total
    failed = f", {len(book.failed_jobs)} failed" if book.failed_jobs else ""
    spent = duration(now - book.first_start) if book.first_start is not None else "0 s"
    rest = short_rest = ""
    if estimate:
        left = duration(estimate.seconds)
        rest = f", {'about' if estimate.complete else 'at least'} {left} to go"
        short_rest = f", {'~' if estimate.complete else '>'}{left}"
    return (
        f"{done} of {total} jobs{failed} | {spent}{rest}",
        f"{done}/{total} jobs{failed} | {spent}{short_rest}",
        f"{done}/{total} | {spent}{short_rest}",
    )
