"""What is wrong with the genre systems of a configuration, beyond their form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trailerflow.genres.configured import (
    EMBEDDER_WEIGHTS,
    ENCODER,
    ENCODER_WEIGHTS,
    TAUGHT,
    ConfiguredSystem,
    configured_systems,
    needs_inner_folds,
    teachers,
)
from trailerflow.genres.systems import ASKED, SYSTEMS


def system_problems(genres: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the genre systems beyond their form.

    Args:
        genres: The section ``genres``, valid by its schema.

    Yields:
        A sentence for each fault.
    """
    names: set[str] = set()
    for number, entry in enumerate(genres["systems"]):
        place, system = f"genres.systems[{number}]", ConfiguredSystem.from_entry(entry, genres["texts"])
        if system.name in names:
            yield f"config: {place} is named {system.name}, as another system is; give it another name."
        names.add(system.name)
        yield from _kind_problems(place, system, bool(genres["extra_texts"]["sources"]))
        for read in system.predictions:
            if read not in {one["name"] for one in genres["systems"]} - {system.name}:
                yield (
                    f"config: {place}.predictions names {read}, which is no other system of genres.systems; "
                    "correct the name, or add the system."
                )
    try:
        systems = configured_systems(genres)
    except ValueError as error:
        if all(read in names for entry in genres["systems"] for read in entry.get("predictions", ())):
            yield f"config: genres.systems cannot be put in an order: {error}; take one name out of predictions."
        return
    yield from _search_problems(genres, systems)
    stacked = [name for name in systems if needs_inner_folds(name, systems.values())]
    if stacked and genres["folds"] < 3 and genres["held_out"] < 1 and genres["split"] is None:
        yield (
            f"config: genres.folds is {genres['folds']}, and a system of genres.systems learns from the predictions of "
            f"{stacked[0]}, which needs 3 folds or more; set genres.folds."
        )
    for name in sorted(teachers(systems.values())):
        if systems[name].extra:
            yield (
                f"config: a distilled system of genres.systems learns from {name}, which knows the genres of the extra "
                f"texts; set extra: false for {name}."
            )


def _search_problems(genres: Mapping[str, Any], systems: Mapping[str, ConfiguredSystem]) -> Iterator[str]:
    """A sentence for each reason why the search could not begin."""
    if genres["search"] is None:
        return
    encoders = [system.name for system in systems.values() if system.kind == ENCODER]
    if (name := genres["search"]["system"]) not in encoders:
        known = f"choose one of {', '.join(encoders)}" if encoders else "add one"
        yield f"config: genres.search.system is {name}, which is no encoder of genres.systems; {known}."
    if not 0 < genres["held_out"] < 1 and genres["split"] is None:
        yield (
            f"config: genres.search needs films in folds and held-out ones, and genres.held_out is {genres['held_out']:g}; "
            "set it between 0 and 1, or search to null."
        )


def _kind_problems(place: str, system: ConfiguredSystem, has_extra: bool) -> Iterator[str]:
    kinds = [kind for kind in SYSTEMS if kind not in ASKED]
    if system.kind in ASKED:
        yield f"config: {place}.kind is {system.kind!r}; language models are asked by genres.language_models."
    elif system.kind not in kinds:
        yield f"config: {place}.kind is {system.kind!r}; choose one of {', '.join(kinds)}."
    for name in system.embedders:
        if name not in EMBEDDER_WEIGHTS:
            known = ", ".join(EMBEDDER_WEIGHTS)
            yield f"config: {place}.settings.embedders names {name!r}; choose among {known}."
    encoder = system.own_settings.get("encoder")
    if encoder is not None and encoder not in ENCODER_WEIGHTS:
        yield f"config: {place}.settings.encoder is {encoder!r}; choose one of {', '.join(ENCODER_WEIGHTS)}."
    if system.kind == TAUGHT and not has_extra:
        yield f"config: {place} learns from texts whose genres are hidden; name some in genres.extra_texts.sources."
