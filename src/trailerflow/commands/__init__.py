"""The ``trailerflow`` command: what a person does beside running the workflow, one file a subcommand."""

from __future__ import annotations

import argparse

from trailerflow.commands import add, doctor, estimate, film, forget, predict_genres, recommend, unlock, why
from trailerflow.program import run


def main() -> None:
    """Entry point of the ``trailerflow`` command."""
    run(run_command)


def run_command(arguments: list[str] | None = None) -> None:
    """Read the command line and run its subcommand.

    Args:
        arguments: Words after ``trailerflow``; None takes those of this process.

    Raises:
        TrailerflowError: The subcommand met something that the user can put right.
    """
    parser = argparse.ArgumentParser(
        prog="trailerflow", description="Look after a trailerflow project; run it in the project's folder."
    )
    subparsers = parser.add_subparsers(required=True, metavar="command")
    for command in (add, doctor, estimate, film, forget, predict_genres, recommend, unlock, why):
        name = command.__name__.rpartition(".")[2].replace("_", "-")
        summary = (command.__doc__ or "").partition("\n")[0]
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        command.add_arguments(subparser)
        subparser.set_defaults(command=command.run_command)
    parsed = parser.parse_args(arguments)
    parsed.command(parsed)
