"""What was asked, in the order in which it was asked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import RLock

from loopback.messages import Asked, Request


@dataclass
class Entry:
    """One request. It is entered when it arrives; what is said of its answer is filled in when that is over.

    Attributes:
        time: When it arrived, in seconds since the epoch.
        method: HTTP method.
        host: Name of the host.
        route: Which kind of request it was (see `loopback.faults.ROUTES`), the name of a host of `loopback.apis`,
            ``other`` for a path of YouTube's that is not played, or ``foreign`` for a host that is not played.
        video: Id of the video it was about; for a fault of another video, still the one asked for.
        target: Path and query.
        status: Status of the answer; None until its head was sent.
        fault: The fault that disturbed the answer, as it was scripted; ``block`` during a block of the whole site.
        whole: Whether an answer without a fault was written to the socket to its last byte.
        sent: How many bytes of the answer's body were written to the socket.
        asked: The words of a search; the name of the client that asked for a player.
    """

    time: float
    method: str
    host: str
    route: str
    video: str | None
    target: str
    status: int | None = None
    fault: str | None = None
    whole: bool = False
    sent: int = 0
    asked: str | None = None


class Journal:
    """The requests so far, for any thread.

    Attributes:
        lock: Held while an answer's last byte is written and noted: whoever has read an answer to its end finds it in
            the journal as whole.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self._entries: list[Entry] = []

    def enter(self, request: Request, asked: Asked) -> Entry:
        """Note a request that has arrived."""
        entry = Entry(
            time=time.time(),
            method=request.method,
            host=request.host,
            route=asked.route,
            video=asked.video,
            target=request.target,
            asked=asked.words,
        )
        with self.lock:
            self._entries.append(entry)
        return entry

    @property
    def entries(self) -> list[Entry]:
        """All requests, the first first."""
        with self.lock:
            return list(self._entries)

    def of(self, route: str | None = None, video: str | None = None, host: str | None = None) -> list[Entry]:
        """The requests of a route, about a video, or to a host."""
        return [
            entry
            for entry in self.entries
            if route in (None, entry.route) and video in (None, entry.video) and host in (None, entry.host)
        ]

    def clear(self) -> None:
        """Forget all requests."""
        with self.lock:
            self._entries.clear()
