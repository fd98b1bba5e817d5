"""How the subcommands call Snakemake."""

from __future__ import annotations

import sys
from pathlib import Path

from trailerflow.places import CODE

USUAL = ("Snakefile", "snakefile", "workflow/Snakefile", "workflow/snakefile")
"""Where Snakemake looks for a workflow."""


def snakemake_command(project: Path) -> list[str]:
    """Snakemake on the workflow of a folder: its own, such as one that uses this one as a module, or else this one.

    Args:
        project: The folder.
    """
    command = [sys.executable, "-m", "snakemake"]
    if not any((project / name).is_file() for name in USUAL):
        command += ["--snakefile", str(CODE / "Snakefile")]
    return command
