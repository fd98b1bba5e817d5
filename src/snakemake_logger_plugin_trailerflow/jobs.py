"""The book of one run's jobs: how many of each rule are done, how long they took and the rest may take."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trailerflow.register import BY_NAME

EARLY_SECONDS = 5
"""An estimate in the first seconds is chance."""

TIMED_JOBS = 3
"""Jobs of a rule whose mean says something of the others."""

TIMED_SHARE = 0.75
"""Part of the jobs left that must be of timed rules: a bound that leaves out most of the work says nothing."""


@dataclass
class Clock:
    """Seconds in which at least one job of a rule or stage ran; jobs side by side count once."""

    running: int = 0
    since: float = 0.0
    total: float = 0.0

    def start(self, now: float) -> None:
        """One more job runs from ``now`` (seconds of the epoch)."""
        if self.running == 0:
            self.since = now
        self.running += 1

    def stop(self, now: float) -> None:
        """One job fewer runs from ``now``."""
        self.running -= 1
        if self.running == 0:
            self.total += now - self.since

    def seconds(self, now: float) -> float:
        """Seconds until ``now``, those of jobs that still run included."""
        return self.total + (now - self.since if self.running else 0.0)


@dataclass(frozen=True)
class Estimate:
    """Seconds that the rest of the run may take; ``complete`` unless a rule is left that was never timed."""

    seconds: float
    complete: bool


@dataclass
class JobBook:
    """What Snakemake's events say about the jobs of this run. Every time is in seconds of the epoch.

    Attributes:
        to_do: Jobs of this run by rule.
        up_to_date: Jobs by rule whose outputs are there already and wanted by this run.
        only_touches: Whether the run makes nothing and only gives files a new time.
        done: Finished jobs by rule.
        failed_jobs: Rule of each job that failed and was not started again, by job number.
        running: Rule and time of start by job number.
        job_seconds: Sum of the finished jobs' seconds by rule.
        made: Outputs of the finished jobs, as Snakemake writes them.
        clocks: Wall-clock seconds by rule.
        stage_clocks: Wall-clock seconds by stage; rules outside the register are in none.
    """

    to_do: dict[str, int] = field(default_factory=dict)
    up_to_date: dict[str, int] = field(default_factory=dict)
    only_touches: bool = False
    done: Counter[str] = field(default_factory=Counter)
    failed_jobs: dict[int, str] = field(default_factory=dict)
    running: dict[int, tuple[str, float]] = field(default_factory=dict)
    job_seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    made: set[str] = field(default_factory=set)
    clocks: dict[str, Clock] = field(default_factory=dict)
    stage_clocks: dict[str, Clock] = field(default_factory=dict)
    first_start: float | None = None
    _outputs: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Jobs of this run."""
        return sum(self.to_do.values())

    @property
    def failed(self) -> Counter[str]:
        """Failed jobs by rule."""
        return Counter(self.failed_jobs.values())

    def start(self, job: int, rule: str, now: float, outputs: Sequence[str] = ()) -> None:
        """A job starts. One that failed before has not failed as long as it is tried again."""
        if self.first_start is None:
            self.first_start = now
        self.failed_jobs.pop(job, None)
        self.running[job] = (rule, now)
        self._outputs[job] = tuple(outputs)
        for clock in self._clocks_of(rule):
            clock.start(now)

    def finish(self, job: int, now: float) -> None:
        """A job ended well."""
        if job in self.running:
            rule, seconds = self._stop(job, now)
            self.done[rule] += 1
            self.job_seconds[rule] += seconds
            outputs = self._outputs.pop(job)
            if not self.only_touches:
                self.made.update(outputs)

    def fail(self, job: int, now: float) -> None:
        """A job failed; the same failure told twice counts once."""
        if job in self.running:
            self.failed_jobs[job], _ = self._stop(job, now)

    def settle(self, finished: Iterable[int], now: float) -> None:
        """Count the jobs that ended well without a word, and forget the times: nobody knows when they ended."""
        for job in finished:
            self.finish(job, now)
        self.clocks.clear()
        self.stage_clocks.clear()

    def knows(self, rule: str) -> bool:
        """Whether the plan has as many jobs of a rule as were seen; a checkpoint adds some."""
        seen = self.done[rule] + self.failed[rule] + self.running_jobs(rule)
        return seen <= self.to_do.get(rule, 0)

    def running_jobs(self, rule: str) -> int:
        """Jobs of a rule that run now."""
        return sum(rule == other for other, _ in self.running.values())

    def estimate(self, now: float, fractions: Mapping[str, float]) -> Estimate | None:
        """How long the rest may take: the jobs left times their rule's mean, over the jobs side by side.

        A failed job's followers never run but are still counted, so after a failure this is an upper bound.

        Args:
            now: Present time.
            fractions: For rules that run once and long, the part already done, above 0 and at most 1.

        Returns:
            None while it would mean little: in the first seconds, and where most of what is left was never timed.
        """
        if self.first_start is None or now - self.first_start < EARLY_SECONDS:
            return None
        left, timed, untimed = 0.0, 0, 0
        for rule, jobs in self.to_do.items():
            unfinished = jobs - self.done[rule] - self.failed[rule]
            if unfinished <= 0:
                continue
            starts = [start for running, start in self.running.values() if running == rule]
            mean = self._mean_seconds(rule, starts, now, fractions)
            if mean is not None:
                timed += unfinished
                left += max(0.0, unfinished * mean - sum(min(now - start, mean) for start in starts))
            elif rule in BY_NAME:
                # Rules without work of their own, such as the targets, take no time.
                untimed += unfinished
        is_bulk = timed >= TIMED_SHARE * (timed + untimed) or any(fractions.values())
        seconds = left / self._side_by_side(now)
        return Estimate(seconds, complete=not untimed) if is_bulk and round(seconds) > 0 else None

    def _mean_seconds(
        self, rule: str, starts: list[float], now: float, fractions: Mapping[str, float]
    ) -> float | None:
        if starts and fractions.get(rule, 0.0) > 0:
            return (now - min(starts)) / fractions[rule]
        if self.done[rule] and self.done[rule] >= min(TIMED_JOBS, self.to_do[rule] - 1):
            return self.job_seconds[rule] / self.done[rule]
        return None

    def _side_by_side(self, now: float) -> float:
        """Mean number of jobs that ran at once so far, at least 1."""
        assert self.first_start is not None
        busy = sum(self.job_seconds.values()) + sum(now - start for _, start in self.running.values())
        return max(1.0, busy / max(now - self.first_start, 1e-9))

    def _stop(self, job: int, now: float) -> tuple[str, float]:
        rule, start = self.running.pop(job)
        for clock in self._clocks_of(rule):
            clock.stop(now)
        return rule, now - start

    def _clocks_of(self, rule: str) -> list[Clock]:
        clocks = [self.clocks.setdefault(rule, Clock())]
        if rule in BY_NAME:
            clocks.append(self.stage_clocks.setdefault(BY_NAME[rule].stage, Clock()))
        return clocks
