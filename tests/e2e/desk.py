"""One movie's programs in a folder of their own, sent to a YouTube on loopback by the environment alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from document_types import check_document
from loopback.server import Server

from trailerflow.outcomes import Outcome, read_outcome, write_outcome

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "pause_seconds": 0,
    "visits_per_day": None,
    "blocked_minutes": 5,
    "cookies": None,
    "contact": None,
}


class Desk:
    """Runs a movie's programs.

    Args:
        folder: Where they work.
        server: The web that they see.
    """

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.server = server

    def run(self, program: str, *arguments: str, settings: dict[str, Any] | None = None) -> Outcome:
        """The outcome of a program, which must end well and write its document as `trailerflow.documents` says."""
        done = self.finished(program, *arguments, settings=settings)
        assert done.returncode == 0, done.stderr
        outcome = read_outcome(self.folder / "results" / program / "1.json")
        check_document(outcome)
        return outcome

    def finished(
        self, program: str, *arguments: str, settings: dict[str, Any] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A program that has ended, well or not."""
        command = [
            *(sys.executable, str(ROOT / "scripts" / f"{program}.py"), *arguments),
            *("--web", json.dumps(SETTINGS | (settings or {})), "--refresh-before"),
            *("--cache", "resources/cache/web", "--run", "run", "--attempt", "0"),
            *("--output", f"results/{program}/1.json"),
        ]
        return subprocess.run(
            command, cwd=self.folder, env=os.environ | self.server.environment, capture_output=True, text=True
        )

    def candidates(self, *videos: str) -> None:
        """Write an outcome of find_trailer that names these videos."""
        listed = [{"kind": "youtube", "video": video, "from": "table"} for video in videos]
        write_outcome(
            Outcome.ok("find_trailer", "1", {"candidates": listed}),
            self.folder / "results/find_trailer/1.json",
        )

    def captions(self, *videos: str, languages: tuple[str, ...] = ("en",), **more: Any) -> Outcome:
        """The outcome of fetch_captions for these videos."""
        self.candidates(*videos)
        return self.run("fetch_captions", *self.captions_arguments(languages), **more)

    @staticmethod
    def captions_arguments(languages: tuple[str, ...] = ("en",)) -> list[str]:
        """What fetch_captions is told beside the web."""
        return ["--trailer", "results/find_trailer/1.json", "--languages", *languages, "--table"]

    def audio(self, *videos: str, speech: str = "{}", **more: Any) -> Outcome:
        """The outcome of fetch_audio for these videos, after that of fetch_captions."""
        self.captions(*videos)
        return self.run("fetch_audio", *self.audio_arguments(speech), **more)

    @staticmethod
    def audio_arguments(speech: str = "{}") -> list[str]:
        """What fetch_audio is told beside the web."""
        return [
            *("--trailer", "results/find_trailer/1.json", "--captions", "results/fetch_captions/1.json"),
            *("--limits", json.dumps({"seconds": 300, "megabytes": 5})),
            *("--speech", speech, "--models-folder", "models", "--speech-cache", "resources/cache/speech"),
        ]

    def asked(self, **which: Any) -> int:
        """How many requests of this kind the site has seen."""
        return len(self.server.journal.of(**which))
