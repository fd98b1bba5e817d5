"""Genre systems on real plots and transcripts: out-of-fold over five folds of all films, for several splits.

    python benchmarks/genre_systems.py ../shared/data --models resources/models --output run/genre_systems

The systems and their settings stand in genre_systems.yaml. Extra texts are the plots of other films in the data and those of
Wikipedia; longer plots, and the plots of films without a transcript, teach the fits that may know their films. Each arm is
measured on the splits of some seeds, the figures being their mean, and once with a part of the films untouched. A table of
predictions that is there already is not computed again.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from tqdm import tqdm

from trailerflow.catalogue import read_archive_movies
from trailerflow.catalogue.frames import read_archive
from trailerflow.embedding import TextVectors, write_vectors
from trailerflow.genre_names import GENRES
from trailerflow.genres.comparisons import compare
from trailerflow.genres.configured import ConfiguredSystem
from trailerflow.genres.extra.films import extra_films
from trailerflow.genres.extra.gather import LEFT_OUT, TRAIN, Wanted, gather_extra_texts
from trailerflow.genres.extra.same_film import EvaluatedFilms
from trailerflow.genres.films import NO_EXTRA, NO_FILMS, Films, together
from trailerflow.genres.job import Gathered, gather, learn
from trailerflow.genres.judged import judge, true_genres
from trailerflow.genres.predictions import CROSS_VALIDATION, HELD_OUT, read_predictions
from trailerflow.genres.scoring import score
from trailerflow.genres.split import split_movies
from trailerflow.genres.systems import REGISTER
from trailerflow.genres.systems.contract import Surroundings, System
from trailerflow.genres.texts import with_year
from trailerflow.genres.training import reads_of, texts_to_embed
from trailerflow.kept_parts import KeptParts
from trailerflow.models import model_folder
from trailerflow.movies.titles import split_title
from trailerflow.program import run
from trailerflow.registers import chosen_class
from trailerflow.tables import write_table
from trailerflow.torch_threads import use_threads

HERE = Path(__file__).resolve().parent
RULE = "genre_systems"
WIKIPEDIA = "wikipedia-plots"

ARMS: dict[str, tuple[bool, str]] = {
    "plots": (False, "synopsis"),
    "plots-titled": (True, "synopsis"),
    "transcripts": (False, "transcript"),
    "transcripts-titled": (True, "transcript"),
}
"""Arm to whether its systems read the title, and the text that they read."""

TABLES = {
    "synopsis": ("plots_short", "plot"),
    "plots_long": ("plots_long", "plot"),
    "transcript": ("trailer_transcripts", "transcript"),
}
"""Text of a film to the table of the data that holds it, and its column there."""

TAUGHT_BY = {"synopsis": ("plots_long",), "transcript": ("synopsis", "plots_long")}
"""Text that is read to the further texts of films that are learnt from."""

HELD_OUT_SEED, HELD_OUT_SHARE = 100, 0.2
"""The split with an untouched part: settings were chosen on the rest."""


@dataclass(frozen=True)
class Data:
    """The films and texts.

    Attributes:
        movies: All movies with title, year and genres.
        texts: Name of a text to movie, status, reason and text.
        extra: Texts of other films, as `trailerflow.genres.extra.gather` makes them.
        weights: How much a text of each table or source counts.
    """

    movies: pd.DataFrame
    texts: Mapping[str, pd.DataFrame]
    extra: pd.DataFrame
    weights: Mapping[str, float]

    def gathered(self, entry: ConfiguredSystem, others: Mapping[str, pd.DataFrame]) -> Gathered:
        """What a system reads of the films."""
        movies = self.movies
        if entry.titled:
            titles = zip(movies["title"], movies["year"], strict=True)
            movies = movies.assign(title=[with_year(*pair) for pair in titles])
        return gather(movies, self.texts, reads_of(entry), others=others)

    def more(self, entry: ConfiguredSystem) -> Films:
        """Further texts of the films, under the name of the text that is read."""
        parts = []
        for name in TAUGHT_BY[entry.texts[-1]] if entry.texts else ():
            rows = self.movies.merge(self.texts[name].query("status == 'ok'"), on="movie")
            rows = rows.assign(source=name, weight=self.weights[TABLES[name][0]], part=TRAIN)
            parts.append(extra_films(rows, reads_of(entry)).train)
        return together(parts)


def read_data(folder: Path, wikipedia: Path, weights: Mapping[str, float]) -> Data:
    """Read the films and texts.

    Args:
        folder: Of the data.
        wikipedia: The plots of Wikipedia.
        weights: How much a text of each table or source counts.
    """
    archive = folder / "ml-100k.zip"
    movies = read_archive(archive).movies
    movies["movie"] = movies["movie"].astype(str)
    texts = {
        name: _text_table(folder / f"{table}.parquet", column, movies["movie"])
        for name, (table, column) in TABLES.items()
    }
    mapping = HERE.parent / "resources" / "genre_names" / f"{WIKIPEDIA}.csv"
    wanted = [Wanted(WIKIPEDIA, wikipedia, mapping, weights[WIKIPEDIA])]
    films = read_archive_movies(archive)
    found, notes = gather_extra_texts(wanted, films, validation=0, test=0, seed=0)
    print(*notes, sep="\n")
    others = _other_films(folder, EvaluatedFilms(films)).assign(weight=weights["ml1m"])
    return Data(movies, texts, pd.concat([found, others], ignore_index=True), weights)


def main() -> None:
    """Measure every arm, write its tables of scores and of pairs, and print the averages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the data")
    parser.add_argument("--models", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--systems", type=Path, default=HERE / f"{RULE}.yaml", help="systems and settings")
    parser.add_argument("--arms", nargs="+", default=list(ARMS), choices=ARMS, help="arms to measure")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2], help="seeds of the splits")
    parser.add_argument("--output", type=Path, required=True, help="folder to write")
    arguments = parser.parse_args()
    use_threads(1)
    settings = yaml.safe_load(arguments.systems.read_text(encoding="utf-8"))
    wikipedia = model_folder(arguments.models, WIKIPEDIA) / "movies.csv"
    data = read_data(arguments.data, wikipedia, settings["weights"])
    vectors = arguments.output / "vectors"
    around = Surroundings(no_language_model, arguments.models, vectors)
    entries = {arm: _entries(settings["systems"], arm) for arm in arguments.arms}
    embed([entry for own in entries.values() for entry in own], data, around)
    for arm, own in entries.items():
        folder = arguments.output / arm
        whole = [split_of(data.movies, seed, 0.0, folder) for seed in arguments.seeds]
        part = split_of(data.movies, HELD_OUT_SEED, HELD_OUT_SHARE, folder)
        for name, splits, kept in (("folds", whole, CROSS_VALIDATION), ("held-out", [part], HELD_OUT)):
            tables = [table for split in splits for table in measured(split, own, data, around, kept)]
            write_scores(tables, data, splits[0], folder / name)


def embed(entries: Sequence[ConfiguredSystem], data: Data, around: Surroundings) -> None:
    """Write the vectors of all texts that the systems read, a file a sentence encoder."""
    folder = around.vectors or Path()
    for name in dict.fromkeys(one for entry in entries for one in entry.embedders):
        texts: dict[str, None] = {}
        for entry in [entry for entry in entries if name in entry.embedders]:
            taught = [extra_films(data.extra, reads_of(entry)).train, data.more(entry)] if entry.extra else []
            texts |= dict.fromkeys(texts_to_embed(entry, [data.gathered(entry, {}).films], taught))
        path = folder / f"{name}.npz"
        vectors = TextVectors(name, around.models_folder, path if path.exists() else None)
        if not (new := vectors.count_new(texts)):
            continue
        with tqdm(total=new, desc=f"{name}: texts") as bar:
            write_vectors(vectors, list(texts), path, partial(_step, bar))


def _step(bar: tqdm[Any]) -> None:
    bar.update()


@dataclass(frozen=True)
class Split:
    """A split, and the folder of what was measured on it."""

    seed: int
    films: pd.DataFrame
    folder: Path


def measured(
    split: Split, entries: Sequence[ConfiguredSystem], data: Data, around: Surroundings, part: str
) -> list[pd.DataFrame]:
    """The predictions of a part by every system on one split; those that are there are read."""
    members = {name for entry in entries for name in entry.predictions}
    tables: dict[str, pd.DataFrame] = {}
    for entry in entries:
        path = split.folder / f"{entry.name}.parquet"
        if not path.exists():
            print(f"{split.folder}: {entry.name}", flush=True)
            write_table(_predictions(entry, split, data, around, tables, entry.name in members), path)
        tables[entry.name] = read_predictions(path)
    return [table[table["part"] == part].assign(seed=split.seed) for table in tables.values()]


def _predictions(
    entry: ConfiguredSystem,
    split: Split,
    data: Data,
    around: Surroundings,
    others: Mapping[str, pd.DataFrame],
    inner: bool,
) -> pd.DataFrame:
    """What one system says on one split."""

    def make(seed: int) -> System:
        kind: type[System] = chosen_class(REGISTER, entry.kind)
        return kind.from_settings(entry.name, reads_of(entry), entry.own_settings, around, seed)

    learnt = learn(
        make,
        data.gathered(entry, others),
        split.films,
        seeds=[split.seed],
        kept=KeptParts(split.folder / "parts" / entry.name, entry.entry),
        rule=RULE,
        inner=inner,
        extra=extra_films(data.extra, reads_of(entry)) if entry.extra else NO_EXTRA,
        more=data.more(entry) if entry.extra else NO_FILMS,
    )
    for note in learnt.system.told().notes if learnt.system else learnt.notes:
        print(f"  {note}", flush=True)
    return learnt.tables.predictions


def write_scores(tables: Sequence[pd.DataFrame], data: Data, split: Split, path: Path) -> None:
    """Score the predictions of all splits together, compare the systems, and print the averages."""
    scores, pairs = scored(tables, data, split)
    scores.to_csv(path.with_suffix(".csv"), index=False)
    pairs.to_csv(path.with_suffix(".pairs.csv"), index=False)
    own = scores[scores["seeds"] == scores["seeds"].max()]
    print(own[own["label"].isin(["micro", "macro", "sample"])].to_string(), flush=True)


def scored(tables: Sequence[pd.DataFrame], data: Data, split: Split) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The scores of the predictions of all splits together, and the pairs of systems."""
    judged = judge([pd.concat(tables)], true_genres(data.movies, split.films))
    return score(judged, 0), compare(judged, 0)


def _entries(systems: Sequence[Mapping[str, Any]], arm: str) -> list[ConfiguredSystem]:
    titled, text = ARMS[arm]
    return [
        ConfiguredSystem.from_entry({**entry, "titled": titled and "predictions" not in entry}, (text,))
        for entry in systems
    ]


def split_of(movies: pd.DataFrame, seed: int, held_out: float, folder: Path) -> Split:
    """A split of the films in five folds, behind a part of them that stays untouched."""
    name = f"held-out-{seed}" if held_out else f"split-{seed}"
    return Split(seed, split_movies(movies, held_out=held_out, folds=5, seed=seed)[0], folder / name)


def _text_table(path: Path, column: str, movies: pd.Series) -> pd.DataFrame:
    """movie, status, reason and text of every film."""
    found = pd.read_parquet(path).assign(movie=lambda table: table["item_id"].astype(str))
    text = movies.map(found.drop_duplicates("movie").set_index("movie")[column])
    table = pd.DataFrame({"movie": movies, "status": "ok", "reason": None, "text": text})
    table.loc[text.isna(), ["status", "reason", "text"]] = ["absent", "the data has none", None]
    return table


def _other_films(folder: Path, films: EvaluatedFilms) -> pd.DataFrame:
    """The plots of films of MovieLens-1M that are not among the films."""
    rows = pd.read_parquet(folder / "ml1m_extra_plots.parquet")
    names = [split_title(title) for title in rows["ml_title"]]
    table = pd.DataFrame({"movie": "ml1m:" + rows["ml1m_id"].astype(str), "text": rows["plot"]})
    table["title"] = [title for title, _ in names]
    table["year"] = pd.array([year for _, year in names], dtype="Int64")
    for genre in GENRES:
        table[genre] = [genre in said.split("|") for said in rows["ml_genres"]]
    near = [films.may_hold(title, year) for title, year in names]
    print(f"ml1m: {len(rows):,} texts; left out, since their film may be one of the run's: {sum(near):,}.")
    return table.assign(source="ml1m", part=np.where(near, LEFT_OUT, TRAIN))


def no_language_model(settings: Mapping[str, Any]) -> Any:
    """Stands where a system would be given a language model."""
    raise NotImplementedError("no language model is measured here")


if __name__ == "__main__":
    run(main)
