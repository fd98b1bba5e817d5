"""faster-whisper as a warm service: ``python -m trailerflow.trailers.speech.speech_server --help``.

``POST /transcribe`` with ``{"path", "task", "pipeline", "batch", "beam_size"}`` gives the document of `transcribe`. The
caller is on the same node and sends the place of the file, not its content.
"""

from __future__ import annotations

import argparse
import os
import secrets
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.program import run
from trailerflow.servers.serving import add_server_arguments, serve

SAMPLE_RATE = 16_000
LEAST_SECONDS = 0.1
"""A shorter file holds no word."""

BATCH = {"cpu": 8, "cuda": 16}
"""Windows at once of the batched pipeline where the configuration names no number."""

MISSING_SHARE = 0.1
"""A file that gives less sound than its head promises, by this share and by a second, was cut."""


def choose_device(device: str, compute_type: str) -> tuple[str, str]:
    """The device and number format to use: for ``auto`` a GPU with float16 where there is one, else int8."""
    import ctranslate2

    if device == "auto":
        device = "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"
    if compute_type == "auto":
        compute_type = "float16" if device == "cuda" else "int8"
    return device, compute_type


def load_model(folder: Path, *, device: str, compute_type: str, threads: int) -> Any:
    """Load a CTranslate2 Whisper model from a folder, without asking the hub.

    Args:
        folder: Folder with model.bin, config.json, tokenizer.json and the vocabulary.
        device: ``cpu`` or ``cuda``.
        compute_type: CTranslate2's number format.
        threads: CPU threads.

    Returns:
        The ``faster_whisper.WhisperModel``.

    Raises:
        TrailerflowError: CTranslate2 cannot load it.
    """
    # ONNX Runtime, which finds the speech, reports its use to its maker otherwise; it reads this when it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(
            str(folder),
            device=device,
            compute_type=compute_type,
            cpu_threads=threads,
            num_workers=1,
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise TrailerflowError(
            f"faster-whisper cannot load {folder} on {device} as {compute_type}: {error}."
        ) from None


def transcribe(
    model: Any, path: Path, *, task: str, pipeline: str, batch: int, beam_size: int
) -> dict[str, Any]:
    """Recognise the speech of a file.

    Args:
        model: From `load_model`.
        path: Audio or video file in any format that FFmpeg decodes.
        task: ``transcribe``, or ``translate`` for English whatever is spoken.
        pipeline: ``careful`` or ``batched``, see `hear`.
        batch: Windows at once of the batched pipeline.
        beam_size: Beams of the search.

    Returns:
        ``segments`` (start and end in seconds, text, avg_logprob, no_speech_prob, compression_ratio), ``language``
        that is spoken and ``language_probability`` (both None for a model of one language, which hears every file
        in it), ``duration`` in seconds, ``missing_seconds`` that a cut file promises and does not hold,
        ``seconds`` of work; or only ``unusable`` with the reason why the file cannot be heard.
    """
    started = time.perf_counter()
    try:
        samples, missing = decode(path)
    except UnusableAudioError as error:
        return {"unusable": str(error)}
    parts, info = heard_as_it_fits(
        model, samples, task=task, pipeline=pipeline, batch=batch, beam_size=beam_size
    )
    segments = [
        {
            "start": round(part.start, 2),
            "end": round(part.end, 2),
            "text": part.text,
            "avg_logprob": round(part.avg_logprob, 4),
            "no_speech_prob": round(part.no_speech_prob, 4),
            "compression_ratio": round(part.compression_ratio, 2),
        }
        for part in parts
    ]
    many_languages = model.model.is_multilingual
    return {
        "segments": segments,
        "language": info.language if many_languages else None,
        "language_probability": round(info.language_probability, 4) if many_languages else None,
        "duration": round(len(samples) / SAMPLE_RATE, 2),
        "missing_seconds": missing,
        "seconds": round(time.perf_counter() - started, 3),
    }


def heard_as_it_fits(model: Any, samples: Any, *, batch: int, **options: Any) -> tuple[list[Any], Any]:
    """`hear` to the end, with half of the windows at once wherever the GPU has no memory for them; arguments as there.

    Raises:
        RuntimeError: CTranslate2 cannot hear even one window at a time, or for another reason.
    """
    while True:
        try:
            parts, facts = hear(model, samples, batch=batch, **options)
            return list(parts), facts
        except RuntimeError as error:
            if "out of memory" not in str(error) or batch == 1:
                raise
            batch //= 2


def hear(
    model: Any, samples: Any, *, task: str, pipeline: str, batch: int, beam_size: int
) -> tuple[Iterable[Any], Any]:
    """Run one of faster-whisper's two pipelines, both with voice detection.

    The careful one hears each window on its own text, since one that sees the text before it repeats itself after
    music, and hears it again at other temperatures where the text is unlikely or repeats itself. The batched one
    hears windows of up to 30 s, each a segment, once and several at a time, and ignores all guards.

    Args:
        model: From `load_model`.
        samples: Mono at 16 kHz, float32 of shape (n,).
        task: ``transcribe`` or ``translate``.
        pipeline: ``careful`` or ``batched``.
        batch: Windows at once of the batched pipeline.
        beam_size: Beams of the search.

    Returns:
        faster-whisper's segments, which are heard while they are read, and its facts on the file.
    """
    options: dict[str, Any] = {"task": task, "beam_size": beam_size, "vad_filter": True}
    if pipeline == "batched":
        from faster_whisper import BatchedInferencePipeline

        parts, facts = BatchedInferencePipeline(model).transcribe(samples, batch_size=batch, **options)
    else:
        parts, facts = model.transcribe(samples, condition_on_previous_text=False, **options)
    return parts, facts


class UnusableAudioError(Exception):
    """A file without sound that can be decoded; the message says why."""


def decode(path: Path) -> tuple[Any, float]:
    """Decode a file's first sound track.

    Returns:
        Samples, float32 of shape (n,), mono at 16 kHz; and the seconds that the file's head promises in
        addition.

    Raises:
        UnusableAudioError: It is empty, damaged or without sound.
    """
    import av
    from faster_whisper import decode_audio

    try:
        if path.stat().st_size == 0:
            raise UnusableAudioError("it is empty")
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise UnusableAudioError("it has no sound track")
            promised = (container.duration or 0) / av.time_base
        samples = decode_audio(str(path), sampling_rate=SAMPLE_RATE)
    except FileNotFoundError:
        raise UnusableAudioError("it is no longer there") from None
    except (av.error.FFmpegError, IndexError) as error:
        reason = getattr(error, "strerror", None) or "its sound track cannot be read"
        raise UnusableAudioError(f"it is damaged or no audio file ({reason.lower()})") from None
    seconds = len(samples) / SAMPLE_RATE
    if seconds < LEAST_SECONDS:
        raise UnusableAudioError("it holds no sound")
    missing = promised - seconds
    return samples, round(missing, 2) if missing > max(1.0, MISSING_SHARE * promised) else 0.0


def main() -> None:
    """Serve until idle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of a CTranslate2 Whisper model")
    parser.add_argument("--device", required=True, help="cpu, cuda or auto")
    parser.add_argument("--compute-type", required=True, help="CTranslate2's number format, or auto")
    add_server_arguments(parser)
    arguments = parser.parse_args()
    # The feature extraction is numpy's, whose own threads would come on top of CTranslate2's.
    os.environ.update(OMP_NUM_THREADS=str(arguments.threads), OPENBLAS_NUM_THREADS="1")
    device, compute_type = choose_device(arguments.device, arguments.compute_type)
    model = load_model(arguments.model, device=device, compute_type=compute_type, threads=arguments.threads)
    made_by = {
        "model": arguments.model.name,
        "device": device,
        "compute_type": compute_type,
        "faster-whisper": version("faster-whisper"),
        "ctranslate2": version("ctranslate2"),
    }

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        document = transcribe(
            model,
            Path(body["path"]),
            task=body["task"],
            pipeline=body["pipeline"],
            batch=body["batch"] or BATCH[device],
            beam_size=body["beam_size"],
        )
        return document | {"made_by": made_by | {"pipeline": body["pipeline"]}}

    serve(arguments.endpoint, secrets.token_urlsafe(24), {"/transcribe": answer}, arguments.idle_seconds)


if __name__ == "__main__":
    run(main)
