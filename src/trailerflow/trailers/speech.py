"""Speech recognition as the per-movie program sees it: a cache, and behind it the warm faster-whisper server.

Nothing here imports the engine: a movie whose speech is in the cache costs the start of Python and a hash of
the file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json
from trailerflow.models import model_folder, model_hash

LONGEST_WAIT = 3600.0
"""Seconds for one file, those asked for before it included."""

NO_SPEECH_PROBABILITY = 0.6
LOW_LOG_PROBABILITY = -0.5


class AudioError(Exception):
    """A file that cannot be heard; the message says why."""


@dataclass(frozen=True)
class SpeechSettings:
    """How speech is recognised.

    Attributes:
        model: Name of a CTranslate2 Whisper model in the model list.
        beam_size: Beams of the search, 1 for the greedy one.
        device: ``cpu``, ``cuda``, or ``auto`` for a GPU where CTranslate2 sees one.
        compute_type: CTranslate2's number format, or ``auto``: float16 on a GPU, int8 on a CPU.
        idle_seconds: The server leaves after so long without a request.
    """

    model: str
    beam_size: int
    device: str
    compute_type: str
    idle_seconds: float

    @classmethod
    def from_json(cls, text: str) -> SpeechSettings:
        """Settings from a JSON object with exactly these keys.

        Raises:
            TrailerflowError: It is none.
        """
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise TrailerflowError(f"The speech settings {text!r} cannot be used ({error}).") from None


@dataclass(frozen=True)
class Recogniser:
    """Asks for the speech of files.

    Attributes:
        settings: How speech is recognised.
        models_folder: Where fetched models lie.
        cache: Folder of the answers, kept for good.
        run: Folder of what lives during a run.
        threads: CPU threads of the server.
    """

    settings: SpeechSettings
    models_folder: Path
    cache: Path
    run: Path
    threads: int

    def recognise(self, path: Path) -> tuple[dict[str, Any], bool]:
        """What is spoken in an audio or video file.

        Returns:
            The server's document (see `trailerflow.trailers.speech_server.transcribe`), and whether it was in
            the cache.

        Raises:
            AudioError: The file is missing, empty, damaged or without sound.
            TrailerflowError: The model was not fetched, or the server does not start or crashes.
        """
        identity = model_hash(self.models_folder, self.settings.model)
        try:
            key = speech_key(path, identity, self.settings)
        except FileNotFoundError:
            raise AudioError("it is no longer there") from None
        kept = self.cache / f"{key}.json"
        if (document := _read_cached(kept)) is not None:
            return document, True
        document = self._ask(path, identity)
        if reason := document.get("unusable"):
            raise AudioError(reason)
        document["made_by"]["model_hash"] = identity
        write_json(kept, document)
        return document, False

    def _ask(self, path: Path, identity: str) -> dict[str, Any]:
        from trailerflow.models.warm_server import ask_server, ensure_server

        settings = self.settings
        server = {
            "model": settings.model,
            "hash": identity,
            "device": settings.device,
            "compute_type": settings.compute_type,
            "threads": self.threads,
        }
        folder = model_folder(self.models_folder, settings.model)
        command = [
            *(sys.executable, "-m", "trailerflow.trailers.speech_server"),
            *("--model", str(folder), "--device", settings.device, "--compute-type", settings.compute_type),
            *("--threads", str(self.threads), "--idle-seconds", str(settings.idle_seconds)),
        ]
        status, body = ask_server(
            lambda: ensure_server("speech", server, self.run, command),
            "/transcribe",
            {"path": str(path.absolute()), "beam_size": settings.beam_size},
            timeout=LONGEST_WAIT,
        )
        try:
            document = json.loads(body)
        except ValueError:
            document = {}
        if status != 200 or not isinstance(document, dict):
            fault = document.get("error") if isinstance(document, dict) else None
            reason = fault or f"it answered with status {status}"
            raise TrailerflowError(f"The speech server could not work on {path}: {reason}.")
        return document


def speech_key(path: Path, model: str, settings: SpeechSettings) -> str:
    """Name of an answer in the cache, made of all that can change it and of nothing else.

    Args:
        path: The file; its content counts, its name does not.
        model: Hash of the model.
        settings: Beam, device and compute type count; the server's idle time does not.
    """
    with open(path, "rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    asked = {
        "audio": content,
        "model": model,
        "beam_size": settings.beam_size,
        "device": settings.device,
        "compute_type": settings.compute_type,
    }
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    return "v1-" + hashlib.sha256(canonical.encode()).hexdigest()


def _read_cached(path: Path) -> dict[str, Any] | None:
    """A kept answer, or None where there is none; a damaged one counts as none and is replaced."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    parts = document.get("segments") if isinstance(document, dict) else None
    keys = {"start", "end", "text", "avg_logprob", "no_speech_prob"}
    whole = isinstance(parts, list) and all(isinstance(part, dict) and keys <= part.keys() for part in parts)
    return document if whole and "duration" in document else None


def spoken_segments(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The segments of an answer in which somebody truly speaks.

    Whisper hears words in music: "Thank you." with a probability of no speech of 0.90 and a mean log
    probability of -0.88 passes its own guard, which asks for one below -1. Both doubts together tell it from
    quiet speech.
    """
    return [
        {"start": part["start"], "end": part["end"], "text": part["text"].strip()}
        for part in document["segments"]
        if part["text"].strip()
        and not (part["no_speech_prob"] > NO_SPEECH_PROBABILITY and part["avg_logprob"] < LOW_LOG_PROBABILITY)
    ]
