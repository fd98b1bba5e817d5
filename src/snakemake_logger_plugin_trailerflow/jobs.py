"""The book of one run's jobs: how many of each rule are done, how long they took and the rest may take."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from snakemake_logger_plugin_trailerflow.stages import STAGE_OF_RULE


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
        to_do: Jobs of this run by rule, as Snakemake counted them before the first one.
        up_to_date: Documents by rule that need no job in this run.
        total: Jobs of this run; it grows when a checkpoint adds some.
        done: Finished jobs by rule.
        failed: Failed attempts by rule.
        running: Rule and time of start by job number.
        job_seconds: Sum of the finished jobs' seconds by rule.
        clocks: Wall-clock seconds by rule.
        stage_clocks: Wall-clock seconds by stage; rules outside the table are in none.
    """

    to_do: dict[str, int] = field(default_factory=dict)
    up_to_date: dict[str, int] = field(default_factory=dict)
    total: int = 0
    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    running: dict[int, tuple[str, float]] = field(default_factory=dict)
    job_seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    clocks: dict[str, Clock] = field(default_factory=dict)
    stage_clocks: dict[str, Clock] = field(default_factory=dict)
    first_start: float | None = None

    def plan(self, stats: Mapping[str, int], documents: Mapping[str, int]) -> None:
        """Take the plan of the run.

        Args:
            stats: Snakemake's count of jobs by rule, its row ``total`` among them.
            documents: How many documents a rule makes in all, where that is known.
        """
        self.to_do = {rule: jobs for rule, jobs in stats.items() if rule != "total"}
        self.up_to_date = {rule: max(0, documents.get(rule, 0) - jobs) for rule, jobs in self.to_do.items()}
        self.total = sum(self.to_do.values())

    def start(self, job: int, rule: str, now: float) -> None:
        """A job starts; one that is started again after a failure counts as a new one."""
        if self.first_start is None:
            self.first_start = now
        self.running[job] = (rule, now)
        for clock in self._clocks_of(rule):
            clock.start(now)

    def finish(self, job: int, now: float) -> None:
        """A job ended well."""
        if job in self.running:
            rule, seconds = self._stop(job, now)
            self.done[rule] += 1
            self.job_seconds[rule] += seconds

    def fail(self, job: int, now: float) -> None:
        """A job failed; the same failure told twice counts once."""
        if job in self.running:
            rule, _ = self._stop(job, now)
            self.failed[rule] += 1

    def has_grown(self) -> bool:
        """Whether a checkpoint added jobs, so that the plan by rule is not all there is to do."""
        return self.total > sum(self.to_do.values())

    def planned(self, rule: str) -> int | None:
        """Jobs of a rule in this run; None for a rule whose jobs a checkpoint added, which nobody counted."""
        seen = self.done[rule] + self.failed[rule] + self.running_jobs(rule)
        jobs = self.to_do.get(rule, 0)
        return jobs if seen <= jobs else None

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
            None before anything was timed.
        """
        if self.first_start is None:
            return None
        left, timed, complete = 0.0, False, not self.has_grown()
        for rule, jobs in self.to_do.items():
            unfinished = jobs - self.done[rule] - self.failed[rule]
            if unfinished <= 0:
                continue
            starts = [start for running, start in self.running.values() if running == rule]
            mean = self._mean_seconds(rule, starts, now, fractions)
            if mean is None:
                # Rules without a job of their own, such as the targets, take no time.
                complete = complete and rule not in STAGE_OF_RULE
                continue
            timed = True
            left += max(0.0, unfinished * mean - sum(min(now - start, mean) for start in starts))
        if not timed and not sum(self.done.values()):
            return None
        return Estimate(left / self._side_by_side(now), complete)

    def _mean_seconds(
        self, rule: str, starts: list[float], now: float, fractions: Mapping[str, float]
    ) -> float | None:
        if starts and fractions.get(rule, 0.0) > 0:
            return (now - min(starts)) / fractions[rule]
        if self.done[rule]:
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
        if rule in STAGE_OF_RULE:
            clocks.append(self.stage_clocks.setdefault(STAGE_OF_RULE[rule], Clock()))
        return clocks
