"""The toy server of these tests: of no run, and soon given up where it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trailerflow.servers import warm_server
from trailerflow.servers.warm_server import RUN_VARIABLE
from unit.toy_server import Server, toy_server


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    monkeypatch.setattr(warm_server, "LOST_SECONDS", 0.01)
    with toy_server(tmp_path) as server:
        yield server
