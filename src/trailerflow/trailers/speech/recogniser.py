"""Speech recognition as the per-movie program sees it: a cache, and behind it the warm faster-whisper server.

Nothing here imports the engine: a movie whose speech is in the cache costs the start of Python and a hash of
the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from trailerflow.answers import AnswerStore
from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256
from trailerflow.models import model_folder, model_hash
from trailerflow.models.store import manifest_path
from trailerflow.models.translating import WHISPER_TARGET
from trailerflow.outside import OutsideError, parse_json
from trailerflow.places import module_command
from trailerflow.trailers.language import told_language

if TYPE_CHECKING:
    from trailerflow.documents import SaidIn

LONGEST_WAIT = 3600.0
"""Seconds for one file, those asked for before it included."""

TRANSCRIBE, TRANSLATE = "transcribe", "translate"
"""Whisper's tasks."""


class AudioError(Exception):
    """A file that cannot be heard; the message says why."""


@dataclass(frozen=True)
class SpeechSettings:
    """How speech is recognised.

    Attributes:
        model: Name of a CTranslate2 Whisper model in the model list.
        pipeline: ``careful`` (one window after the other) or ``batched`` (several at once).
        batch: Windows at once of the batched pipeline, None for 8 on a CPU and 16 on a GPU; None for the careful one.
        beam_size: Beams of the search, 1 for the greedy one.
        device: ``cpu``, ``cuda``, or ``auto`` for a GPU where CTranslate2 sees one.
        compute_type: CTranslate2's number format, or ``auto``: float16 on a GPU, int8 on a CPU.
        translate: Whether what is heard in another language than English is heard once more, into English.
        idle_seconds: The server leaves after so long without a request.
    """

    model: str
    pipeline: str
    batch: int | None
    beam_size: int
    device: str
    compute_type: str
    translate: bool
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

    def recognise(self, path: Path, sha256: str | None = None) -> tuple[dict[str, Any], bool]:
        """What is spoken in an audio or video file.

        Args:
            path: The file; it need not be there any more where its hash is given and its speech is in the cache.
            sha256: Hash of its content, where it is known.

        Returns:
            The server's document (see `trailerflow.trailers.speech.speech_server.transcribe`), with the one of its
            translation under ``translation`` where the settings ask for it and another language than English was
            heard with a probability of at least one half; and whether all of it was in the cache.

        Raises:
            AudioError: The file is missing, empty, damaged or without sound.
            TrailerflowError: The model was not fetched, or the server does not start or crashes.
        """
        try:
            audio = sha256 or file_sha256(path)
        except FileNotFoundError:
            raise AudioError("it is no longer there") from None
        document, cached = self._answer(path, audio, TRANSCRIBE)
        if not _translates(document, self.settings):
            return document, cached
        translation, translation_cached = self._answer(path, audio, TRANSLATE)
        return document | {"translation": translation}, cached and translation_cached

    def _answer(self, path: Path, audio: str, task: str) -> tuple[dict[str, Any], bool]:
        """The answer about a file by its hash, and whether it was in the cache."""
        identity = model_hash(self.models_folder, self.settings.model)
        request = speech_request(audio, identity, self.settings, task)
        store = AnswerStore(self.cache)
        if kept := store.get(request):
            return kept.answer, True
        document = self._ask(path, identity, task)
        if reason := document.get("unusable"):
            raise AudioError(reason)
        document["made_by"]["model_hash"] = identity
        store.put(request, document)
        return document, False

    def _ask(self, path: Path, identity: str, task: str) -> dict[str, Any]:
        from trailerflow.servers.warm_server import ask_server, ensure_server

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
            *module_command("trailerflow.trailers.speech.speech_server"),
            *(f"--model={folder}", "--device", settings.device, "--compute-type", settings.compute_type),
            *("--threads", str(self.threads), "--idle-seconds", str(settings.idle_seconds)),
        ]
        status, body = ask_server(
            lambda: ensure_server("speech", server, self.run, command),
            "/transcribe",
            {
                "path": str(path.absolute()),
                "task": task,
                "pipeline": settings.pipeline,
                "batch": settings.batch,
                "beam_size": settings.beam_size,
            },
            timeout=LONGEST_WAIT,
        )
        try:
            document = parse_json(body)
        except OutsideError:
            document = {}
        if status != 200 or not isinstance(document, dict):
            fault = document.get("error") if isinstance(document, dict) else None
            reason = fault or f"it answered with status {status}"
            raise TrailerflowError(f"The speech server could not work on {path}: {reason}.")
        return document


def speech_request(audio: str, model: str, settings: SpeechSettings, task: str) -> dict[str, Any]:
    """What an answer in the cache is named by: all that can change it and nothing else.

    Args:
        audio: sha256 of the file; its name does not count.
        model: Hash of the model.
        settings: Its idle time does not count, nor whether a translation is wanted as well.
        task: `TRANSCRIBE` or `TRANSLATE`.
    """
    return {
        "audio": audio,
        "model": model,
        "task": task,
        "pipeline": settings.pipeline,
        "batch": settings.batch,
        "beam_size": settings.beam_size,
        "device": settings.device,
        "compute_type": settings.compute_type,
    }


def is_recognised(audio: str, settings: SpeechSettings, *, models_folder: Path, cache: Path) -> bool:
    """Whether all that `Recogniser.recognise` would ask about a file is in the cache, so that the file is not needed.

    Args:
        audio: sha256 of the file.
        settings: How speech is recognised.
        models_folder: Where fetched models lie.
        cache: Folder of the answers.
    """
    if not manifest_path(models_folder, settings.model).exists():
        return False
    store, identity = AnswerStore(cache), model_hash(models_folder, settings.model)
    heard = store.get(speech_request(audio, identity, settings, TRANSCRIBE))
    if heard is None:
        return False
    translation = speech_request(audio, identity, settings, TRANSLATE)
    return not _translates(heard.answer, settings) or store.get(translation) is not None


def _translates(document: Mapping[str, Any], settings: SpeechSettings) -> bool:
    return settings.translate and told_language(cast("SaidIn", document)) not in (None, WHISPER_TARGET)
