"""Values of ``--config`` with the types that YAML gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """YAML as in ``config.yaml``, and what Python writes for nothing and for small numbers.

    Snakemake's help asks for Python's form, ``"foo={'bar': 42}"``, and its profiles write it. A time stays text: no
    setting is one, and in a file it is quoted. Keys stay text, too.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("None$"), ["N"])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)[eE][-+]?\d+$"), list("-+.0123456789")
)


def give_types(config: MutableMapping[str, Any], entries: Iterable[str] | None) -> None:
    """Turn what ``--config`` set within braces or brackets into numbers, truth values and null.

    Snakemake reads ``trailers={words: 300}`` by a loader for which every value is text. Only what is still as Snakemake
    read it is changed.

    Args:
        config: The merged configuration; changed in place. A larger workflow may keep ours under a key of its own.
        entries: What stood after ``--config``, as ``key=value``.
    """
    for entry in entries or ():
        key, _, value = entry.partition("=")
        value = value.strip("'\"")  # as Snakemake does
        try:
            read, meant = yaml.load(value, yaml.BaseLoader), yaml.load(value, _Loader)  # noqa: S506 - both are safe
        except (yaml.YAMLError, ValueError):
            continue
        if key in config:
            _replace(config, {key: read}, {key: meant})
        elif isinstance(read, Mapping):
            _replace(config, read, meant)


def _replace(config: MutableMapping[str, Any], read: Mapping[str, Any], meant: Mapping[str, Any]) -> None:
    for key, old in read.items():
        if isinstance(old, Mapping) and isinstance(config.get(key), MutableMapping):
            _replace(config[key], old, meant[key])
        elif key in config and config[key] == old:
            config[key] = meant[key]
