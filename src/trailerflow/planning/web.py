"""Whether a movie's job may ask a site, and what of the web's settings then counts for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

TABLE = "table"
"""The one source that is no site: the user's own table."""


def asks_for_trailer(sources: Sequence[str], named: str | None) -> bool:
    """Whether a movie's trailer may be sought on the web.

    Args:
        sources: ``trailers.sources``.
        named: What the movie's row names as its trailer, if anything.
    """
    return bool(TABLE in sources and named) or bool(set(sources) - {TABLE})


def synopsis_sources(sources: Sequence[str], is_in_table: bool) -> list[str]:
    """The sources that may be asked for a movie's synopsis: none after the table where the table has it.

    Args:
        sources: The configured sources in their order; they hold ``table`` where the movie is in it.
        is_in_table: Whether the user's table has the movie's synopsis.
    """
    return list(sources[: sources.index(TABLE) + 1] if is_in_table else sources)


def asks_for_synopsis(sources: Sequence[str]) -> bool:
    """Whether any of a movie's sources is a site."""
    return set(sources) != {TABLE}


def refresh_time(refresh_before: str, asks: bool) -> str:
    """The time before which answers are asked for again; empty where a job asks nobody, so that no time reruns it."""
    return refresh_before if asks else ""


def audio_limits(audio: Mapping[str, int], asks: bool) -> str:
    """Limits of a download as JSON; 0 where nothing is downloaded, so that other limits rerun nothing there.

    Args:
        audio: The section ``trailers.audio``.
        asks: Whether the movie's sound may be sought on the web.
    """
    return json.dumps({name: audio[name] if asks else 0 for name in ("seconds", "megabytes")})
