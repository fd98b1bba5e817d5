"""The reference of the configuration, made of its schema: ``python -m trailerflow.configuration.document``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HEAD = """# Configuration

Made from `config.schema.yaml` by `python -m trailerflow.configuration.document > docs/configuration.md`; a test holds the
two together. The values of `config.yaml` are the sample run.

What wins, strongest first: `--config` on the command line, your own `--configfile`, the `config.yaml` of the working folder
(where it is another than ours, see [elsewhere.md](elsewhere.md)), `config.yaml`. Your file holds only what differs: maps are
merged, lists are replaced. A wrong key stops the run before any work, with the nearest right one.

On the command line a key stands in its section's braces, a blank after each colon, and values are read as in a file:
`--config 'trailers={words: 300, media: null}' 'models={llm: [{name: mine, kind: embedded, …}]}'`. Snakemake has no dotted
form: `trailers.words=300` is refused.

| key | value | what it is |
|---|---|---|
"""


def reference(schema: dict[str, Any]) -> str:
    """The page: a row for each key.

    Args:
        schema: ``config.schema.yaml``, parsed.
    """
    return HEAD + "".join(f"| `{key}` | {kind} | {text} |\n" for key, kind, text in _rows(schema, ""))


def _rows(schema: dict[str, Any], place: str) -> Iterator[tuple[str, str, str]]:
    for key, part in schema["properties"].items():
        name = f"{place}{key}"
        items = part.get("items", {})
        if "properties" in part:
            yield from _rows(part, f"{name}.")
        elif items.get("type") == "object":
            yield name, "list", part["description"]
            yield from _rows(items, f"{name}[].")
        else:
            yield name, _kind(part), part["description"]


def _kind(part: dict[str, Any]) -> str:
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    names = {"integer": "whole number", "array": "list", "string": "text", "object": "section of your own"}
    return " or ".join(names.get(str(kind), str(kind)) for kind in kinds)


if __name__ == "__main__":
    print(reference(yaml.safe_load(Path("config.schema.yaml").read_text(encoding="utf-8"))), end="")
