"""The service's own limits, with the headers of both dialects."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

MINUTE, DAY = 60.0, 86_400.0


@dataclass
class Limits:
    """What an account may ask: sliding windows, as the services keep them.

    Attributes:
        requests_per_minute: Most requests of any 60 s; None for no limit.
        tokens_per_minute: Most tokens of any 60 s; None for no limit.
        requests_per_day: Most requests of any day; None for no limit.
    """

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    requests_per_day: int | None = None
    _asked: list[tuple[float, int]] = field(default_factory=list)

    def refuses(self) -> float | None:
        """Seconds to wait where the next request is one too many, or None."""
        now = time.time()
        counted = (
            (self.requests_per_minute, MINUTE, [(at, 1) for at, _ in self._asked]),
            (self.requests_per_day, DAY, [(at, 1) for at, _ in self._asked]),
            (self.tokens_per_minute, MINUTE, self._asked),
        )
        for most, span, entries in counted:
            recent = [(at, count) for at, count in entries if at > now - span]
            if most is not None and sum(count for _, count in recent) >= most:
                return recent[0][0] + span - now
        return None

    def count(self, tokens: int) -> None:
        """Note a request that is answered."""
        self._asked.append((time.time(), tokens))

    def headers(self, *, groq: bool) -> dict[str, str]:
        """What is left: Groq's requests are those of a day, OpenAI's those of a minute; tokens are a minute's."""
        now = time.time()
        said: dict[str, str] = {}
        most, span = (self.requests_per_day, DAY) if groq else (self.requests_per_minute, MINUTE)
        for name, limit, window, counts in (
            ("requests", most, span, [(at, 1) for at, _ in self._asked]),
            ("tokens", self.tokens_per_minute, MINUTE, self._asked),
        ):
            if limit is None:
                continue
            recent = [(at, count) for at, count in counts if at > now - window]
            left = max(0, limit - sum(count for _, count in recent))
            reset = recent[0][0] + window - now if recent else 0.0
            said |= {
                f"x-ratelimit-limit-{name}": str(limit),
                f"x-ratelimit-remaining-{name}": str(left),
                f"x-ratelimit-reset-{name}": f"{int(reset // 60)}m{reset % 60:.2f}s",
            }
        return said
