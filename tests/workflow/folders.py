"""A user's folder of their own films, and Snakemake run there on a workflow that lies elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

WORDS = "We all go home tonight and nobody will ever find us there."
SUBTITLE = f"1\n00:00:01,000 --> 00:00:04,000\n{WORDS}\n"
SETTINGS = {
    "catalogue": {"movies": "mine.csv", "archive": None},
    "trailers": {"words": 6, "media": "films"},
    "synopses": {"table": None},
}
FIRST_WORDS = "We all go home tonight and"


class Folder:
    """A folder with a table of two films, one of which has subtitles.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "films").mkdir(parents=True)
        (path / "films" / "Home (1959).srt").write_text(SUBTITLE)
        (path / "mine.csv").write_text("id,title,year\nhome,Home,1959\nmute,Mute,1931\n")

    def write(self, name: str, content: str | dict) -> Path:
        """Write a file of the folder; what is no text is written as YAML."""
        place = self.path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
        return place

    def text(self, movie: str = "home", results: str = "results") -> str:
        """The prepared transcript of a movie."""
        document = json.loads((self.path / results / "prepare_transcript" / f"{movie}.json").read_text())
        return document["data"]["text"]


def snakemake(
    folder: Path, *arguments: str, check: bool = True, python: str = sys.executable, **environment: str
) -> str:
    """Run Snakemake in a folder.

    Returns:
        All that it said.
    """
    done = subprocess.run(
        [python, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert (done.returncode == 0) == check, said[-6000:]
    return said
