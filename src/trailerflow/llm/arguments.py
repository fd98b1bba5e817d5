"""Command-line arguments of the programs that ask a language model."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import Operation

RERUNS = ("refresh_before", "weights")
"""Settings that are there only so that the job runs again: the time of a refresh, and the hash of an embedded model's
files. The client does not see them."""


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `client_of` reads."""
    parser.add_argument("--model", required=True, help="settings of the language model as JSON")
    add_running_arguments(parser)


def add_running_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `client_for` reads: where models, answers and servers are, whichever model is asked."""
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--cache", type=Path, required=True, help="folder of the answers that were paid for")
    parser.add_argument("--run", type=Path, required=True, help="folder of what lives during a run")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads of an embedded server")


def client_of(arguments: argparse.Namespace) -> Client:
    """The client that the arguments and the environment describe.

    Raises:
        TrailerflowError: The environment's settings cannot be used.
    """
    return client_for(json.loads(arguments.model), arguments)


def client_for(settings: Mapping[str, Any], arguments: argparse.Namespace) -> Client:
    """The client of a model of these settings.

    Args:
        settings: What can change an answer of the model.
        arguments: From `add_running_arguments`.

    Raises:
        TrailerflowError: The environment's settings cannot be used.
    """
    operation = Operation.from_environment()
    answering = {name: value for name, value in settings.items() if name not in RERUNS}
    return Client(
        LanguageModel.from_settings(answering | operation.models.get(answering["name"], {})),
        operation=operation,
        cache=arguments.cache,
        run=arguments.run,
        models_folder=arguments.models_folder,
        threads=arguments.threads,
    )
