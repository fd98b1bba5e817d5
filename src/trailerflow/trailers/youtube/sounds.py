"""Names of the sounds that were downloaded, and their removal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

FOLDER = "sounds"
"""Folder of the web's cache with the sounds."""

FORMAT, SUFFIX = re.compile(r"[A-Za-z0-9_-]{1,40}"), re.compile(r"[a-z0-9]{1,8}")

_NAME = re.compile(rf"([A-Za-z0-9_-]{{11}})\.{FORMAT.pattern}\.{SUFFIX.pattern}")


def sound_name(video: str, format_id: str, suffix: Any) -> str:
    """Name of a video's sound.

    Args:
        video: Id of the video, which is one.
        format_id: yt-dlp's number of the format, which is of `FORMAT`.
        suffix: What yt-dlp says that its name ends with.

    >>> sound_name("0123456789a", "140", "m4a"), sound_name("0123456789a", "140", "../x")
    ('0123456789a.140.m4a', '0123456789a.140.audio')
    """
    is_plain = isinstance(suffix, str) and SUFFIX.fullmatch(suffix)
    return f"{video}.{format_id}.{suffix if is_plain else 'audio'}"


def is_sound_of(video: str, name: Any) -> bool:
    """Whether a name is that of a video's sound."""
    named = _NAME.fullmatch(name) if isinstance(name, str) else None
    return named is not None and named[1] == video


def remove_sound(cache: Path, name: str) -> None:
    """Remove a sound that was downloaded; what has no name of one is left alone.

    Args:
        cache: Folder of the web's answers.
        name: Name of the file.
    """
    if _NAME.fullmatch(name):
        (cache / FOLDER / name).unlink(missing_ok=True)
