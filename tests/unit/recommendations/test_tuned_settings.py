"""The files of searched settings: each is taken by its ranker, and says what it is worth and how it was found."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from trailerflow.recommendations.register import RANKERS
from trailerflow.registers import chosen_class

FILES = sorted((Path(__file__).parents[3] / "resources/rankers").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_ranker_takes_it_and_it_says_how_it_was_found(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    kind = max((name for name in RANKERS if path.stem.startswith(name)), key=len)
    settings = yaml.safe_load(text)
    complete = chosen_class("trailerflow.recommendations.register:RANKERS", kind).checked(settings)
    assert settings.items() <= complete.items()
    comment = " ".join(line for line in text.splitlines() if line.startswith("#"))
    assert "block_1" in comment
    assert f"--ranker {kind} " in comment
