"""YouTube as a source of trailers: its captions, its search and its sound, asked through one pace."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

SITE = "youtube.com"
VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")


class GoneError(Exception):
    """A video that nobody will get from here (private, deleted, blocked by age or country); the message says why."""


def check_video(video: str) -> None:
    """Make sure that an id is one: names of files and folders are made of it.

    Raises:
        GoneError: It is none, so there is no such video.
    """
    if VIDEO.fullmatch(video) is None:
        raise GoneError(f"{video[:40]!r} is no id of a YouTube video")


def video_id(text: str) -> str | None:
    """The video that an id or an address names, or None.

    >>> video_id("https://youtu.be/0123456789a?t=3"), video_id("toy-story.srt")
    ('0123456789a', None)
    """
    if VIDEO.fullmatch(text):
        return text
    try:
        address = urlsplit(text)
    except ValueError:
        return None
    host = (address.hostname or "").removeprefix("www.").removeprefix("m.")
    named = ""
    if host == "youtu.be":
        named = address.path.strip("/")
    elif host in ("youtube.com", "youtube-nocookie.com"):
        first, _, rest = address.path.strip("/").partition("/")
        named = (
            rest if first in ("shorts", "embed", "v", "live") else parse_qs(address.query).get("v", [""])[0]
        )
    return named if VIDEO.fullmatch(named) else None
