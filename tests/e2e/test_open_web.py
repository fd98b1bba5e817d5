"""A dozen movies against a web that pushes back, killed again and again (200 movies: benchmarks/open_web.py)."""

from __future__ import annotations

import pytest
from workflow.projects import MODELS, Workflow

from e2e.open_web import Scenario

SPEECH_MODEL = str(MODELS / "faster-whisper-tiny.en.json")

pytestmark = pytest.mark.slow


def test_every_movie_is_settled_and_nothing_is_asked_twice(tmp_path):
    project = Workflow(tmp_path / "project")
    project.run(SPEECH_MODEL)  # before the web is the loopback one
    found = Scenario(
        project.folder, movies=12, kills=2, block_after=5, models=MODELS, blocked_seconds=45
    ).play()
    assert found.statuses == {"ok": 12}
    assert found.wrong == []
    assert found.repeated == []
    assert len(found.in_flight) <= len(found.kills)
    assert found.during_block == []
    assert found.foreign == []
    assert found.sounds == []
    assert found.again == 0
