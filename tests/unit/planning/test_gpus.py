"""Which jobs take a GPU."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.planning.gpus import wants_gpu


@pytest.mark.parametrize(
    ("device", "offered", "has_card", "wants"),
    [
        ("cpu", 1, True, False),
        ("cuda", 0, False, True),
        ("auto", None, True, True),
        ("auto", None, False, False),
        ("auto", 1, False, True),  # the node that Snakemake was started on says nothing of the others
        ("auto", 0, True, False),
    ],
)
def test_as_configured_or_where_there_is_one(
    device: str, offered: int | None, has_card: bool, wants: bool, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    if has_card:
        card.touch()
    assert wants_gpu(device, offered=offered, card=card) is wants
