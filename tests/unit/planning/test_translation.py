"""How transcripts are translated."""

from __future__ import annotations

import json

import pytest

from trailerflow.planning.translation import translation_settings


@pytest.mark.parametrize(
    ("by", "model", "settings"),
    [
        ("keep", None, {}),
        ("whisper", None, {}),
        ("llm", "ours", {"words": 600, "model": {"name": "ours"}}),
        ("ctranslate2", "models/marian", {"words": 600, "folder": "models/marian"}),
    ],
)
def test_a_translation_depends_on_what_its_way_needs(by, model, settings):
    section = {"by": by, "language": "en", "model": model}
    told = translation_settings(section, 600, {"ours": '{"name": "ours"}'})
    assert json.loads(told) == {"by": by, "language": "en"} | settings
