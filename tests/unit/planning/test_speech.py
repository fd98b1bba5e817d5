"""How speech is recognised, and on what."""

from __future__ import annotations

import json

from trailerflow.planning.speech import speech_settings

SPEECH = {
    "model": "whisper", "threads": 2, "device": "auto", "compute_type": "int8", "beam": 5, "pipeline": "batched",
    "batch": 8,
}  # fmt: skip


def test_the_recogniser_is_told_what_changes_its_words_and_not_its_threads():
    settings = json.loads(speech_settings(SPEECH, translates=True, idle_seconds=60))
    assert settings == {
        "model": "whisper", "pipeline": "batched", "batch": 8, "beam_size": 5, "device": "auto",
        "compute_type": "int8", "translate": True, "idle_seconds": 60,
    }  # fmt: skip
    careful = json.loads(speech_settings(SPEECH | {"pipeline": "careful"}, translates=False, idle_seconds=60))
    assert (careful["batch"], careful["translate"]) == (None, False)
