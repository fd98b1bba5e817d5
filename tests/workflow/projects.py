"""A copy of the project in a fresh folder, on which Snakemake is run for real."""

from __future__ import annotations

import copy
import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PARTS = (
    "Snakefile",
    "config.yaml",
    "config.schema.yaml",
    "rules",
    "workflow",
    "scripts",
    "src",
    "profiles",
    "envs",
    "report",
)
SMALL_RANKINGS = {"splits": ["this_run"], "rankers": ["popularity", "item_knn"], "saved": []}
"""Splits and rankers of a project that does not say otherwise: those of the sample take minutes."""
MODELS = Path(os.environ.get("TRAILERFLOW_TEST_MODELS", ROOT / "resources" / "models"))
EXTRA_TEXTS = ROOT / "tests/data/extra_texts.csv"
"""Made-up plots of made-up films, with their genres."""
"""Fetched models, shared by all tests; the first that needs one fetches it."""


class Workflow:
    """A project of its own in a temporary folder.

    Attributes:
        folder: Its root.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(
                    source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
                )
            else:
                shutil.copy2(source, folder / part)
        shutil.copytree(
            ROOT / "resources", folder / "resources",
            ignore=shutil.ignore_patterns("models", "downloads", "cache"),
        )  # fmt: skip
        downloads = ROOT / "resources" / "downloads"
        if downloads.is_dir():
            (folder / "resources" / "downloads").symlink_to(downloads)
        self.settings: dict = {
            "models": {"folder": str(MODELS), "speech": {"model": "faster-whisper-tiny.en"}}
        }

    def copy(self, folder: Path) -> Workflow:
        """The project with its results and Snakemake's records, in another folder."""
        subprocess.run(["cp", "-a", str(self.folder), str(folder)], check=True)
        copied = Workflow.__new__(Workflow)
        copied.folder, copied.settings = folder, copy.deepcopy(self.settings)
        return copied

    def command(self, *arguments: str) -> list[str]:
        rankings = SMALL_RANKINGS | self.settings.get("recommendations", {})
        settings = self.settings | {"recommendations": rankings}
        (self.folder / "test.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
        return [
            sys.executable, "-m", "snakemake", "--cores", "2", *arguments, "--configfile", "test.yaml",
        ]  # fmt: skip

    def run(
        self, *arguments: str, check: bool = True, timeout: float = 900
    ) -> subprocess.CompletedProcess[str]:
        """Run Snakemake in the folder."""
        done = subprocess.run(
            self.command(*arguments), cwd=self.folder, capture_output=True, text=True, timeout=timeout
        )
        if check:
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
        return done

    def jobs(self, *arguments: str) -> dict[str, set[str]]:
        """What a dry run would do: rule to the outputs of its jobs."""
        jobs: dict[str, set[str]] = {}
        for rule, told in self._dry_run(*arguments):
            jobs.setdefault(rule, set()).update(told["output"].split(", ") if "output" in told else ())
        return jobs

    def planned(self, *arguments: str) -> dict[str, set[str]]:
        """The jobs of a dry run: rule to the values of each job's wildcards, joined by a slash; empty for a rule without."""
        jobs: dict[str, set[str]] = {}
        for rule, told in self._dry_run(*arguments):
            pairs = told["wildcards"].split(", ") if "wildcards" in told else []
            jobs.setdefault(rule, set()).add("/".join(pair.partition("=")[2] for pair in pairs))
        return jobs

    def _dry_run(self, *arguments: str) -> list[tuple[str, dict[str, str]]]:
        """What a dry run tells of each job: its rule, and the lines below it by their names."""
        done = self.run("-n", *arguments)
        jobs: list[tuple[str, dict[str, str]]] = []
        for line in (done.stdout + done.stderr).splitlines():
            if found := re.match(r"^(?:local)?(?:rule|checkpoint) (\w+):$", line.strip()):
                jobs.append((found.group(1), {}))
            elif jobs and (found := re.match(r"^\s+(\w+): (.+)$", line)):
                jobs[-1][1].setdefault(found.group(1), found.group(2))
        return jobs

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit a file of the project; the text must be there."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")


TEST_MODEL = {
    "name": "smollm2", "kind": "embedded", "model": "smollm2-135m-instruct", "context": 2048, "slots": 1,
    "threads": 2, "temperature": 0.0, "seed": 0, "frequency_penalty": 0.0,
}  # fmt: skip
"""The smallest real model: it proves the plumbing, not the quality."""


def small_sample(workflow: Workflow, subtitles: int) -> list[str]:
    """Cut the sample's table to a few movies with subtitles, one with sound, the silent and the missing one.

    Returns:
        Ids of the movies kept.
    """
    table = workflow.folder / "resources/sample/movies.csv"
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    narrated = {path.stem for path in (workflow.folder / "resources/sample/narrations").glob("*.txt")}
    sound = [
        row for row in rows if Path(row["media"]).suffix in (".ogg", ".flac", ".mp3", ".wav", ".m4a", ".opus")
    ]
    spoken = [row for row in sound if row["id"] in narrated]
    silent = [row for row in sound if row["id"] not in narrated]
    written = [row for row in rows if row["media"] and row not in sound]
    kept = written[:subtitles] + spoken[:1] + silent + [row for row in rows if not row["media"]]
    with open(table, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    return [row["id"] for row in kept]


def small_genres(text: str) -> dict[str, object]:
    """The settings ``genres`` of a small run: three folds, made-up extra texts, an encoder that reads a text, words beside it."""
    encoder = {"encoder": "minilm-distilbert", "epochs": 1, "learning_rate": 0.0002, "tokens": 64, "batch": 8}
    return {
        "held_out": 0.3,
        "folds": 3,
        "texts": [text],
        "extra_texts": {"sources": [{"name": str(EXTRA_TEXTS)}], "validation": 0.2, "test": 0.2},
        "systems": [
            {"name": "words", "kind": "tfidf"},
            {"name": "minilm-distilbert", "kind": "encoder", "settings": encoder},
        ],
    }
