"""The genre systems that a configuration names, before any of them is made; light, since rules are planned with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

EMBEDDER_WEIGHTS = {"minilm": "all-minilm-l6-v2", "bge-small": "bge-small-en-v1.5-int8"}
"""Name of a sentence encoder to the name of its weights in the model list."""

ENCODER_WEIGHTS = {
    "minilm-distilbert": "all-minilm-l6-v2",
    "distilbert-base-uncased": "distilbert-base-uncased",
}
"""Name of an encoder that is fine-tuned to the name of its weights in the model list."""

EMBEDDED = ("kernel_ridge", "linear", "similarity")
"""Kinds of systems that read the vectors of sentence encoders."""

DEFAULT_EMBEDDER = "bge-small"

ENCODER = "encoder"
"""Kind of a system that is an encoder, fine-tuned."""

TAUGHT = "distilled"
"""Kind of a system that learns from another's predictions of texts whose genres are hidden."""


@dataclass(frozen=True)
class ConfiguredSystem:
    """One entry of ``genres.systems``.

    Attributes:
        name: Its name in paths and tables.
        kind: One of ``SYSTEMS`` of `trailerflow.genres.systems`.
        texts: Names of the texts that it reads of a film; none for one that reads predictions alone.
        titled: Whether it reads the title too; else the title is taken out of the texts.
        extra: Whether it learns from the extra labelled texts; a number: from so many of them at most, drawn by seed.
        predictions: Names of other systems whose predictions it reads.
        settings: Its own settings.
    """

    name: str
    kind: str
    texts: tuple[str, ...] = ()
    titled: bool = False
    extra: bool | int = True
    predictions: tuple[str, ...] = ()
    settings: Mapping[str, Any] | None = None

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any], texts: Sequence[str] = ()) -> ConfiguredSystem:
        """Read an entry that is valid by the schema; ``texts`` are read where it names neither texts nor predictions."""
        lists = {key: tuple(entry.get(key, ())) for key in ("texts", "predictions")}
        if not lists["predictions"]:
            lists["texts"] = lists["texts"] or tuple(texts)
        return cls(**{**entry, **lists, "settings": dict(entry.get("settings") or {})})

    @property
    def entry(self) -> dict[str, Any]:
        """All of it as JSON knows it, for a program."""
        return asdict(self)

    @property
    def own_settings(self) -> Mapping[str, Any]:
        """Its settings; none where the configuration gives none."""
        return self.settings or {}

    @property
    def embedders(self) -> tuple[str, ...]:
        """The sentence encoders whose vectors it reads."""
        if self.kind not in EMBEDDED:
            return ()
        one = self.own_settings.get("embedder", DEFAULT_EMBEDDER)
        return tuple(self.own_settings.get("embedders", (one,)))

    @property
    def trains_encoder(self) -> bool:
        """Whether it fine-tunes an encoder, for which it takes a GPU where there is one."""
        return self.own_settings.get("encoder") is not None

    @property
    def weights(self) -> list[str]:
        """Names in the model list of the weights that it needs."""
        encoder = self.own_settings.get("encoder")
        tuned = [] if encoder is None else [ENCODER_WEIGHTS[encoder]]
        return [*(EMBEDDER_WEIGHTS[name] for name in self.embedders), *tuned]


def configured_systems(genres: Mapping[str, Any]) -> dict[str, ConfiguredSystem]:
    """The systems of the section ``genres``, by name, each after those that it reads.

    Raises:
        ValueError: Systems read each other in a circle, or one that is not there; the check of the configuration tells it.
    """
    entries = [ConfiguredSystem.from_entry(entry, genres["texts"]) for entry in genres["systems"]]
    left = {system.name: system for system in entries}
    ordered: dict[str, ConfiguredSystem] = {}
    while left:
        ready = [name for name, system in left.items() if set(system.predictions) <= ordered.keys()]
        if not ready:
            raise ValueError(f"{', '.join(left)} read each other, or a system that is not there")
        ordered |= {name: left.pop(name) for name in ready}
    return ordered


def teachers(systems: Iterable[ConfiguredSystem]) -> set[str]:
    """Names of the systems that another one learns from by their predictions of texts whose genres are hidden."""
    return {name for system in systems if system.kind == TAUGHT for name in system.predictions}


def needs_inner_folds(name: str, systems: Iterable[ConfiguredSystem]) -> bool:
    """Whether another system learns from the predictions of this one, so that inner folds are predicted, too."""
    return any(name in system.predictions for system in systems if system.kind != TAUGHT)
