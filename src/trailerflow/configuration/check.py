"""Every fault of a configuration, in one sentence each, before any work starts."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from trailerflow.catalogue import ARCHIVES
from trailerflow.configuration.genre_systems import system_problems
from trailerflow.configuration.language_models import future_problems, language_model_problems
from trailerflow.configuration.secrets import secret_problems, secret_variables, shown_value
from trailerflow.configuration.summary_check import summary_check_problems
from trailerflow.configuration.translation import translation_problems
from trailerflow.errors import TrailerflowError
from trailerflow.film_texts import FORMS, OWN, Text
from trailerflow.genres.extra import SOURCES
from trailerflow.models.fetch import read_model_list
from trailerflow.places import found
from trailerflow.redaction import redact
from trailerflow.summaries.ways import way_of

PROMPTS = Path("resources/prompts")
YES_NO = "yes_no"
"""The way of asking for genres that needs log-probabilities."""

MOVED = {
    "summaries.sources": "synopses.sources",
    "summaries.synopses": "synopses.table",
    "summaries.judge": "judging.judge",
    "summaries.ratings": "judging.ratings",
    "genres.summaries": "genres.text",
    "genres.encoder": "genres.systems",
}
"""A setting's earlier name to its present one."""

KEY_VARIABLES = {"tmdb": "TMDB_API_KEY", "omdb": "OMDB_API_KEY"}
"""Name of a source on the web to the environment variable with its key."""


def configuration_problems(config: Mapping[str, Any], schema: Path, root: Path = Path()) -> list[str]:
    """Find what is wrong with a configuration.

    Args:
        config: The merged configuration.
        schema: ``config.schema.yaml``.
        root: Folder that relative paths start from, before they are sought beside the code.

    Returns:
        A sentence for each fault, with the key, what came and what is allowed, and without secrets; empty when all is well.
    """
    variables = secret_variables(config)
    document = yaml.safe_load(schema.read_text(encoding="utf-8"))
    errors = sorted(Draft202012Validator(document).iter_errors(config), key=lambda error: list(error.path))
    problems = [*secret_problems(config, variables)]
    problems += [sentence for error in errors for sentence in _sentences(error)]
    return [redact(problem, variables) for problem in problems or _meaning_problems(config, root)]


def _place(path: list[Any]) -> str:
    place = ""
    for part in path:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place


def _sentences(error: ValidationError) -> Iterator[str]:
    """One of jsonschema's errors, in words."""
    place = _place(list(error.absolute_path))
    value = error.instance
    shown = shown_value(list(error.absolute_path), value)
    prefix = f"{place}." if place else ""
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        for key in sorted(set(map(str, value)) - set(known)):
            if new := MOVED.get(f"{prefix}{key}"):
                yield f"config: {prefix}{key} is {new} now; set it there."
                continue
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}."
            yield f"config: {prefix}{key} is not a setting; {hint}"
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in value:
                yield f"config: {prefix}{key} is missing; config.yaml says what it takes."
    elif error.validator == "enum":
        yield f"config: {place} is {shown}; choose one of {', '.join(map(str, error.validator_value))}."
    elif error.validator == "type":
        allowed = error.validator_value
        allowed = allowed if isinstance(allowed, list) else [allowed]
        names = {"integer": "a whole number", "number": "a number", "string": "text", "array": "a list"}
        names |= {"object": "a section with keys of its own", "null": "null", "boolean": "true or false"}
        yield f"config: {place} is {shown}; it must be {' or '.join(names[kind] for kind in allowed)}."
    else:
        message = error.message.replace(repr(value), shown)
        yield f"config: {place or 'the configuration'} is not valid: {message}."


def _meaning_problems(config: Mapping[str, Any], root: Path) -> Iterator[str]:
    """What a schema cannot say: names that must exist, be unique, or agree."""
    summaries, judge = config["summaries"], config["judging"]["judge"]["model"]
    yield from _file_problems(config, root)
    for name in summaries["prompts"]:
        for file in (PROMPTS / f"{place}.txt" for place in way_of(name).prompt_places()):
            if fault := _fault(root / file, "file"):
                yield f"config: summaries.prompts names {name}, a file {file}, and {fault}."
    yield from summary_check_problems(config, root)
    names = [entry["name"] for entry in config["models"]["llm"]]
    if judge is not None and judge not in names:
        yield f"config: judging.judge.model is {judge}; choose one of models.llm: {', '.join(names)}, or null."
    if config["recommendations"]["summaries"] not in summaries["prompts"]:
        yield (
            f"config: recommendations.summaries is {config['recommendations']['summaries']!r}; "
            f"choose one of summaries.prompts: {', '.join(summaries['prompts'])}."
        )
    genres = config["genres"]
    yield from _text_problems("genres.text", genres["text"], [*names, OWN], summaries["prompts"])
    for text in genres["texts"]:
        yield from _text_problems("genres.texts", text, names, summaries["prompts"])
    for number, system in enumerate(genres["systems"]):
        for text in system.get("texts", ()):
            yield from _text_problems(f"genres.systems[{number}].texts", text, names, summaries["prompts"])
    for text in config["recommendations"]["texts"]:
        yield from _text_problems("recommendations.texts", text, names, summaries["prompts"])
    yield from system_problems(genres)
    yield from _way_problems(config)
    if config["catalogue"]["movies"] is None and config["catalogue"]["archive"] is None:
        yield "config: catalogue.movies and catalogue.archive are both null; give at least one."
    yield from _model_problems(config, root)
    yield from language_model_problems(config)
    if before := config["web"]["refresh_before"]:
        yield from future_problems("web.refresh_before", before)
    yield from _key_problems(config)
    yield from translation_problems(config, root)


def _text_problems(place: str, name: str, models: Sequence[str], prompts: Sequence[str]) -> Iterator[str]:
    """A sentence where a film's text has no name that this run makes."""
    try:
        text = Text.from_name(name)
    except TrailerflowError:
        yield f"config: {place} is {name!r}; choose one of {FORMS}."
        return
    for what, chosen, known in (
        ("models.llm", text.model, models),
        ("summaries.prompts", text.prompt, prompts),
    ):
        if chosen and chosen not in known:
            yield (
                f"config: {place} is {name}, and {what} has no {chosen}; choose one of {', '.join(known)}, or another text."
            )


def _way_problems(config: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each language model that cannot be asked for genres in a way of the configuration."""
    if YES_NO not in config["genres"]["language_models"]["ways"]:
        return
    for entry in config["models"]["llm"]:
        if not entry.get("log_probabilities", True):
            yield (
                f"config: genres.language_models.ways has {YES_NO}, and {entry['name']} of models.llm has "
                f"log_probabilities: false; remove {YES_NO}, or the model."
            )


def _file_problems(config: Mapping[str, Any], root: Path) -> Iterator[str]:
    archive = config["catalogue"]["archive"]
    named = {
        "catalogue.movies": config["catalogue"]["movies"],
        "catalogue.archive": None if archive in ARCHIVES else archive,
        "trailers.grouplens_table": config["trailers"]["grouplens_table"],
        "web.cookies": config["web"]["cookies"],
        "synopses.table": config["synopses"]["table"],
        "models.list": config["models"]["list"],
        "genres.split": config["genres"]["split"],
        "recommendations.feedback": config["recommendations"]["feedback"],
    }
    for number, source in enumerate(config["genres"]["extra_texts"]["sources"]):
        place = f"genres.extra_texts.sources[{number}]"
        named[f"{place}.name"] = None if source["name"] in SOURCES else source["name"]
        named[f"{place}.genre_names"] = source.get("genre_names")
    for key, value in named.items():
        if value is not None and (fault := _fault(root / value, "file")):
            # Cookies themselves are no path, and are not repeated.
            given = "names a file" if key == "web.cookies" else f"is {value}"
            yield f"config: {key} {given}, and {fault}."
    folders = {
        "trailers.media": config["trailers"]["media"],
        "judging.ratings.folder": config["judging"]["ratings"]["folder"],
    }
    for key, value in folders.items():
        if value is not None and (fault := _fault(root / value, "folder")):
            yield f"config: {key} is {value}, and {fault}."


def _fault(path: Path, kind: Literal["file", "folder"]) -> str | None:
    """Why a file or a folder cannot be used, for the end of a sentence."""
    try:
        place = found(path)
        if not (place.is_file() if kind == "file" else place.is_dir()):
            return f"there is no such {kind}; correct the path"
    except OSError as error:  # a name that is too long, a folder on its way that is closed
        return f"it cannot be used ({error.strerror}); correct the path, or make it yours to read"
    return None if os.access(place, os.R_OK) else f"this {kind} may not be read; make it yours to read"


def _model_problems(config: Mapping[str, Any], root: Path) -> Iterator[str]:
    listing = root / config["models"]["list"]
    if _fault(listing, "file"):
        return
    try:
        models = read_model_list(found(listing))
    except TrailerflowError as error:
        yield str(error)
        return
    known, encoder = sorted(models), config["models"]["embedding"]
    wanted = {
        "models.speech.model": config["models"]["speech"]["model"],
        "models.embedding": encoder,
    }
    wanted |= {
        f"models.llm[{number}].model": entry["model"]
        for number, entry in enumerate(config["models"]["llm"])
        if entry["kind"] == "embedded"
    }
    for key, name in wanted.items():
        if name not in known:
            yield f"config: {key} is {name}, which the model list does not have; it has {', '.join(known)}."
    layer, layers = config["summaries"]["bertscore_layer"], models.get(encoder, {}).get("layers")
    if layers is not None and layer > layers:
        yield (
            f"config: summaries.bertscore_layer is {layer}, and models.embedding, {encoder}, has {layers} layers; "
            f"choose one of 1 to {layers}."
        )


def _key_problems(config: Mapping[str, Any]) -> Iterator[str]:
    for section in ("trailers", "synopses"):
        for source in config[section]["sources"]:
            variable = KEY_VARIABLES.get(source)
            if variable and not os.environ.get(variable):
                yield (
                    f"config: {section}.sources names {source}, which needs an API key: set the environment variable "
                    f"{variable}, or remove {source} from {section}.sources."
                )
    if "wikipedia" in config["synopses"]["sources"] and not config["web"]["contact"]:
        yield (
            "config: synopses.sources names wikipedia, which asks programs for a way to reach their user: set web.contact."
        )
