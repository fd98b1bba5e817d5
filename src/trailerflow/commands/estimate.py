"""Estimate what the run's language models will be asked and cost; makes the transcripts first, which asks no model."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from trailerflow.commands.snakemake_command import snakemake_command
from trailerflow.errors import TrailerflowError

TABLE = Path("results/estimate_costs/estimate.csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a run is told, too."""
    parser.add_argument("--cores", type=int, required=True, help="cores to use")
    parser.add_argument("--configfile", type=Path, help="configuration of the run that is estimated")


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow estimate`` does in the present folder.

    Raises:
        TrailerflowError: The transcripts could not be made.
    """
    command = [*snakemake_command(Path()), "--cores", str(arguments.cores), str(TABLE)]
    if arguments.configfile is not None:
        command.append(f"--configfile={arguments.configfile}")
    if subprocess.run(command, check=False).returncode != 0:
        raise TrailerflowError(
            "What the estimate is made from could not be made; snakemake's messages above say why."
        )
    print(text_of(TABLE))


def text_of(path: Path) -> str:
    """The table of an estimate, for a terminal."""
    from trailerflow.tables import read_table  # pandas takes a second, and no other subcommand needs it

    table = read_table(path)
    table["usd"] = table["usd"].map("{:.2f}".format)
    hours = zip(table.pop("hours_from"), table.pop("hours_to"), strict=True)
    table["hours"] = [f"{low:.2f} to {high:.2f}" for low, high in hours]
    for name in ("requests", "prompt_tokens", "completion_tokens"):
        table[name] = table[name].map("{:,.0f}".format)
    return f"\n{table.to_string(index=False)}\n\nAn estimate: requests are counted, tokens are not (docs/costs.md)."
