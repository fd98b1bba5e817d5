"""How jobs call their programs: what all of them are told beside their parameters, and what stands on a command line.

A change of the environment is no reason to run a job again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from trailerflow.configuration import secret_variables
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import OPERATION_VARIABLE
from trailerflow.redaction import SECRETS_VARIABLE
from trailerflow.servers.warm_server import RUN_VARIABLE
from trailerflow.web.arguments import SETTINGS_VARIABLE

CODE_VARIABLE = "TRAILERFLOW_CODE"
JOBS_VARIABLE = "TRAILERFLOW_JOBS"
"""Beginning of the socket of the interpreters that run the programs of movies, one for each Python (``scripts/served.py``);
without it each program starts its own."""


def jobs_place(run: str) -> Path:
    """Where the interpreter of a run listens; a run has its own, and the node's own disk.

    Args:
        run: Name of the run.
    """
    name = hashlib.sha256(run.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"trailerflow-{os.geteuid()}" / name


def job_environment(
    config: Mapping[str, Any], models: Mapping[str, LanguageModel], *, code: Path, run: str
) -> dict[str, str]:
    """Environment variables of all jobs.

    Args:
        config: The whole configuration.
        models: The language models by name.
        code: The checkout; it is no parameter, so that a moved one reruns nothing.
        run: Name of the present run.
    """
    web = {name: value for name, value in config["web"].items() if name != "refresh_before"}
    operation = {
        **config["models"]["answers"],
        "budget_usd": config["models"]["budget"]["usd"],
        "budget_tokens": config["models"]["budget"]["tokens"],
        "run": hashlib.sha256(run.encode()).hexdigest()[:8],
        "clients": sorted({model.official_client for model in models.values() if model.official_client}),
        "models": {name: model.running for name, model in models.items()},
    }
    return {
        CODE_VARIABLE: str(code),
        "PYTHONHASHSEED": "0",  # BERTScore sorts its batches by way of a set: the last digits hang on it
        RUN_VARIABLE: run,
        SECRETS_VARIABLE: " ".join(secret_variables(config)),
        SETTINGS_VARIABLE: json.dumps(web),
        OPERATION_VARIABLE: json.dumps(operation),
    }


def path_from(program: str, path: str | None) -> str:
    """A ``PATH`` whose first folder is a program's, so that jobs call the Python of this very run.

    Args:
        program: Path of the program.
        path: The present ``PATH``; None where it is not set.
    """
    folders = [str(Path(program).parent), *(path or os.defpath).split(os.pathsep)]
    return os.pathsep.join(dict.fromkeys(folders))


def as_paths(files: Iterable[str]) -> list[str]:
    """Files as a program takes them: one whose name begins with a dash is no option."""
    return [f"./{path}" if path.startswith("-") else path for path in files]


def options(name: str, files: Iterable[str]) -> list[str]:
    """An option with its files, and nothing where there are none.

    >>> options("--extra", ["texts.parquet"]), options("--extra", [])
    (['--extra', 'texts.parquet'], [])
    """
    paths = as_paths(files)
    return [name, *paths] if paths else []
