"""The configurations that the documents show are right."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import yaml
from snakemake.utils import update_config

from trailerflow.configuration import configuration_problems

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
KEYS = ("GROQ_API_KEY", "OPENAI_API_KEY", "MISTRAL_API_KEY", "DEEPSEEK_API_KEY", "VLLM_API_KEY")


def settings_in(page: str) -> list[dict]:
    blocks = [yaml.safe_load(block) for block in BLOCK.findall((ROOT / "docs" / page).read_text())]
    return [block for block in blocks if "models" in block]


@pytest.mark.parametrize("block", settings_in("language_models.md"))
def test_every_entry_of_a_language_model_can_be_pasted(monkeypatch, block):
    for key in KEYS:
        monkeypatch.setenv(key, "x")
    config = copy.deepcopy(yaml.safe_load((ROOT / "config.yaml").read_text()))
    update_config(config, block)
    assert configuration_problems(config, ROOT / "config.schema.yaml", ROOT) == []


def test_there_are_entries_of_every_kind():
    entries = [entry for block in settings_in("language_models.md") for entry in block["models"]["llm"]]
    assert {entry["kind"] for entry in entries} == {"embedded", "groq", "openai", "openai_compatible"}
