"""Tests of modules that wait, without waiting."""

from __future__ import annotations

import time
from types import ModuleType, SimpleNamespace

import pytest


def sleeps_of(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long a module asks to sleep, in seconds, as a list that grows; it does not sleep.

    Its ``time`` is a stand-in of its own: threads of other modules sleep as ever, and are not counted.
    """
    slept: list[float] = []
    monkeypatch.setattr(module, "time", SimpleNamespace(**(vars(time) | {"sleep": slept.append})))
    return slept
