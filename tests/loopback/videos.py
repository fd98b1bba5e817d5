"""The videos that a test invents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Track:
    """Captions of a video in one language.

    Attributes:
        language: Code of the language.
        name: Name of the track.
        lines: Start and duration in seconds, and the text, of each line.
        generated: Whether YouTube's recogniser wrote them.
        translatable: Whether YouTube offers to translate them.
        po_token: Whether only YouTube's own player gets them.
    """

    language: str
    name: str
    lines: Sequence[tuple[float, float, str]]
    generated: bool = False
    translatable: bool = True
    po_token: bool = False


@dataclass
class Video:
    """A video.

    Attributes:
        id: Eleven characters.
        title: Its title.
        channel: Name of its channel.
        channel_id: Id of its channel.
        duration: Seconds, in the search and on the page; None where the search names none.
        views: How often it was seen.
        verified: Whether the channel has a tick.
        live: Whether it is a live stream that is on the air.
        upcoming: Whether it premieres in five hours.
        short: Whether it is a Short.
        tracks: Its captions.
        audio: Content of its sound by itag: 140 (m4a), 251 and 249 (webm), 18 (with a picture).
        status: Playability status: OK, ERROR, LOGIN_REQUIRED, UNPLAYABLE, LIVE_STREAM_OFFLINE.
        reason: Why it cannot be played.
        subreason: More about why.
        approximate_seconds: Duration that its page names, where that is not ``duration``.
    """

    id: str
    title: str
    channel: str = "Loopback Pictures"
    channel_id: str = "UCloopbackloopbackloopb0"
    duration: int | None = 120
    views: int = 1000
    verified: bool = True
    live: bool = False
    upcoming: bool = False
    short: bool = False
    tracks: Sequence[Track] = ()
    audio: Mapping[int, bytes] = field(default_factory=dict)
    status: str = "OK"
    reason: str | None = None
    subreason: str | None = None
    approximate_seconds: float | None = None

    @property
    def page_seconds(self) -> float:
        """Duration that its page names; 0 for none."""
        return self.approximate_seconds if self.approximate_seconds is not None else self.duration or 0
