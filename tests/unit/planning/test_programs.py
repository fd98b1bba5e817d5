"""What jobs are told, and how their programs are called."""

from __future__ import annotations

import json
from pathlib import Path

from trailerflow.llm.model import LanguageModel
from trailerflow.planning.programs import as_paths, job_environment, path_from

CONFIG = {
    "web": {"pause_seconds": 8, "contact": None, "refresh_before": "2026-11-01T00:00:00Z"},
    "models": {
        "answers": {"mode": "live", "refresh_before": None}, "budget": {"usd": 3.5, "tokens": None},
        "llm": [{"name": "hosted", "kind": "groq", "model": "big", "context": 8192, "key_variable": "MY_KEY"}],
    },
}  # fmt: skip


def test_jobs_are_told_how_the_web_and_the_models_are_asked():
    model = LanguageModel("hosted", "groq", "big", 8192, slots=3, key_variable="MY_KEY")
    told = job_environment(CONFIG, {"hosted": model}, code=Path("/code"), run="host 7")
    assert set(told) == {
        "TRAILERFLOW_CODE", "PYTHONHASHSEED", "TRAILERFLOW_RUN", "TRAILERFLOW_SECRETS", "TRAILERFLOW_WEB",
        "TRAILERFLOW_MODELS",
    }  # fmt: skip
    assert (told["TRAILERFLOW_CODE"], told["PYTHONHASHSEED"], told["TRAILERFLOW_RUN"]) == (
        "/code",
        "0",
        "host 7",
    )
    assert told["TRAILERFLOW_SECRETS"].split() == ["MY_KEY"]
    # What a job asks again for is its parameter.
    assert json.loads(told["TRAILERFLOW_WEB"]) == {"pause_seconds": 8, "contact": None}
    operation = json.loads(told["TRAILERFLOW_MODELS"])
    assert (operation["mode"], operation["budget_usd"], operation["budget_tokens"]) == ("live", 3.5, None)
    assert operation["clients"] == ["groq"]
    assert operation["models"]["hosted"]["slots"] == 3 and "temperature" not in operation["models"]["hosted"]


def test_the_python_of_this_run_is_the_first_on_the_path():
    assert path_from("/venv/bin/python", "/usr/bin:/bin") == "/venv/bin:/usr/bin:/bin"
    assert path_from("/usr/bin/python", "/bin:/usr/bin") == "/usr/bin:/bin"
    assert path_from("/venv/bin/python", None).startswith("/venv/bin:")


def test_a_file_whose_name_begins_with_a_dash_is_no_option():
    assert as_paths(["a.csv", "-b.csv", "/c/-d"]) == ["a.csv", "./-b.csv", "/c/-d"]
