"""Which jobs take a GPU."""

from __future__ import annotations

from pathlib import Path

CARD = Path("/dev/nvidia0")
"""What a machine with an NVIDIA card has."""


def wants_gpu(device: str, *, offered: int | None, card: Path = CARD) -> bool:
    """Whether work that can use a GPU gets one: as configured, or where there is one.

    Args:
        device: ``cpu``, ``cuda`` or ``auto``.
        offered: How many the cluster's profile offers a job; None where jobs run on this machine.
        card: A file that there is exactly where this machine has a card.
    """
    there = card.exists() if offered is None else offered > 0
    return device == "cuda" or (device == "auto" and there)
