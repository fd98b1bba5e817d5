"""The configurations that the documents show are right."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import yaml
from snakemake.utils import update_config

from trailerflow.configuration import configuration_problems
from trailerflow.models.fetch import read_model_list

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
LIST = "# my/models.yaml"
"""How a block of a page begins that is of a model list."""

KEYS = ("GROQ_API_KEY", "OPENAI_API_KEY", "MISTRAL_API_KEY", "DEEPSEEK_API_KEY", "VLLM_API_KEY")


def blocks_of(page: str) -> list[str]:
    return BLOCK.findall((ROOT / "docs" / page).read_text())


def settings_in(page: str) -> list[dict]:
    blocks = [yaml.safe_load(block) for block in blocks_of(page) if not block.startswith(LIST)]
    return [block for block in blocks if "models" in block]


LISTS = [block for block in blocks_of("better_models.md") if block.startswith(LIST)]
LISTED = yaml.safe_load((ROOT / "resources/models.yaml").read_text())["models"]
for _block in LISTS:
    LISTED = LISTED | yaml.safe_load(_block)["models"]


def problems(block: dict) -> list[str]:
    config = copy.deepcopy(yaml.safe_load((ROOT / "config.yaml").read_text()))
    update_config(config, block)
    return configuration_problems(config, ROOT / "config.schema.yaml", ROOT)


@pytest.mark.parametrize("block", settings_in("language_models.md"))
def test_every_entry_of_a_language_model_can_be_pasted(monkeypatch, block):
    for key in KEYS:
        monkeypatch.setenv(key, "x")
    assert problems(block) == []


@pytest.mark.parametrize("block", settings_in("better_models.md"))
def test_every_way_to_a_better_model_can_be_pasted(monkeypatch, tmp_path, block):
    monkeypatch.setenv("GROQ_API_KEY", "x")
    own = tmp_path / "models.yaml"
    own.write_text(yaml.safe_dump({"models": LISTED}))
    if "list" in block["models"]:
        assert block["models"]["list"] == LIST.removeprefix("# ")
        block = {**block, "models": block["models"] | {"list": str(own)}}
    assert problems(block) == []


@pytest.mark.parametrize("block", LISTS)
def test_every_entry_of_a_model_list_can_be_pasted(tmp_path, block):
    own = tmp_path / "models.yaml"
    own.write_text(block)
    assert read_model_list(own)


def test_there_is_a_better_model_by_every_way():
    blocks = settings_in("better_models.md")
    entries = [entry for block in blocks for entry in block["models"]["llm"]]
    assert {entry["kind"] for entry in entries} == {"embedded", "groq", "openai_compatible"}
    assert [block["models"].get("local") for block in blocks if "list" in block["models"]] == [
        "my/models",
        None,
    ]


def test_there_are_entries_of_every_kind():
    entries = [entry for block in settings_in("language_models.md") for entry in block["models"]["llm"]]
    assert {entry["kind"] for entry in entries} == {"embedded", "groq", "openai", "openai_compatible"}
