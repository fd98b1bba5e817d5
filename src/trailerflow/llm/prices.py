"""What the models of a configuration cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trailerflow.llm.model import Prices


def prices_of(entry: Mapping[str, Any]) -> Prices | None:
    """The prices of a model with kind and prices; an embedded one is free; None where a hosted one has none.

    >>> prices_of({"kind": "embedded", "prices": None})
    Prices(input=0.0, output=0.0, date='')
    """
    if entry["kind"] == "embedded":
        return Prices(0.0, 0.0, "")
    return Prices(**entry["prices"]) if entry["prices"] else None
