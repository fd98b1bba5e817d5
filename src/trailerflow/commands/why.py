"""Say in words why the jobs of a film would run again."""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.commands.film import add_arguments, film_of_run
from trailerflow.commands.snakemake_command import snakemake_command
from trailerflow.configuration.project import project_configuration
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.outside import parse_json
from trailerflow.planning.film import film_targets
from trailerflow.register import in_order_of_data

__all__ = ["add_arguments", "run_command"]

PARAMETERS = {
    "movie": "its row in the table of movies",
    "media": "which files its trailer has",
    "contents": "the contents of a file that comes from outside (media, prompt or table)",
    "code": "the rule's program, or what it imports",
    "attempt": "it was put off, and its time has come",
    "refresh_before": "web.refresh_before",
    "sources": "the configured sources",
    "languages": "trailers.languages",
    "limits": "trailers.audio",
    "speech": "models.speech, or the model's files",
    "translation": "trailers.translation",
    "words": "the length in words",
    "check": "summaries.check",
    "model": "the language model's settings, or models.answers",
    "models_folder": "models.folder",
    "synopsis": "its synopsis in the table of synopses",
    "table": "which table of synopses there is",
}
"""What a changed parameter of a rule is to a user."""


@dataclass(frozen=True)
class Job:
    """A job that would run, and why.

    Attributes:
        rule: Its rule.
        output: What it makes.
        missing: Whether what it makes is not there, or not whole.
        edited: Files that it reads, changed since.
        made_again: Files that it reads, which other jobs would make.
        parameters: Parameters that have another value.
        inputs: Whether it reads other files than then.
        rule_changed: Whether the rule itself is another.
        forced: Whether it was asked for whatever there is.
    """

    rule: str
    output: list[str]
    missing: bool
    edited: list[str]
    made_again: list[str]
    parameters: list[str]
    inputs: bool
    rule_changed: bool
    forced: bool

    @property
    def is_cause(self) -> bool:
        """Whether it would run for a reason of its own, and not only because of a job before it."""
        own = (self.missing, self.edited, self.parameters, self.inputs, self.rule_changed, self.forced)
        return any(own)


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow why`` does in the present folder.

    Raises:
        TrailerflowError: There is no such film, or Snakemake could not make its graph.
    """
    config = project_configuration(Path(), arguments.configfile)
    movie = film_of_run(config, arguments.id)
    print("\n".join(lines(movie.id, planned(config, movie, arguments.configfile))))


def planned(config: Mapping[str, Any], movie: Movie, configfile: Path | None) -> list[Job]:
    """The jobs that a run would make a film's documents with.

    Raises:
        TrailerflowError: Snakemake could not make its graph; what it said is in the sentence.
    """
    with tempfile.TemporaryDirectory() as folder:
        reasons = Path(folder) / "reasons.json"
        command = [
            *snakemake_command(Path()), "--dry-run", "--cores", "1", "--logger", "trailerflow",
            f"--logger-trailerflow-reasons={reasons}", *film_targets(config, movie),
        ]  # fmt: skip
        if configfile is not None:
            command.append(f"--configfile={configfile}")
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0 or not reasons.exists():
            said = (done.stderr or done.stdout).strip()
            raise TrailerflowError(f"Snakemake cannot say what it would do for the film {movie.id}: {said}")
        return [Job(**job) for job in parse_json(reasons.read_bytes())]


def lines(movie: str, jobs: Sequence[Job]) -> Iterator[str]:
    """What is told of a film's jobs: those with a reason of their own first, each with it."""
    if not jobs:
        yield f"Nothing of the film {movie} would run: its documents are up to date."
        return
    ordered = sorted(jobs, key=lambda job: (not job.is_cause, in_order_of_data(job.rule), job.output))
    yield f"{len(jobs)} jobs of the film {movie} would run:"
    for job in ordered:
        yield f"  {job.output[0]}: {'; '.join(words(job))}."


def words(job: Job) -> Iterator[str]:
    """Why a job would run, reason by reason."""
    if job.missing:
        yield "it is not there, or not whole"
    if job.forced:
        yield "it was asked for"
    for name in job.parameters:
        yield f"changed: {PARAMETERS.get(name, 'a parameter of the rule')}"
    if job.edited:
        yield f"changed: {_listed(job.edited)}"
    if job.inputs:
        yield "it reads other files than before"
    if job.rule_changed:
        yield "the rule itself changed"
    if job.made_again:
        yield f"made again before it: {_listed(job.made_again)}"


def _listed(files: Iterable[str]) -> str:
    return ", ".join(files)
