"""The budget of hosted models: the worst case of a request is set aside before it is sent."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trailerflow.errors import LaterError
from trailerflow.shared_state import SharedState


@dataclass(frozen=True)
class Cost:
    """Tokens and US dollars."""

    tokens: int = 0
    usd: float = 0.0


class Budget:
    """The account of all answers that this cache was paid for.

    Under a limit, a request that was killed on its way stays counted with its worst case: the service may have charged for
    it. Without one nothing is set aside, and what was answered is counted.

    Args:
        path: File of the account, in the cache that all hosts share.
        usd: Most money to be spent in all, in US dollars; None for no limit.
        tokens: Most tokens, read and written together; None for no limit.
    """

    def __init__(self, path: Path, usd: float | None, tokens: int | None) -> None:
        damaged = f"{path}, the account of what was spent, is damaged; restore it, or delete it to begin at nothing."
        self._account = SharedState(path, Cost, _checked, damaged)
        self._usd = usd
        self._tokens = tokens
        self._is_limited = (usd, tokens) != (None, None)

    def set_aside(self, worst: Cost) -> None:
        """Count a request's worst case before it leaves.

        Raises:
            LaterError: The budget would be passed.
            TrailerflowError: The account's file is damaged.
        """
        if not self._is_limited:
            self._account.recent()  # a damaged one is told before anything is paid for
            return

        def after(spent: Cost) -> Cost:
            total = Cost(spent.tokens + worst.tokens, spent.usd + worst.usd)
            if self._usd is not None and total.usd > self._usd:
                raise LaterError(
                    f"the budget of {self._usd:g} USD would be passed ({spent.usd:.4f} USD are spent); "
                    "raise models.budget.usd to go on"
                )
            if self._tokens is not None and total.tokens > self._tokens:
                raise LaterError(
                    f"the budget of {self._tokens} tokens would be passed ({spent.tokens} are spent); "
                    "raise models.budget.tokens to go on"
                )
            return total

        self._change(after)

    def settle(self, worst: Cost, real: Cost) -> None:
        """Replace the worst case of a request by what it really cost."""
        aside = worst if self._is_limited else Cost()
        if real != aside:
            self._change(
                lambda spent: Cost(
                    spent.tokens - aside.tokens + real.tokens, spent.usd - aside.usd + real.usd
                ),
                is_patient=True,
            )

    def spent(self) -> Cost:
        """What is spent or set aside so far.

        Raises:
            TrailerflowError: The account's file is damaged.
        """
        return self._account.read()

    def _change(self, change: Callable[[Cost], Cost], *, is_patient: bool = False) -> None:
        def changed(spent: Cost) -> tuple[Cost, None]:
            cost = change(spent)
            return Cost(max(0, cost.tokens), max(0.0, round(cost.usd, 9))), None

        self._account.change(changed, is_patient=is_patient)


def _checked(cost: Cost) -> Cost:
    if not math.isfinite(cost.tokens + cost.usd):
        raise ValueError("what was spent is a number")
    return cost
