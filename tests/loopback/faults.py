"""What goes wrong on the web, one request after another, and a block of the whole site."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock

from loopback.messages import Answer, page

ROUTES = frozenset(
    {
        "home", "search", "watch", "player", "timedtext", "media", "iframe_api", "player_js", "next", "embed",
    }
)  # fmt: skip
"""What YouTube is asked for. The names of other hosts are routes too."""

PAGES_OF_A_VIDEO = frozenset({"watch", "player", "timedtext", "media", "embed"})
"""Requests of these routes count for `Faults.block_after_videos`."""

NAMES = frozenset(
    {
        "empty", "html", "recaptcha", "nokey", "consent", "badjson", "nops", "hang", "reset", "truncate", "slow",
        "othervideo", "bot", "trylater", "drip", "driphead", "endless", "bomb", "deep", "brotli",
    }
)  # fmt: skip

_ONLY_AT = {
    "nops": {"player"},
    "othervideo": {"watch", "player", "timedtext"},
    "bot": ROUTES,
    "trylater": {"watch", "player"},
}
_OPTIONS = {"hang": {"seconds"}, "slow": {"seconds"}, "trylater": {"status"}}
_BOMB_BYTES, _DEPTH = 20_000_000, 300_000


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        text: As it was scripted.
        name: A status, or one of `NAMES`.
        seconds: How long ``hang`` keeps silent, or ``slow`` takes.
        retry: Value of the ``Retry-After`` header.
        to: Where a redirect leads.
        body: How a body is sent that is no page: ``endless`` or ``drip``.
        playability: The status that ``trylater`` comes with.
    """

    text: str
    name: str
    seconds: float = 0.0
    retry: str | None = None
    to: str | None = None
    body: str | None = None
    playability: str = "UNPLAYABLE"


class Faults:
    """The faults that a test scripts.

    Args:
        hang_seconds: How long ``hang`` keeps silent before it closes the connection.
        slow_seconds: How long ``slow`` takes for the body.
    """

    def __init__(self, hang_seconds: float = 5.0, slow_seconds: float = 3.0) -> None:
        self._seconds = {"hang": hang_seconds, "slow": slow_seconds}
        self._scripts: dict[tuple[str, str | None], list[str]] = {}
        self._lock = Lock()
        self._limit: int | None = None
        self._block_fault = Fault("block", "429")
        self._seen: set[str] = set()
        self._blocked = False

    def script(self, route: str, faults: Sequence[str], video: str | None = None) -> None:
        """Say what happens to the next requests of a route.

        Each request takes one fault off the list; after the last one all is well. A fault is ``ok`` (none), a status
        (``429``, ``503``, with a header ``429:retry=90`` or ``302:to=https://elsewhere.example/,body=endless``), or one of `NAMES`
        (``hang:seconds=2``, ``slow:seconds=2``, ``trylater:status=ERROR``). The last one stays for good where it ends
        with ``*``.

        ``drip`` sends the body a byte at a time and never ends, ``driphead`` the head; ``endless`` has no length and
        no end; a ``bomb`` is small until it is unpacked; ``deep`` is JSON in 300,000 levels; ``brotli`` is packed as
        nobody asked for.

        Args:
            route: One of `ROUTES`, or the name of a host of `loopback.apis`.
            faults: The faults in their order; they take the place of those that were scripted before.
            video: Only for requests about this video; such a list comes before the one for all videos.

        Raises:
            ValueError: There is no such route or fault, or one that is not the last is to stay for good.
        """
        if route not in ROUTES and "." not in route:
            raise ValueError(f"there is no route {route!r}")
        if any(text.endswith("*") for text in faults[:-1]):
            raise ValueError("only the last fault can stay for good")
        for text in faults:
            self._parse(text.removesuffix("*"), route)
        with self._lock:
            self._scripts[route, video] = list(faults)

    def block_after_videos(self, count: int, mode: str = "429", retry: str | None = None) -> None:
        """Block the whole site from the first request about the next video after so many different ones.

        Args:
            count: How many different videos may be asked for, from now on.
            mode: ``429``, or ``bot`` for the wall that wants proof of a person.
            retry: Value of the ``Retry-After`` header of mode ``429``.

        Raises:
            ValueError: There is no such mode.
        """
        if mode not in ("429", "bot"):
            raise ValueError(f"there is no block of mode {mode!r}")
        with self._lock:
            self._limit, self._blocked = count, False
            self._seen.clear()
            self._block_fault = Fault("block", mode, retry=retry)

    def lift(self) -> None:
        """End the block; the site counts videos no more."""
        with self._lock:
            self._limit, self._blocked = None, False

    @property
    def blocked(self) -> bool:
        """Whether the whole site is blocked now."""
        with self._lock:
            return self._blocked

    def take(self, route: str, video: str | None) -> Fault | None:
        """The fault of a request that has arrived; None where all is well."""
        with self._lock:
            if route in ROUTES and self._is_blocked(route, video):
                return self._block_fault
            text = self._next(route, video) or (self._next(route, None) if video else None) or "ok"
        return None if text == "ok" else self._parse(text, route)

    def _is_blocked(self, route: str, video: str | None) -> bool:
        if self._limit is not None and video and route in PAGES_OF_A_VIDEO:
            self._seen.add(video)
            self._blocked = self._blocked or len(self._seen) > self._limit
        return self._blocked

    def _next(self, route: str, video: str | None) -> str | None:
        script = self._scripts.get((route, video))
        if not script:
            return None
        if len(script) == 1 and script[0].endswith("*"):
            return script[0].removesuffix("*")
        return script.pop(0).removesuffix("*")

    def _parse(self, text: str, route: str) -> Fault:
        name, _, rest = text.partition(":")
        options = dict(option.split("=", 1) for option in rest.split(",") if option)
        allowed = {"retry", "to", "body"} if name.isdigit() else _OPTIONS.get(name, set())
        if not (name.isdigit() or name in NAMES or name == "ok") or not options.keys() <= allowed:
            raise ValueError(f"there is no fault {text!r}")
        if route not in _ONLY_AT.get(name, {route}):
            raise ValueError(f"{name} can only befall {', '.join(sorted(_ONLY_AT[name]))}")
        return Fault(
            text=text,
            name=name,
            seconds=float(options.get("seconds", self._seconds.get(name, 0.0))),
            retry=options.get("retry"),
            to=options.get("to"),
            body=options.get("body"),
            playability=options.get("status", "UNPLAYABLE"),
        )


def disturbed(fault: Fault, answer: Answer) -> Answer:
    """An answer as a fault makes it; faults of the connection leave it as it is."""
    if fault.name.isdigit():
        refused = refusal(int(fault.name), fault.retry)
        return replace(refused, headers={**refused.headers, "Location": fault.to}) if fault.to else refused
    if fault.name in _PACKED:
        return replace(
            answer, headers={**answer.headers, "Content-Encoding": _PACKED[fault.name]}, body=_bomb()
        )
    if fault.name in _PAGES:
        return page(_PAGES[fault.name])
    bodies = {
        "empty": b"",
        "nokey": answer.body.replace(b"INNERTUBE_API_KEY", b"INNERTUBE_NO_KEY"),
        "badjson": answer.body[: len(answer.body) // 2],
        "deep": b"[" * _DEPTH + b"]" * _DEPTH,
    }
    return replace(answer, body=bodies.get(fault.name, answer.body))


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(_BOMB_BYTES))


def refusal(status: int, retry: str | None = None) -> Answer:
    """A page that refuses; a 429 is the one that wants a captcha solved."""
    answer = page(_PAGES["recaptcha"] if status == 429 else _PAGES["html"], status)
    return replace(answer, headers={**answer.headers, "Retry-After": retry}) if retry else answer


_PACKED = {"bomb": "gzip", "brotli": "br"}
_PAGES = {
    "html": "<!DOCTYPE html><html><body>Something went wrong.</body></html>",
    "recaptcha": (
        "<!DOCTYPE html><html><body>Our systems have detected unusual traffic from your computer network."
        '<div class="g-recaptcha"></div></body></html>'
    ),
    "consent": (
        '<!DOCTYPE html><html><body><form action="https://consent.youtube.com/s" method="POST">'
        '<input type="hidden" name="v" value="cb.20261101"></form></body></html>'
    ),
}
