"""Print versions, cores, memory, devices, models, and which of them would serve: what to add to a report of a fault."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
import yaml

from trailerflow import __version__
from trailerflow.errors import TrailerflowError
from trailerflow.models.store import read_manifest

PACKAGES = (
    "snakemake",
    "xllamacpp",
    "ctranslate2",
    "faster-whisper",
    "torch",
    "transformers",
    "lenskit",
    "evaluate",
    "rouge-score",
    "bert-score",
    "pandas",
    "pyarrow",
    "matplotlib",
)
MODELS_FOLDER = "resources/models"
GIB = 1024**3
NVIDIA_SECONDS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommand has no options."""


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow doctor`` does in the present folder."""
    for name, value in diagnosis(Path.cwd()):
        print(f"{name:<16} {value}")


def diagnosis(project: Path) -> Iterator[tuple[str, str]]:
    """Names and values of what matters to a run; the heaviest part, the configuration's check, comes last.

    Args:
        project: The project's folder.
    """
    yield "trailerflow", __version__
    yield "python", platform.python_version()
    yield "platform", platform.platform()
    for package in PACKAGES:
        yield package, _version(package)
    yield "cores", _cores()
    yield "memory", _memory()
    yield "gpu", _gpu()
    yield "free disk", f"{shutil.disk_usage(project).free / GIB:.1f} GiB"
    yield "models", ", ".join(_models(project)) or "none fetched; `make models` or the first run fetches them"
    yield from _serving(project)


def _serving(project: Path) -> Iterator[tuple[str, str]]:
    """The faults of the configuration, and which language models would serve."""
    from trailerflow.commands.serving import Machine, serving
    from trailerflow.configuration.check import configuration_problems
    from trailerflow.configuration.project import SCHEMA, merged_configuration
    from trailerflow.models.fetch import read_model_list
    from trailerflow.places import found

    config = merged_configuration(project)
    problems = configuration_problems(config, SCHEMA)
    for problem in problems:
        yield "fault", problem
    memory = psutil.virtual_memory()
    machine = Machine(memory.available, memory.total, usable_cores())
    try:
        listing = read_model_list(found(Path(config["models"]["list"])))
        sentences = list(serving(config, listing, project, machine))
    except (KeyError, TypeError, ValueError, AttributeError, OSError, TrailerflowError):
        if not problems:
            raise
        sentences = ["which would serve cannot be told before the faults above are put right"]
    for sentence in sentences:
        yield "language model", sentence


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cores() -> str:
    machine, usable = os.cpu_count() or 1, usable_cores()
    return str(machine) if usable == machine else f"{usable} of the machine's {machine}"


def _memory() -> str:
    memory = psutil.virtual_memory()
    return f"{memory.available / GIB:.1f} of {memory.total / GIB:.1f} GiB available"


def _gpu() -> str:
    """GPUs that ``nvidia-smi`` lists; torch would take seconds to say the same."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return "none (no nvidia-smi)"
    command = [program, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=NVIDIA_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"unknown ({error})"
    if result.returncode != 0:
        return f"unknown ({(result.stdout or result.stderr).strip()})"
    return "; ".join(result.stdout.split("\n")).strip("; ") or "none"


def _models(project: Path) -> Iterator[str]:
    """Names of the fetched models, and what is wrong with those that are not whole."""
    folder = project / _models_folder(project)
    for manifest in sorted(folder.glob("*.json")):
        try:
            read_manifest(folder, manifest.stem)
            yield manifest.stem
        except (TrailerflowError, OSError) as error:
            yield f"{manifest.stem} ({error})"


def _models_folder(project: Path) -> str:
    """``models.folder`` of the project's config, which may hold only what differs; the usual place outside a project."""
    try:
        config = yaml.safe_load((project / "config.yaml").read_text(encoding="utf-8"))
        return str(config.get("models", {}).get("folder", MODELS_FOLDER))
    except FileNotFoundError:
        return MODELS_FOLDER
    except (ValueError, yaml.YAMLError, RecursionError, AttributeError) as error:
        raise TrailerflowError(
            f"config.yaml does not say where models lie (models.folder): {error}"
        ) from None
