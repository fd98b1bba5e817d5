"""The model list is held to a form: no name in it leads out of the models' folder, or is an option or an address."""

from __future__ import annotations

from typing import Any

import pytest

from trailerflow.models.entries import entry_problem

HUB = {"repository": "maker/toy", "revision": "main"}
GOOD: dict[str, Any] = {"is": "a toy", "licence": "MIT", "files": {"model.gguf": {}}}

OUTSIDE = [
    "..", "../a", "a/../b", "a/..", "/a", "//a", "a//b", "a/", "./a", "a/./b", ".a", "a/.b", "-a", "a\\b", "a\\..\\b",
    "", " ", "a b", "a\n", "a\x00", "C:a", "~", "~/a", "a/~b", "$HOME", "é", "a%2e", "x" * 101, "a/" * 10 + "a", "?a", "a#b",
]  # fmt: skip
"""What is no name of a file."""


def test_what_the_list_may_say():
    assert entry_problem("toy-1.5_B", GOOD) is None
    facts = {
        "sha256": "0123456789abcdef" * 4,
        "size": 1,
        "parts": ["data/a.bin"],
        "hub": "onnx/a-00001-of-2.bin",
    }
    whole = GOOD | {
        "files": {"a/b/c.bin": facts, "0": {}},
        "packages": ["a", "b-c==1.0.post1+cu12"],
        "hub": HUB,
        "layers": 6,
    }
    assert entry_problem("x" * 100, whole) is None
    assert entry_problem("a", GOOD | {"files": {"a/" * 9 + "x" * 100: {}}}) is None
    assert entry_problem("a", GOOD | {"hub": {"repository": "gpt2", "revision": "refs/pr/1"}}) is None


@pytest.mark.parametrize("name", [*OUTSIDE, "a/b", 3, None, ("a",)])
def test_a_name_that_is_none_of_a_model(name):
    problem = entry_problem(name, GOOD)
    assert problem == (
        f"{name!r} is no name of a model (letters, digits, dots, hyphens and underscores; a letter or a digit first)"
    )


@pytest.mark.parametrize("name", [*OUTSIDE, 3, None])
def test_a_name_that_is_none_of_a_file_wherever_it_stands(name):
    def problem(**changes: Any) -> str | None:
        return entry_problem("toy", GOOD | changes)

    assert problem(files={"a": {}, name: {}}) == (
        f"model toy has a file {name!r}, which is no name of a file below the model's folder"
    )
    assert (
        problem(files={"a": {"hub": name}})
        == f"model toy file a: has a name at the hub that is none: {name!r}"
    )
    parts = "model toy file a: has parts that are no list of names in its packages"
    assert problem(files={"a": {"parts": ["a", name]}}) == parts
    for field in HUB:
        assert (
            problem(hub=HUB | {field: name}) == f"model toy has a {field} of the hub that is none: {name!r}"
        )


@pytest.mark.parametrize(
    "package",
    ["--index-url=x", "-r", "git+https://a/b", "https://a/b.whl", "./a", "../a", "/a", "a @ file:///b", "a>=1", "a==", "a==-1",
     "a==1 b", "a==1;x", "a[b]==1", "a/b==1", "", 3],
)  # fmt: skip
def test_a_package_that_is_an_option_a_path_or_an_address(package):
    problem = "model toy has packages that are no list of names with versions (name==1.0)"
    assert entry_problem("toy", GOOD | {"packages": ["a==1", package]}) == problem


@pytest.mark.parametrize("value", [[], "a==1", None, {"a": 1}])
def test_packages_and_parts_are_lists(value):
    assert "has packages that are" in str(entry_problem("toy", GOOD | {"packages": value}))
    assert "has parts that are" in str(entry_problem("toy", GOOD | {"files": {"a": {"parts": value}}}))


@pytest.mark.parametrize("sha256", ["0" * 63, "0" * 65, "A" * 64, "g" * 64, "", "0" * 64 + "\n", 0, None])
def test_a_hash_that_is_none(sha256):
    assert entry_problem("toy", GOOD | {"files": {"a": {"sha256": sha256}}}) == (
        "model toy file a: has a sha256 that is not 64 digits and letters from a to f"
    )


@pytest.mark.parametrize("size", [0, -1, 1.0, "1", True, None, float("inf")])
def test_a_size_or_a_number_of_layers_that_is_none(size):
    assert entry_problem("toy", GOOD | {"files": {"a": {"size": size}}}) == (
        "model toy file a: has a size that is no whole number above 0"
    )
    assert entry_problem("toy", GOOD | {"layers": size}) == (
        "model toy has a number of layers that is no whole number above 0"
    )


@pytest.mark.parametrize("files", [{}, None, [], ["a"], "a"])
def test_a_model_without_files(files):
    assert entry_problem("toy", GOOD | {"files": files}) == "model toy names no files"


def test_fields_that_are_missing_unknown_or_none():
    for field in GOOD:
        entry = {name: value for name, value in GOOD.items() if name != field}
        assert entry_problem("toy", entry) == f"model toy lacks the field {field}"
    assert entry_problem("toy", GOOD | {"licence": 3}) == "model toy has a field licence that is no text"
    assert entry_problem("toy", GOOD | {"is": None}) == "model toy has a field is that is no text"
    assert entry_problem("toy", GOOD | {"package": []}) == (
        "model toy has a field 'package'; known are files, hub, is, layers, licence, packages"
    )
    assert entry_problem("toy", GOOD | {"files": {"a": {"sha265": ""}}}) == (
        "model toy file a: has a field 'sha265'; known are hub, parts, sha256, size"
    )
    assert (
        entry_problem("toy", GOOD | {"hub": {"repository": "a"}}) == "model toy hub: lacks the field revision"
    )
    assert entry_problem("toy", GOOD | {"hub": HUB | {"token": "x"}}) == (
        "model toy hub: has a field 'token'; known are repository, revision"
    )


@pytest.mark.parametrize("entry", [None, [], "a", 3])
def test_an_entry_that_has_no_fields(entry):
    assert entry_problem("toy", entry) == "model toy has no fields where there must be some"
    assert entry_problem("toy", GOOD | {"files": {"a": entry}}) == (
        "model toy file a: has no fields where there must be some"
    )
    assert (
        entry_problem("toy", GOOD | {"hub": entry}) == "model toy hub: has no fields where there must be some"
    )
