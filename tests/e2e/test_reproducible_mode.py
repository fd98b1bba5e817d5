"""The embedded engine's reproducible mode: an answer does not depend on what was asked before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow.projects import MODELS, TEST_MODEL, Workflow

from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Request

pytestmark = pytest.mark.slow

BEGINNING = "You are given words spoken in a film's trailer. Tell in some sentences what the film is about. The words: "
WORDS = (
    "They said the lighthouse was empty. Then somebody answered the horn.",
    "One heist, four brothers, and a grandmother who never forgets a debt.",
    "In the winter of the long war a nurse hides a soldier of the other side.",
)


def answers(folder: Path, order: tuple[int, ...]) -> dict[int, str]:
    """What the model writes, from an empty cache, sampled with a seed so that the slightest difference grows."""
    settings = {**TEST_MODEL, "slots": 1, "reproducible": True, "temperature": 0.9, "seed": 5}
    client = Client(
        LanguageModel.from_settings(settings), cache=folder / "cache", run=folder.parent / "run",
        models_folder=MODELS, threads=2,
    )  # fmt: skip
    given = {}
    for number in order:
        answer = client.ask(Request([{"role": "user", "content": BEGINNING + WORDS[number]}], 60))
        assert not answer.cached
        given[number] = answer.text
    return given


def test_the_order_of_the_requests_changes_no_answer(tmp_path):
    Workflow(tmp_path / "project").run(f"{MODELS}/{TEST_MODEL['model']}.json")
    first = answers(tmp_path / "first", (0, 1, 2))
    assert len(set(first.values())) == 3
    assert answers(tmp_path / "again", (2, 0, 1)) == first
