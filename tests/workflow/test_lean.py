"""Per-movie programs start lean (in CPU seconds: benchmarks/program_starts.py)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trailerflow.register import OUTCOMES

ROOT = Path(__file__).parents[2]
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
    "chardet",
    "fasttext",
}
MOST_MODULES = 160
"""Bare Python has some 30; pandas alone brings 500."""


@pytest.mark.parametrize("program", OUTCOMES)
def test_no_heavy_library_and_few_modules_are_imported(program):
    code = (
        "import runpy, sys\n"
        f"runpy.run_path('scripts/{program}.py', run_name='not_main')\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert not modules & HEAVY
    assert len(modules) <= MOST_MODULES
