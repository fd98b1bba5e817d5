"""The configurations that the documents show are right."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import yaml

from trailerflow.configuration import configuration_problems

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
KEYS = ("GROQ_API_KEY", "OPENAI_API_KEY", "MISTRAL_API_KEY", "DEEPSEEK_API_KEY", "VLLM_API_KEY")


def models_in(page: str) -> list[list[dict]]:
    blocks = [yaml.safe_load(block) for block in BLOCK.findall((ROOT / "docs" / page).read_text())]
    return [block["models"]["llm"] for block in blocks if "models" in block]


@pytest.mark.parametrize("models", models_in("language_models.md"), ids=len)
def test_every_entry_of_a_language_model_can_be_pasted(monkeypatch, models):
    for key in KEYS:
        monkeypatch.setenv(key, "x")
    config = copy.deepcopy(yaml.safe_load((ROOT / "config.yaml").read_text()))
    config["models"]["llm"] = models
    assert configuration_problems(config, ROOT / "config.schema.yaml", ROOT) == []


def test_there_are_entries_of_every_kind():
    entries = [entry for models in models_in("language_models.md") for entry in models]
    assert {entry["kind"] for entry in entries} == {"embedded", "groq", "openai", "openai_compatible"}
