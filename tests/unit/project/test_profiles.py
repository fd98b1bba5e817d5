"""The profiles name rules that there are, and the Slurm profile differs from the default where a cluster does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from trailerflow.register import BY_NAME

ROOT = Path(__file__).parents[3]
HERE = {"resources"}
"""Keys of the default profile that mean another thing on a cluster."""


def profile(name: str) -> dict[str, Any]:
    text = (ROOT / "profiles" / name / "config.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(
        re.sub(r"^\?.*\n", "", text, flags=re.MULTILINE).replace("\n  logger:", "\nlogger:")
    )


def asked_by(rule: str) -> dict[str, str]:
    """What a rule's job asks Slurm for."""
    slurm = profile("slurm")
    resources: dict[str, str] = slurm.get(rule) or slurm["set-resources"][rule]
    return resources


def test_every_rule_that_is_named_is_there() -> None:
    slurm = profile("slurm")
    assert set(slurm["set-resources"]) | set(slurm["groups"]) <= set(BY_NAME)
    assert set(slurm["group-components"]) == set(slurm["groups"].values())


def test_what_is_no_matter_of_the_cluster_is_as_in_the_default() -> None:
    default, slurm = profile("default"), profile("slurm")
    assert {key: slurm.get(key) for key in default.keys() - HERE} == {
        key: default[key] for key in default.keys() - HERE
    }


@pytest.mark.parametrize("rule", ["default-resources", *profile("slurm")["set-resources"]])
def test_memory_and_time_grow_with_the_attempt(rule: str) -> None:
    assert all(
        re.fullmatch(r"\d+ \* attempt", asked_by(rule)[resource]) for resource in ("mem_mb", "runtime")
    )


@pytest.mark.parametrize("rule", ["default-resources", *profile("slurm")["set-resources"]])
def test_the_last_attempt_still_fits_a_partition(rule: str) -> None:
    """Where it does not, the executor leaves the choice to Slurm, which knows nothing of GPUs."""
    slurm, asked = profile("slurm"), asked_by(rule)
    partitions = yaml.safe_load((ROOT / "profiles/slurm/partitions.yaml").read_text(encoding="utf-8"))
    # A group's jobs run one after another where they share a model.
    jobs = slurm["group-components"].get(slurm["groups"].get(rule), 1)
    for partition in partitions["partitions"].values():
        for resource, most in (("runtime", "max_runtime"), ("mem_mb", "max_mem_mb")):
            one = int(asked[resource].split()[0]) * (slurm["retries"] + 1)
            assert one * (jobs if resource == "runtime" else 1) <= partition[most], resource
