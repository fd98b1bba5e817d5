"""How language models are run at present: it reaches jobs by the environment, since it is no reason to run one again."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.redaction import MODELS_VARIABLE

OPERATION_VARIABLE = MODELS_VARIABLE
"""Environment variable with the JSON of an `Operation`."""

LIVE, REPLAY, REFRESH = "live", "replay", "refresh"


@dataclass(frozen=True)
class Operation:
    """The sections ``models.answers`` and ``models.budget``, and what each model's entry says of its running.

    Attributes:
        mode: ``live``, ``replay`` (nothing is asked) or ``refresh`` (what came before a time is asked again).
        refresh_before: That time, ISO 8601 in UTC; None where nothing is asked again.
        budget_usd: Most money that hosted models may cost in all, in US dollars; None for no limit.
        budget_tokens: Most tokens that they may take in all; None for no limit.
        run: Name of the present run, told from those before it.
        clients: Official clients of all hosted models, which the warm interpreter of a run imports once for all.
        models: By name, each model's slots, threads, key_variable, timeout_seconds, limits and prices.
    """

    mode: str = LIVE
    refresh_before: str | None = None
    budget_usd: float | None = None
    budget_tokens: int | None = None
    run: str = ""
    clients: list[str] = field(default_factory=list)
    models: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> Operation:
        """What `OPERATION_VARIABLE` says; without it, every model asks one request at a time.

        Raises:
            TrailerflowError: It holds something else.
        """
        text = os.environ.get(OPERATION_VARIABLE)
        if not text:
            return cls()
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise TrailerflowError(f"{OPERATION_VARIABLE} cannot be used ({error}); unset it.") from None
