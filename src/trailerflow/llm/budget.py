"""What hosted models may cost in all: every request's worst case is set aside before it leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.files import write_json
from trailerflow.lock import file_lock


@dataclass(frozen=True)
class Cost:
    """Tokens and US dollars."""

    tokens: int = 0
    usd: float = 0.0


class Budget:
    """The account of all answers that this cache was paid for.

    A request that was killed on its way stays counted with its worst case: the service may have charged for it.

    Args:
        path: File of the account, in the cache that all hosts share.
        usd: Most money to be spent in all, in US dollars; None for no limit.
        tokens: Most tokens, read and written together; None for no limit.
    """

    def __init__(self, path: Path, usd: float | None, tokens: int | None) -> None:
        self._path = path
        self._lock = path.with_suffix(".lock")
        self._usd = usd
        self._tokens = tokens

    def set_aside(self, worst: Cost) -> None:
        """Count a request's worst case before it leaves.

        Raises:
            LaterError: The budget would be passed.
        """
        with file_lock(self._lock):
            spent = self.spent()
            after = Cost(spent.tokens + worst.tokens, spent.usd + worst.usd)
            if self._usd is not None and after.usd > self._usd:
                raise LaterError(
                    f"the budget of {self._usd:g} USD would be passed ({spent.usd:.4f} USD are spent); "
                    "raise models.budget.usd to go on"
                )
            if self._tokens is not None and after.tokens > self._tokens:
                raise LaterError(
                    f"the budget of {self._tokens} tokens would be passed ({spent.tokens} are spent); "
                    "raise models.budget.tokens to go on"
                )
            self._write(after)

    def settle(self, worst: Cost, real: Cost) -> None:
        """Put the worst case of a request right once it is known what it really cost."""
        with file_lock(self._lock):
            spent = self.spent()
            self._write(Cost(spent.tokens - worst.tokens + real.tokens, spent.usd - worst.usd + real.usd))

    def spent(self) -> Cost:
        """What is spent or set aside so far.

        Raises:
            TrailerflowError: The account's file is damaged.
        """
        try:
            return Cost(**json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Cost()
        except (ValueError, TypeError):
            raise TrailerflowError(
                f"{self._path}, the account of what was spent, is damaged; restore it, or delete it to begin at nothing."
            ) from None

    def _write(self, cost: Cost) -> None:
        write_json(self._path, {"tokens": cost.tokens, "usd": max(0.0, round(cost.usd, 9))})
