"""Folders with something that was fitted: written whole or not at all, and never over something else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trailerflow.errors import TrailerflowError

_SNAKEMAKES = ".snakemake_timestamp"


@contextmanager
def replacing_folder(folder: Path, mark: str, what: str) -> Iterator[Path]:
    """Give a new folder beside ``folder`` and rename it onto ``folder`` when the block ends well.

    Args:
        folder: Folder to write; an earlier one of the same kind is replaced.
        mark: Name of the file by which a folder of this kind is known.
        what: What such a folder holds, for an error: "system".

    Yields:
        A folder that no other process uses. It is removed when the block raises.

    Raises:
        TrailerflowError: ``folder`` holds something else.
    """
    _earlier_files(folder, mark, what)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    try:
        yield part
        for file in _earlier_files(folder, mark, what):
            file.unlink()
        os.replace(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _earlier_files(folder: Path, mark: str, what: str) -> list[Path]:
    """Files that an earlier run wrote into a folder.

    Raises:
        TrailerflowError: It is another folder, or a link: what is in it would be lost.
    """
    if not os.path.lexists(folder):
        return []
    if folder.is_dir() and not folder.is_symlink():
        files = list(folder.iterdir())
        names = {file.name for file in files} - {_SNAKEMAKES}
        is_ours = mark in names or not names
        if is_ours and all(file.is_file() and not file.is_symlink() for file in files):
            return files
    raise TrailerflowError(
        f"{folder} holds something else than an earlier {what}, which would be lost; name another folder."
    )
