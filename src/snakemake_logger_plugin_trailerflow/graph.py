"""What Snakemake's own graph of jobs says of the run; its messages tell of the jobs to do and of no other."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Plan:
    """Jobs by rule: those of this run, done ones among them, and those whose outputs are there already."""

    to_do: dict[str, int]
    up_to_date: dict[str, int]


class Graph:
    """The jobs that the targets of a run need, for reading only.

    It changes when a checkpoint is done, on another thread than the logger's; so every look starts from a list of its jobs.

    Args:
        workflow: Snakemake's object of this name.
    """

    def __init__(self, workflow: Any) -> None:
        self._workflow = workflow
        self._dag = workflow.dag

    @property
    def only_touches(self) -> bool:
        """Whether the run makes nothing (``--touch``)."""
        return bool(self._workflow.touch)

    def plan(self) -> Plan:
        """Jobs by rule at this moment."""
        to_do: Counter[str] = Counter()
        up_to_date: Counter[str] = Counter()
        for job in list(self._dag.jobs):
            part = to_do if self._dag.needrun(job) or self._dag.finished(job) else up_to_date
            part[job.rule.name] += 1
        return Plan(dict(to_do), dict(up_to_date))

    def reasons(self) -> list[dict[str, Any]]:
        """Why each job would run, as documents (`trailerflow.commands.why.Job`)."""
        return [self._reason(job) for job in list(self._dag.jobs) if self._dag.needrun(job)]

    def _reason(self, job: Any) -> dict[str, Any]:
        reason = self._dag.reason(job)
        record = self._workflow.persistence._serialize_param  # as a parameter stands in Snakemake's records
        now = reason.params_changed.only_new
        names = [name for name, value in job.params.items() if record(value) in now]
        again = {str(path) for path in reason.updated_input_run}
        return {
            "rule": job.rule.name,
            "output": [str(path) for path in job.output],
            "missing": bool(reason.missing_output or reason.incomplete_output),
            "edited": sorted({str(path) for path in reason.updated_input} - again),
            "made_again": sorted(again),
            "parameters": names or (["…"] if reason.params_changed else []),
            "inputs": bool(reason.input_changed),
            "rule_changed": bool(reason.code_changed or reason.software_stack_changed),
            "forced": bool(reason.forced),
        }

    def outputs(self) -> set[str]:
        """Every output file that the run's targets need, whichever run made it."""
        return {str(path) for job in list(self._dag.jobs) for path in job.output}

    def finished(self) -> list[int]:
        """Numbers of the jobs that ended well."""
        return [self._dag.jobid(job) for job in list(self._dag.jobs) if self._dag.finished(job)]


def graph_of_this_run() -> Graph | None:
    """The graph of the run in this process; None before there is one.

    Snakemake keeps its workflow where every Snakefile finds it by its name, among the globals of its own module.
    """
    workflow = getattr(sys.modules.get("snakemake.workflow"), "workflow", None)
    return None if workflow is None or workflow.dag is None else Graph(workflow)
