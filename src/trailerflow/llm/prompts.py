"""Prompts as files: turns marked ``### system``, ``### user``, ``### assistant``, with ``{variables}``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from trailerflow.errors import TrailerflowError

_TURN = re.compile(r"^### (system|user|assistant)[ \t]*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{([a-z_]+)\}")


def render(path: Path | str, variables: Mapping[str, str]) -> list[dict[str, str]]:
    """Fill a prompt file in.

    Values are put in as they are and not looked at again, so braces in a transcript stay braces.

    Args:
        path: The prompt file.
        variables: Value of each ``{name}``; the file need not use all of them.

    Returns:
        Chat messages ``{"role", "content"}`` in order.

    Raises:
        TrailerflowError: The file is missing, has no turns, or uses a variable that does not exist.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise TrailerflowError(f"Prompt file {path} is missing; correct its name in the config.") from None
    pieces = _TURN.split(text)
    if len(pieces) < 3 or pieces[0].strip():
        raise TrailerflowError(f"Prompt file {path} must begin with a line `### system` or `### user`.")

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in variables:
            known = ", ".join(sorted(variables))
            raise TrailerflowError(f"Prompt file {path} uses {{{name}}}, which is none of: {known}.")
        return variables[name]

    return [
        {"role": role, "content": _VARIABLE.sub(value, content.strip())}
        for role, content in zip(pieces[1::2], pieces[2::2], strict=True)
    ]


def prompt_hash(path: Path | str) -> str:
    """Short hash of a prompt file's content: its version."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
