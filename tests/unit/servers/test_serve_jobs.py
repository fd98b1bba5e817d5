"""The warm interpreter has imported the official clients before its first fork, where a hosted model is to be asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CODE = """
import runpy, sys
from trailerflow.llm.exchange import HostedExchange
from trailerflow.llm.model import LanguageModel
from trailerflow.servers import job_server

def serve(place, programs):
    print("openai" in sys.modules)
    before = set(sys.modules)
    HostedExchange(LanguageModel("hosted", "openai_compatible", "m", 99, base_url="http://127.0.0.1:1/v1")).prepare()
    print(len(set(sys.modules) - before) == 0)

job_server.serve = serve
sys.argv = ["serve_jobs.py", "--place", "nowhere"]
runpy.run_path("scripts/serve_jobs.py", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("operation", "is_imported"),
    [
        ({"clients": ["openai"]}, True),
        ({"clients": ["no_such_client", "openai"]}, True),
        ({"clients": []}, False),
        ({"clients": ["openai"], "mode": "replay"}, False),
    ],
    ids=["asked", "another is not installed", "embedded models alone", "nothing is asked"],
)
def test_the_clients_are_imported_where_they_are_asked(operation, is_imported):
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "TRAILERFLOW_MODELS": json.dumps(operation)}
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(is_imported)] * 2
