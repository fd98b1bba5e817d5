"""What an outcome that is there says of the job after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.outcomes import Outcome, write_outcome
from trailerflow.planning.outcomes import is_ok, needs_translation, status_of


def write(folder: Path, outcome: Outcome) -> str:
    write_outcome(outcome, folder / "results" / outcome.rule / "1.json")
    return str(folder / "results" / outcome.rule / "1.json")


def test_an_outcome_that_is_not_there_is_assumed_ok_but_has_no_status(tmp_path):
    assert is_ok(str(tmp_path / "1.json"))
    with pytest.raises(FileNotFoundError):
        status_of(str(tmp_path / "1.json"))
    with pytest.raises(FileNotFoundError):
        needs_translation(str(tmp_path / "1.json"), "en")


def test_the_status_of_an_outcome(tmp_path):
    good = write(tmp_path, Outcome.ok("a", "1", {}))
    none = write(tmp_path, Outcome.absent("b", "1", "none"))
    assert [status_of(good), status_of(none), is_ok(good), is_ok(none)] == ["ok", "absent", True, False]


def test_a_transcript_in_another_language_needs_a_translation(tmp_path):
    def heard(rule: str, language: str) -> str:
        segment = {
            "start": 0.0,
            "end": 4.0,
            "text": "Ils sont venus de la nuit et personne ne sait pourquoi.",
        }
        data = {
            "segments": [segment], "language": language, "language_probability": 0.9, "origin": "speech",
        }  # fmt: skip
        return write(tmp_path, Outcome.ok(rule, "1", data))

    french = heard("french", "fr")
    assert needs_translation(french, "en") and not needs_translation(french, "fr")
    assert not needs_translation(write(tmp_path, Outcome.absent("none", "1", "silent")), "en")
