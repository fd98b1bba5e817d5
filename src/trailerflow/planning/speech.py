"""How a movie's speech is recognised, and on what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def speech_settings(speech: Mapping[str, Any], *, translates: bool, idle_seconds: float) -> str:
    """Settings of the speech recogniser as JSON.

    Args:
        speech: The section ``models.speech``.
        translates: Whether what is heard is heard once more, into English.
        idle_seconds: How long the server waits for another request.
    """
    return json.dumps(
        {
            "model": speech["model"],
            "pipeline": speech["pipeline"],
            "batch": speech["batch"] if speech["pipeline"] == "batched" else None,
            "beam_size": speech["beam"],
            "device": speech["device"],
            "compute_type": speech["compute_type"],
            "translate": translates,
            "idle_seconds": idle_seconds,
        }
    )
