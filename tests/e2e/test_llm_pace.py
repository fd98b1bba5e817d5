"""Eight processes keep one pace (for five minutes, and how much of it they use: benchmarks/model_pace.py)."""

from __future__ import annotations

import pytest
from loopback_llm import Site

from e2e.askers import ask_in_processes, fullest_window

pytestmark = pytest.mark.slow

PER_MINUTE = 240
SECONDS = 70


def test_eight_processes_keep_one_limit_and_use_it(tmp_path):
    with Site() as site:
        times = ask_in_processes(
            site, tmp_path, processes=8, seconds=SECONDS, limits={"requests_per_minute": PER_MINUTE}
        )
    assert fullest_window(times) <= PER_MINUTE
    span = times[-1] - times[0]
    assert len(times) >= 0.8 * PER_MINUTE * span / 60  # and not one of them alone; a busy machine may be late
    assert len({entry["messages"][0]["content"] for entry in site.journal}) == len(times)
