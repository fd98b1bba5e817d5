"""What a fetched model's note says is checked, and every path of a model is joined of checked names."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.models.store import (
    file_place,
    manifest_path,
    model_file,
    model_folder,
    model_hash,
    read_manifest,
)

FACTS = {"sha256": "5" * 64, "size": 3}


def stored(folder: Path, files: object, *, manifest: object = None) -> Path:
    """A model called toy with these files, each of three bytes."""
    (folder / "toy").mkdir()
    if isinstance(files, dict):
        for file in files:
            (folder / "toy" / file).parent.mkdir(exist_ok=True)
            (folder / "toy" / file).write_bytes(b"abc")
    (folder / "toy.json").write_text(json.dumps(manifest or {"files": files}))
    return folder


def test_a_models_files_and_folder(tmp_path):
    folder = stored(tmp_path, {"model.gguf": FACTS})
    assert read_manifest(folder, "toy") == {"model.gguf": FACTS}
    assert model_file(folder, "toy") == folder / "toy" / "model.gguf"
    assert model_folder(folder, "toy") == folder / "toy"
    assert manifest_path(folder, "toy") == folder / "toy.json"
    assert file_place(folder, "toy", "sub/a.bin") == folder / "toy" / "sub" / "a.bin"


def test_a_models_hash_is_made_of_its_files_names_and_hashes_in_order(tmp_path):
    folder = stored(tmp_path, {"b.bin": FACTS, "a/c.bin": {"sha256": "1" * 64, "size": 3}})
    listing = f"a/c.bin {'1' * 64}\nb.bin {'5' * 64}\n"
    assert model_hash(folder, "toy") == hashlib.sha256(listing.encode()).hexdigest()[:16]


def test_several_files_are_no_single_file(tmp_path):
    folder = stored(tmp_path, {"a": FACTS, "b": FACTS})
    with pytest.raises(
        TrailerflowError, match=r"^Model toy has 2 files, where a single file \(GGUF\) is needed\.$"
    ):
        model_file(folder, "toy")


def test_a_model_that_was_not_fetched_is_told(tmp_path):
    for ask in (read_manifest, model_file, model_folder, model_hash):
        with pytest.raises(
            TrailerflowError,
            match=f"^Model toy is not in {tmp_path}; run `make models` or snakemake to fetch it",
        ):
            ask(tmp_path, "toy")


@pytest.mark.parametrize("change", ["gone", "shorter", "longer", "a folder"])
def test_a_file_that_changed_is_told(tmp_path, change):
    folder = stored(tmp_path, {"a": FACTS})
    file = folder / "toy" / "a"
    if change in ("gone", "a folder"):
        file.unlink()
    if change == "a folder":
        file.mkdir()
    if change in ("shorter", "longer"):
        file.write_bytes(b"ab" if change == "shorter" else b"abcd")
    for ask in (read_manifest, model_file, model_folder, model_hash):
        with pytest.raises(TrailerflowError) as caught:
            ask(folder, "toy")
        assert (
            str(caught.value) == f"{file} is missing or cut; delete {folder}/toy.json and run `make models`."
        )


@pytest.mark.parametrize(
    "manifest",
    [
        "[]", "{}", "3", "null", "{", '{"files": 3}', '{"files": ["a"]}', '{"files": {"a": null}}', '{"files": {"a": {}}}',
        '{"files": {"a": {"sha256": "5"}}}', '{"files": {"a": {"size": 3}}}',
        '{"files": {"a": {"sha256": 5, "size": 3}}}', '{"files": {"a": {"sha256": "5", "size": "3"}}}',
        '{"files": {"a": {"sha256": "5", "size": true}}}', '{"files": {"a": {"sha256": "5", "size": 3.0}}}',
        '{"files": {"../toy/a": {"sha256": "5", "size": 3}}}', '{"files": {"/etc/passwd": {"sha256": "5", "size": 3}}}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_a_damaged_note_is_told(tmp_path, manifest):
    folder = stored(tmp_path, {"a": FACTS})
    (folder / "toy.json").write_text(manifest)
    with pytest.raises(TrailerflowError) as caught:
        read_manifest(folder, "toy")
    assert str(caught.value) == f"{folder}/toy.json is damaged; delete it and run `make models`."


@pytest.mark.parametrize("name", ["../toy", "/toy", "", ".", "..", "a/b", "toy\n", "-toy", "a\\b"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    told = rf"^{re.escape(repr(name))} names no model or file of a model; correct it \(.* a letter or a digit first\)\.$"
    for ask in (manifest_path, read_manifest, model_file, model_folder, model_hash):
        with pytest.raises(TrailerflowError, match=told):
            ask(tmp_path, name)
    with pytest.raises(TrailerflowError, match=told):
        file_place(tmp_path, name, "a")
    if name != "a/b":
        with pytest.raises(TrailerflowError, match=told):
            file_place(tmp_path, "toy", name)
