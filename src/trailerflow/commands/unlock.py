"""End the jobs and servers that a run which is over left behind, then unlock the project's folder."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from trailerflow.commands.processes import end, orphans, refuse_while_running
from trailerflow.commands.snakemake_command import snakemake_command
from trailerflow.errors import TrailerflowError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommand has no options."""


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow unlock`` does in the present folder."""
    unlock(Path.cwd())


def unlock(project: Path) -> None:
    """Make sure that no job of a killed run is alive and that the next run finds no lock.

    Args:
        project: The project's folder.

    Raises:
        TrailerflowError: A run is in progress, or Snakemake cannot unlock.
    """
    refuse_while_running(project)
    ended = end(orphans(project))
    if ended:
        print(f"Ended {ended} process{'es' if ended > 1 else ''} of a run that is over.")
    locks = project / ".snakemake" / "locks"
    if not locks.is_dir() or not any(locks.iterdir()):
        return
    command = [*snakemake_command(project), "--unlock"]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        said = (result.stderr.strip() or result.stdout.strip()).splitlines()
        raise TrailerflowError(f"snakemake --unlock failed: {said[-1] if said else 'it gave no reason'}")
    print("Unlocked the folder that a killed run had left locked.")
