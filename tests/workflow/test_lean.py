"""Per-movie programs start lean: a fraction of a CPU second, and no heavy library."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = [
    "find_trailer", "fetch_captions", "fetch_audio", "transcribe_trailer", "translate_transcript",
    "prepare_transcript", "fetch_synopsis", "summarise_movie",
]  # fmt: skip
HEAVY = {
    "pandas",
    "numpy",
    "torch",
    "snakemake",
    "transformers",
    "requests",
    "yaml",
    "faster_whisper",
    "groq",
    "openai",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_heavy_library_is_imported(program):
    code = (
        "import runpy, sys\n"
        f"runpy.run_path('scripts/{program}.py', run_name='not_main')\n"
        f"print(sorted(set(sys.modules) & {HEAVY!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_start_costs_little(program):
    def cpu() -> float:
        before = os.times()
        subprocess.run(
            [sys.executable, f"scripts/{program}.py", "--help"], cwd=ROOT, capture_output=True, check=True
        )
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(cpu() for _ in range(5)) <= 0.15
