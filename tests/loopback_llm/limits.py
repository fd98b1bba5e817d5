"""The service's own limits: sliding windows, and the headers of both dialects."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from dataclasses import dataclass, field

MINUTE, DAY = 60.0, 86_400.0


@dataclass(frozen=True)
class Excess:
    """Why a request is one too many.

    Attributes:
        kind: ``requests`` or ``tokens``.
        window: What the service calls the window.
        limit: Most of it that the window may hold.
        used: How much it holds.
        requested: How much more was asked for.
        wait: Seconds until there is room; infinity where there never is.
    """

    kind: str
    window: str
    limit: int
    used: int
    requested: int
    wait: float

    @property
    def too_large(self) -> bool:
        """Whether the request alone is more than the window may hold."""
        return math.isinf(self.wait)

    def told(self, model: str) -> str:
        """The services' sentence."""
        if self.too_large:
            return (
                f"Request too large for model `{model}` in organization `o` on {self.window}: Limit {self.limit}, "
                f"Requested {self.requested}, please reduce your message size and try again."
            )
        return (
            f"Rate limit reached for model `{model}` in organization `o` on {self.window}: Limit {self.limit}, "
            f"Used {self.used}, Requested {self.requested}. Please try again in {duration(self.wait)}."
        )


@dataclass
class Limits:
    """What an account may ask, in any window of that length. A request that is refused does not count.

    Attributes:
        requests_per_minute: Most requests; None for no limit.
        tokens_per_minute: Most tokens, read and written; None for no limit.
        requests_per_day: Most requests; None for no limit.
    """

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    requests_per_day: int | None = None
    _asked: list[tuple[float, int]] = field(default_factory=list)

    def take(self, tokens: int) -> Excess | None:
        """Count a request, or say why it is one too many."""
        now = time.time()
        found = [
            excess
            for kind, window, limit, span, amount in (
                ("requests", "requests per minute (RPM)", self.requests_per_minute, MINUTE, 1),
                ("tokens", "tokens per minute (TPM)", self.tokens_per_minute, MINUTE, tokens),
                ("requests", "requests per day (RPD)", self.requests_per_day, DAY, 1),
            )
            if limit is not None
            and (excess := self._excess(kind, window, limit, self._window(kind, span, now), amount, now))
        ]
        if found:
            return max(found, key=lambda excess: excess.wait)
        del self._asked[: self._first_after(now - DAY)]
        self._asked.append((now, tokens))
        return None

    def headers(self, *, groq: bool) -> dict[str, str]:
        """What is left: Groq's requests are those of a day, OpenAI's those of a minute; tokens are a minute's.

        The reset is when the oldest that counts leaves the window.
        """
        now = time.time()
        most, span = (self.requests_per_day, DAY) if groq else (self.requests_per_minute, MINUTE)
        said: dict[str, str] = {}
        for kind, limit, window in (("requests", most, span), ("tokens", self.tokens_per_minute, MINUTE)):
            if limit is None:
                continue
            counted = self._window(kind, window, now)
            left = max(0, limit - sum(amount for _, amount in counted))
            said |= {
                f"x-ratelimit-limit-{kind}": str(limit),
                f"x-ratelimit-remaining-{kind}": str(left),
                f"x-ratelimit-reset-{kind}": duration(counted[0][0] - now if counted else 0.0),
            }
        return said

    def _first_after(self, moment: float) -> int:
        return bisect_right(self._asked, moment, key=lambda asked: asked[0])

    def _window(self, kind: str, span: float, now: float) -> list[tuple[float, int]]:
        """When each request of a window leaves it, and how much it counts."""
        asked = self._asked[self._first_after(now - span) :]
        return [(at + span, tokens if kind == "tokens" else 1) for at, tokens in asked]

    @staticmethod
    def _excess(
        kind: str, window: str, limit: int, counted: list[tuple[float, int]], amount: int, now: float
    ) -> Excess | None:
        used = left = sum(count for _, count in counted)
        if used + amount <= limit:
            return None
        wait = math.inf
        for leaves, count in counted:
            left -= count
            if left + amount <= limit:
                wait = leaves - now
                break
        return Excess(kind, window, limit, used, amount, wait)


def duration(seconds: float) -> str:
    """A length of time as both services write it (Go's form).

    >>> duration(0), duration(0.012), duration(7.66), duration(179.56), duration(360), duration(3600)
    ('0s', '12ms', '7.66s', '2m59.56s', '6m0s', '1h0m0s')
    """
    milliseconds = round(seconds * 1000)
    if 0 < milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    before = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{before}{rest / 1000:g}s"
