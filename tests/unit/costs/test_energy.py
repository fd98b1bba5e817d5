"""The energy of a request, from what the servers noted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trailerflow.costs.energy import joules_per_second


def note(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.json").write_text(text)


def test_joules_are_shared_out_over_the_seconds_that_requests_were_open(tmp_path):
    note(tmp_path, "small", json.dumps({"joules": 30.0, "request_seconds": 12.0}))
    note(tmp_path, "large", json.dumps({"joules": 90.0, "request_seconds": 3.0}))
    assert joules_per_second(tmp_path) == {"small": pytest.approx(2.5), "large": pytest.approx(30.0)}


def test_a_note_that_cannot_be_used_and_a_folder_that_is_not_there_say_nothing(tmp_path):
    note(tmp_path, "damaged", "{")
    note(tmp_path, "unasked", json.dumps({"joules": 0.0, "request_seconds": 0.0}))
    note(tmp_path, "other", json.dumps({"joules": 1.0}))
    assert joules_per_second(tmp_path) == {}
    assert joules_per_second(tmp_path / "none") == {}
