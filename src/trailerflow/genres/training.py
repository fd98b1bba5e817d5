"""The job of one configured system: what it reads is put together, it learns, and what it says of itself is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.embedding import windows
from trailerflow.errors import TrailerflowError
from trailerflow.film_texts import TITLE, Text
from trailerflow.genres.configured import TAUGHT, ConfiguredSystem
from trailerflow.genres.extra.films import extra_films
from trailerflow.genres.films import NO_EXTRA, NO_FILMS, ExtraFilms, Films, Reads
from trailerflow.genres.job import Gathered, Learnt, gather, learn
from trailerflow.genres.systems import REGISTER
from trailerflow.genres.systems.contract import Surroundings, System, Told
from trailerflow.genres.text_rows import Reading, openings, text_rows
from trailerflow.genres.texts import text_table, with_year
from trailerflow.kept_parts import FOLDER, KeptParts
from trailerflow.llm.types import Asks
from trailerflow.outcome_tables import data_of_outcomes
from trailerflow.registers import chosen_class


@dataclass(frozen=True)
class Readings:
    """What a job is given.

    Attributes:
        movies: Movies of the run, with year and genres.
        split: movie, fold and held_out.
        documents: Outcome documents with the texts that the system reads.
        extra: The extra texts (`trailerflow.genres.extra.gather`), or None.
        others: Predictions of the systems that it reads, by name.
    """

    movies: pd.DataFrame
    split: pd.DataFrame
    documents: Sequence[Path] = ()
    extra: pd.DataFrame | None = None
    others: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Surrounded:
    """Where a job runs.

    Attributes:
        models_folder: Where fetched models lie.
        vectors: Folder with the vectors of the texts, or None.
        seed: Seed of the system.
        code: Hash of the code: fits of another version are not taken.
    """

    models_folder: Path
    vectors: Path | None
    seed: int
    code: str


@dataclass(frozen=True)
class Trained:
    """What a job gives.

    Attributes:
        learnt: Its tables, the system and its operating points.
        told: What the system reports of its work.
        notes: Sentences on what it read.
        kept: Its finished fits, to be removed when all is written.
    """

    learnt: Learnt
    told: Told
    notes: tuple[str, ...]
    kept: KeptParts


def reads_of(entry: ConfiguredSystem) -> Reads:
    """What a configured system reads of every film."""
    texts = (TITLE, *entry.texts) if entry.titled else entry.texts
    return Reads(texts=texts, predictions=entry.predictions)


def gather_films(entry: ConfiguredSystem, readings: Readings) -> tuple[Gathered, ExtraFilms]:
    """The films and the extra texts as a system reads them.

    Raises:
        TrailerflowError: A document is missing or damaged, or another system's predictions are not there.
    """
    reads, movies = reads_of(entry), readings.movies
    tables = {}
    for name in entry.texts:
        text = Text.from_name(name)
        own = [path for path in readings.documents if text.holds(path)]
        tables[name] = text_table(data_of_outcomes(own, [text.column]), movies["movie"], text)
    if entry.titled:
        movies = movies.assign(
            title=[with_year(*pair) for pair in zip(movies["title"], movies["year"], strict=True)]
        )
    gathered = gather(movies, tables, reads, others=readings.others)
    extra = NO_EXTRA if readings.extra is None else extra_films(readings.extra, reads)
    return gathered, extra


def embedded_texts(entries: Sequence[ConfiguredSystem], readings: Readings) -> list[str]:
    """All different texts that systems embed."""
    found: dict[str, None] = {}
    for entry in entries:
        gathered, extra = gather_films(entry, readings)
        found |= dict.fromkeys(
            texts_to_embed(entry, [gathered.films, extra.test], [extra.train, extra.validation])
        )
    return list(found)


def texts_to_embed(entry: ConfiguredSystem, asked: Sequence[Films], taught: Sequence[Films]) -> Iterator[str]:
    """What a system embeds of some films, as its rows of text are made.

    Args:
        entry: The system.
        asked: Films that it is trained on or asked about.
        taught: Extra texts, for a system that learns from them.
    """
    settings = entry.own_settings
    reading = Reading(reads_of(entry).texts, settings.get("apart", False))
    words = settings.get("extra_words")
    learnt_from = taught if entry.extra else ()
    for films in (*asked, *(part if words is None else openings(part, words) for part in learnt_from)):
        for text in text_rows(films, reading).texts:
            yield from windows(text, settings.get("window"))


def drawn(films: Films, most: int, seed: int) -> Films:
    """So many of the films at most, in their order."""
    chosen = np.zeros(len(films), dtype=bool)
    chosen[np.random.default_rng(seed).permutation(len(films))[:most]] = True
    return films.at(chosen)


def train(
    entry: ConfiguredSystem,
    readings: Readings,
    surrounded: Surrounded,
    *,
    inner: bool,
    teaches: bool,
    rule: str,
) -> Trained:
    """Train one system, and predict all films that have what it reads.

    Args:
        entry: The system as the configuration names it.
        readings: What it may read.
        surrounded: Where the job runs.
        inner: Whether inner folds are predicted, for systems that learn from this one's predictions.
        teaches: Whether the extra texts are predicted, for a system that learns from them without their genres.
        rule: Name of the rule, for the progress and the kept parts.

    Raises:
        TrailerflowError: A setting is wrong, a model was not fetched, or something that is read is missing or damaged.
    """
    gathered, extra = gather_films(entry, readings)
    hidden = extra.train.without_genres() if teaches or entry.kind == TAUGHT else NO_FILMS
    if not entry.extra or entry.kind == TAUGHT:
        extra = replace(extra, train=NO_FILMS, validation=NO_FILMS)
    elif entry.extra is not True:
        extra = replace(extra, train=drawn(extra.train, entry.extra, surrounded.seed))

    def make(seed: int) -> System:
        surroundings = Surroundings(_no_client, surrounded.models_folder, surrounded.vectors)
        made: type[System] = chosen_class(REGISTER, entry.kind)
        return made.from_settings(entry.name, reads_of(entry), entry.own_settings, surroundings, seed)

    first = make(surrounded.seed)
    kept = KeptParts(
        FOLDER / rule / entry.name,
        {
            "code": surrounded.code,
            "entry": entry,
            "seed": surrounded.seed,
            "models": first.told().models,
            "split": readings.split.to_csv(index=False),
            "films": gathered.films.facts,
            "extra": [part.facts for part in (extra.train, extra.validation, extra.test, hidden)],
            "others": {name: _digest(table) for name, table in readings.others.items()},
        },
    )
    learnt = learn(
        make,
        gathered,
        readings.split,
        seeds=[surrounded.seed],
        kept=kept,
        rule=rule,
        inner=inner,
        extra=extra,
        unlabelled=hidden,
    )
    told = (learnt.system or first).told()
    in_folds = bool((readings.split["fold"] >= 0).any())
    return Trained(learnt, told, _notes(first, extra, in_folds), kept)


def _notes(system: System, extra: ExtraFilms, in_folds: bool) -> tuple[str, ...]:
    """What it read, in words; where films lie in folds, the extra texts for validation are learnt from as well."""
    texts = len(extra.train) + (len(extra.validation) if in_folds else 0)
    learnt_from = f" and learns from {texts:,} extra texts as well" if texts else ""
    return (f"{system.name} reads {system.arm}{learnt_from}.",)


def _digest(table: pd.DataFrame) -> str:
    return hashlib.sha256(table.to_csv(index=False).encode()).hexdigest()


def _no_client(settings: Mapping[str, Any]) -> Asks:
    raise TrailerflowError("A language model is no system of genres.systems; name it in models.llm.")
