"""Prompts as files: turns marked ``### system``, ``### user``, ``### assistant``, with ``{variables}``.

A block ``### examples`` names the films that a prompt's examples are from, a title a line; it is not sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.movies.forms import normalised_title

EXAMPLES = "examples"

_TURN = re.compile(r"^### (system|user|assistant|examples)[ \t]*$", re.MULTILINE)
_EXAMPLE_TITLE = re.compile(r"^Title: ([^{\n]+)$", re.MULTILINE)
_EXAMPLE = re.compile(r"^Example\b.*?(?=\n\s*\n(?!Example\b)|\Z)", re.MULTILINE | re.DOTALL)
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

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in variables:
            known = ", ".join(sorted(variables))
            raise TrailerflowError(f"Prompt file {path} uses {{{name}}}, which is none of: {known}.")
        return variables[name]

    return [
        {"role": role, "content": _VARIABLE.sub(value, content.strip())}
        for role, content in _blocks(path)
        if role != EXAMPLES
    ]


def own_passages(path: Path | str) -> list[str]:
    """What a prompt file itself says: its texts before, between and after the variables, in order.

    Raises:
        TrailerflowError: The prompt file is missing or not sound.
    """
    return [
        passage
        for role, content in _blocks(path)
        if role != EXAMPLES
        for passage in _VARIABLE.split(content)[::2]
    ]


def examples_and_rest(path: Path | str) -> tuple[list[str], list[str]]:
    """What a prompt file shows as examples, and all else that it says itself.

    An example is a paragraph that begins with the word Example, or a turn of user or assistant before the user's last one.

    Returns:
        The texts of both kinds, without variables.

    Raises:
        TrailerflowError: The prompt file is missing or not sound.
    """
    blocks = [(role, _VARIABLE.sub(" ", content)) for role, content in _blocks(path) if role != EXAMPLES]
    last = max((place for place, (role, _) in enumerate(blocks) if role == "user"), default=0)
    turns = [content for role, content in blocks[:last] if role != "system"]
    others = [content for place, (role, content) in enumerate(blocks) if role == "system" or place >= last]
    return (
        turns + [found for content in others for found in _EXAMPLE.findall(content)],
        [_EXAMPLE.sub(" ", content) for content in others],
    )


def example_problems(paths: Iterable[Path | str], titles: Iterable[str]) -> list[str]:
    """Films that are an example in a prompt and also in the catalogue: their summaries would be known beforehand.

    Args:
        paths: The prompt files.
        titles: Titles of the catalogue.

    Returns:
        A sentence for each such film.

    Raises:
        TrailerflowError: A prompt file is missing or not sound.
    """
    catalogue = {normalised_title(title): title for title in titles}
    return [
        f"The example {title!r} of the prompt {path} is in the catalogue as {catalogue[normalised_title(title)]!r}; "
        "take the film out of the catalogue, or another film as the example."
        for path in paths
        for title in dict.fromkeys(_example_titles(path))
        if normalised_title(title) in catalogue
    ]


def _example_titles(path: Path | str) -> Iterator[str]:
    """Titles that the block of examples names, and those that stand in the text itself."""
    for role, content in _blocks(path):
        if role == EXAMPLES:
            yield from filter(None, (line.strip() for line in content.splitlines()))
        else:
            yield from _EXAMPLE_TITLE.findall(content)


def _blocks(path: Path | str) -> list[tuple[str, str]]:
    """The blocks of a prompt file: role, or ``examples``, and content."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise TrailerflowError(f"Prompt file {path} is missing; correct its name in the config.") from None
    pieces = _TURN.split(text)
    if len(pieces) < 3 or pieces[0].strip():
        raise TrailerflowError(f"Prompt file {path} must begin with a line `### system` or `### user`.")
    return list(zip(pieces[1::2], pieces[2::2], strict=True))


def prompt_hash(path: Path | str) -> str:
    """Short hash of a prompt file's content: its version."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
