"""Only what was invalidated runs again: a treatment of a finished run, and the very jobs that it makes run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from workflow.projects import Workflow
from workflow.treatments import NAMED, TREATMENTS, Treatment

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("treatment", TREATMENTS, ids=lambda treatment: treatment.name)
def test_exactly_the_invalidated_jobs_would_run(finished: Workflow, treatment: Treatment) -> None:
    planned = finished.planned(*(treatment.change(finished) or ()))
    planned.pop("all", None)
    assert planned == treatment.runs


def test_the_page_has_a_row_for_each_treatment_and_says_of_which_nothing_runs() -> None:
    page = (ROOT / "docs/reruns.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page.split("## What it means")[0], re.MULTILINE))
    del rows["what happens"]
    assert list(rows) == list(NAMED)
    assert {name for name, runs in rows.items() if runs == "nothing"} == {
        name for name, treatment in NAMED.items() if not treatment.runs
    }
