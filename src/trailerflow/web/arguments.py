"""Command-line arguments of the programs that ask the web."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from trailerflow.web.access import WebAccess

SETTINGS_VARIABLE = "TRAILERFLOW_WEB"
"""Environment variable with the settings: a changed pace is no reason to run a job again, so it is no parameter of one."""


def add_web_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `web_access` reads."""
    settings = os.environ.get(SETTINGS_VARIABLE)
    parser.add_argument(
        "--web",
        required=settings is None,
        default=settings,
        help=f"JSON object of the web section of the config but refresh_before; by default ${SETTINGS_VARIABLE}",
    )
    parser.add_argument(
        "--refresh-before",
        nargs="?",
        required=True,
        help="answers before this time are asked for again; no value keeps all",
    )
    parser.add_argument(
        "--cache", type=Path, required=True, help="folder of the answers that are kept for good"
    )
    parser.add_argument("--run", type=Path, required=True, help="folder of what lives during a run")


def web_access(arguments: argparse.Namespace) -> WebAccess:
    """The way to the web that the arguments describe.

    Raises:
        TrailerflowError: The settings cannot be used.
    """
    return WebAccess.from_json(
        arguments.web, arguments.refresh_before, cache=arguments.cache, run=arguments.run
    )
