"""The processes of this project's runs, told by what the Snakefile puts into every job's environment.

``TRAILERFLOW_RUN`` is ``<pid>:<start>:<project folder>`` of the main Snakemake process, as
`trailerflow.servers.warm_server.run_identity` makes it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from trailerflow.errors import TrailerflowError
from trailerflow.servers.warm_server import RUN_VARIABLE, process_start

SECONDS_TO_END = 5.0


@dataclass(frozen=True)
class MainProcess:
    """The Snakemake process that a job belongs to."""

    pid: int
    started: str
    folder: Path

    def is_alive(self) -> bool:
        """Whether this very process, not another of its number, still runs."""
        return str(process_start(self.pid)) == self.started


def parse_run(value: str) -> MainProcess | None:
    """Read the value of ``TRAILERFLOW_RUN``; None when it is none of ours."""
    pid, _, rest = value.partition(":")
    started, _, folder = rest.partition(":")
    try:
        float(started)
    except ValueError:
        return None
    if not (pid.isdigit() and folder):
        return None
    return MainProcess(int(pid), started, Path(os.path.realpath(folder)))


def refuse_while_running(project: Path) -> None:
    """Raise when a run is in progress in ``project``.

    Raises:
        TrailerflowError: It names the main process.
    """
    for _, main in _jobs(project):
        if main.is_alive():
            _refuse(project, main.pid)
    for pid in _waiting_snakemakes(project):
        _refuse(project, pid)


def orphans(project: Path) -> list[psutil.Process]:
    """Processes whose run in ``project`` is gone: jobs after a kill -9, and model servers."""
    return [process for process, main in _jobs(project) if not main.is_alive()]


def end(processes: list[psutil.Process]) -> int:
    """Ask processes to end, and kill those that have not after `SECONDS_TO_END`.

    Returns:
        How many there were.
    """
    if not processes:
        return 0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(processes, timeout=SECONDS_TO_END)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=SECONDS_TO_END)
    return len(processes)


def _jobs(project: Path) -> Iterator[tuple[psutil.Process, MainProcess]]:
    """Processes, other than this one and those above it, that belong to a run in ``project``."""
    folder = Path(os.path.realpath(project))
    own = _own_pids()
    for process in psutil.process_iter():
        try:
            main = parse_run(process.environ().get(RUN_VARIABLE, ""))
        except (psutil.Error, OSError):
            # Somebody else's process, or one that has just ended.
            continue
        if main and main.folder == folder and process.pid not in own:
            yield process, main


def _waiting_snakemakes(project: Path) -> Iterator[int]:
    """Numbers of Snakemake processes in ``project`` that have no job at the moment, known by their command.

    A process shows the environment it was started with, so the main process does not show the variable.
    """
    folder = Path(os.path.realpath(project))
    own = _own_pids()
    for process in psutil.process_iter():
        try:
            if (
                process.pid not in own
                and _is_snakemake(process.cmdline())
                and Path(process.cwd()) == folder
                and process.status() != psutil.STATUS_ZOMBIE
                and not _is_job(process, folder)
            ):
                yield process.pid
        except (psutil.Error, OSError):
            continue


def _own_pids() -> set[int]:
    """Numbers of this process and of those that started it."""
    return {os.getpid(), *(process.pid for process in psutil.Process().parents())}


def _is_job(process: psutil.Process, folder: Path) -> bool:
    main = parse_run(process.environ().get(RUN_VARIABLE, ""))
    return main is not None and main.folder == folder


def _is_snakemake(command: list[str]) -> bool:
    """Whether a command line is ``snakemake …``, ``python …/snakemake …`` or ``python -m snakemake …``."""
    return any(Path(word).name == "snakemake" for word in command[:3])


def _refuse(project: Path, pid: int) -> None:
    raise TrailerflowError(
        f"A run is in progress in {project} (process {pid}); "
        f"wait until it has ended, or end it with: kill -INT {pid}"
    )
