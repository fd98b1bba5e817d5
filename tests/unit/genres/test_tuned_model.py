"""A tuned model replaces an earlier one, and removes nothing else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.tuned_model import save_model


def save(folder: Path, *, network: bool = True, full_disk: bool = False) -> None:
    def write(part: Path) -> None:
        (part / "model.safetensors").write_bytes(b"weights")
        if full_disk:
            raise OSError("full")

    tuned: Any = SimpleNamespace(
        network=SimpleNamespace(save_pretrained=write) if network else None,
        thresholds=np.full(len(GENRES), 0.5),
    )
    encoder: Any = SimpleNamespace(
        tokenizer=SimpleNamespace(save_pretrained=lambda part: (part / "tokenizer.json").touch())
    )
    save_model(tuned, encoder, folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


WHOLE = ["model.safetensors", "thresholds.json", "tokenizer.json"]


def test_a_model_replaces_an_earlier_one(tmp_path):
    folder = tmp_path / "results/model"
    save(folder)
    assert names(folder) == WHOLE
    (folder / "old.txt").touch()
    (folder / ".snakemake_timestamp").touch()
    save(folder)
    assert names(folder) == WHOLE
    save(folder, network=False)
    assert names(folder) == []
    (folder / ".snakemake_timestamp").touch()
    save(folder)
    assert names(folder) == WHOLE
    assert names(folder.parent) == ["model"]


def test_a_fault_keeps_the_earlier_model(tmp_path):
    save(tmp_path / "model")
    (tmp_path / "model/thresholds.json").write_text("old")
    with pytest.raises(OSError, match="full"):
        save(tmp_path / "model", full_disk=True)
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model/thresholds.json").read_text() == "old"


def a_file(folder: Path) -> None:
    folder.write_text("mine")


def another_folder(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")


def a_model_and_a_folder(folder: Path) -> None:
    save(folder)
    (folder / "mine").mkdir()


def a_model_and_a_link(folder: Path) -> None:
    save(folder)
    (folder / "mine").symlink_to("/etc/passwd")


def a_link_to_a_model(folder: Path) -> None:
    save(folder.with_name("other"))
    folder.symlink_to("other")


def a_link_to_nothing(folder: Path) -> None:
    folder.symlink_to("nowhere")


@pytest.mark.parametrize(
    "make",
    [a_file, another_folder, a_model_and_a_folder, a_model_and_a_link, a_link_to_a_model, a_link_to_nothing],
)
def test_what_no_earlier_run_wrote_stays_and_is_told(tmp_path, make):
    folder = tmp_path / "model"
    make(folder)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TrailerflowError) as caught:
        save(folder)
    assert str(caught.value) == (
        f"{folder} holds something else than an earlier model, which would be lost; name another folder."
    )
    assert sorted(tmp_path.rglob("*")) == before
