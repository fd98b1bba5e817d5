"""Small files of sound as YouTube has them, and files that are not what they seem."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import cast

import av
import numpy as np

SAMPLES = Path(__file__).parents[2] / "resources" / "sample" / "media"
RATE = 48_000
"""Samples a second, of one channel and 16 bits, in the bytes that `m4a` and `webm` take."""

_FRAGMENTED = {"movflags": "empty_moov+default_base_moof", "frag_duration": "5000000"}


def sample_path(name: str = "603") -> Path:
    """A committed clip, Vorbis in Ogg: a minute of spoken English (183, 204, 234, 603), or 20 seconds of noise (56)."""
    return SAMPLES / f"{name}.ogg"


@cache
def speech_bytes(name: str = "603") -> bytes:
    """Content of `sample_path`."""
    return sample_path(name).read_bytes()


@cache
def m4a(source: Path | bytes | None = None, seconds: float | None = None) -> bytes:
    """A sound as AAC in fragmented MP4, which YouTube has as itag 140.

    Args:
        source: A file, or samples (see `RATE`); None for a clip of speech.
        seconds: How much of its beginning; None for all.
    """
    return _encoded(source, seconds, codec="aac", container="mp4", options=_FRAGMENTED)


@cache
def webm(source: Path | bytes | None = None, seconds: float | None = None) -> bytes:
    """A sound as Opus in WebM, which YouTube has as itag 251; see `m4a`."""
    return _encoded(source, seconds, codec="libopus", container="webm", options={})


def silence(seconds: float) -> bytes:
    """Nothing to hear, as `m4a`."""
    return m4a(bytes(2 * round(RATE * seconds)))


@cache
def video_only(seconds: int = 2) -> bytes:
    """An MP4 with a picture and no sound."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10, width=64, height=48, pix_fmt="yuv420p")
        for _ in range(10 * seconds):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), dtype=np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def truncated(content: bytes, share: float) -> bytes:
    """The beginning of a file, as a download that broke off leaves it."""
    return content[: int(len(content) * share)]


def html_page() -> bytes:
    """A web page where a sound should be."""
    return b"<!DOCTYPE html><html><body>Sign in to continue.</body></html>"


def _encoded(
    source: Path | bytes | None, seconds: float | None, *, codec: str, container: str, options: dict[str, str]
) -> bytes:
    samples = source if isinstance(source, bytes) else _samples(source or sample_path())
    if seconds is not None:
        samples = samples[: 2 * round(RATE * seconds)]
    frame = av.AudioFrame.from_ndarray(
        np.frombuffer(samples, dtype=np.int16)[None], format="s16", layout="mono"
    )
    frame.sample_rate = RATE
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container, options=options) as output:
        stream = cast(av.AudioStream, output.add_stream(codec, rate=RATE, layout="mono", bit_rate=48_000))
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return buffer.getvalue()


@cache
def _samples(path: Path) -> bytes:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    frames += resampler.resample(None)
    return b"".join(frame.to_ndarray().tobytes() for frame in frames)
