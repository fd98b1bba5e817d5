"""What a change of the summaries does to the genre systems that read them.

    python benchmarks/summary_genres.py run/summaries/zero_shot.parquet run/summaries/short.parquet --archive ml-100k.zip

The tables are those of benchmarks/summary_systems.py. Words with logistic regression and sentence vectors with kernel ridge
regression learn from the summaries of each, with titles taken out, over five folds of the same films, for several splits.
A film without a summary is one without that text, as in a run: nothing learns from it, it has no prediction, and the figures
leave it out. So the two tables are compared on the films of which both have a summary.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from genre_systems import HERE, Data, embed, measured, no_language_model, scored, split_of
from summary_tables import ROOT, figure

from trailerflow.catalogue.frames import read_archive
from trailerflow.differences import holm, verdict
from trailerflow.film_texts import Text
from trailerflow.genres.configured import ConfiguredSystem
from trailerflow.genres.metrics.contract import MICRO
from trailerflow.genres.predictions import CROSS_VALIDATION
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.texts import text_table
from trailerflow.program import run
from trailerflow.row_kinds import BETTER, GLOBAL, REFERENCE
from trailerflow.tables import read_table
from trailerflow.torch_threads import use_threads

SYSTEMS = ("words", "bge-ridge")
"""Names of the systems in genre_systems.yaml, whose settings they have."""

METRICS = {"f1": "micro F1", "average_precision": "micro average precision"}


def summary_data(archive: Path, tables: Mapping[str, pd.DataFrame]) -> Data:
    """The films of which any table has a row, and the summaries of each table as a text of its name.

    Args:
        archive: Archive of the ratings.
        tables: Tables of summaries: movie, status, reason and summary.
    """
    movies = read_archive(archive).movies
    movies["movie"] = movies["movie"].astype(str)
    asked = pd.concat([table["movie"] for table in tables.values()])
    movies = movies[movies["movie"].isin(asked)].reset_index(drop=True)
    texts = {
        name: text_table(
            table[table["movie"].isin(movies["movie"])], movies["movie"], Text("summary", "", name)
        )
        for name, table in tables.items()
    }
    return Data(movies, texts, extra=pd.DataFrame(), weights={})


def entries_of(systems: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[ConfiguredSystem]:
    """Each system of `SYSTEMS` for each table, without extra texts."""
    chosen = {entry["name"]: entry for entry in systems}
    return [
        ConfiguredSystem.from_entry(
            {**chosen[system], "name": f"{system} of {name}", "extra": False}, (name,)
        )
        for system in SYSTEMS
        for name in names
    ]


def score_lines(scores: pd.DataFrame) -> Iterator[str]:
    """A Markdown table of the mean figures over the splits, at one threshold for all genres, and of their company."""
    yield f"| system | films | without a summary | {' | '.join(METRICS.values())} |"
    yield "|---" * (3 + len(METRICS)) + "|"
    whole = (scores["seeds"] == scores["seeds"].max()) | (scores["row_kind"] == REFERENCE)
    own = scores[(scores["label"] == MICRO) & whole & scores["operating_point"].isin(["", GLOBAL])]
    for row in own.to_dict("records"):
        figures = [figure(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in METRICS]
        left_out = "" if pd.isna(row["left_out"]) else row["left_out"]
        yield f"| {row['system']} | {row['movies']} | {left_out} | {' | '.join(figures)} |"


def difference_lines(pairs: pd.DataFrame, first: str, second: str) -> Iterator[str]:
    """A Markdown table: the second table of summaries less the first, by system; p values are corrected for the systems.

    Args:
        pairs: Of `trailerflow.genres.comparisons.compare`, where the higher of the two stands first.
        first: Name of a table.
        second: Name of the other.
    """
    yield f"| {second} less {first} | metric | films | difference | p (Holm) | |"
    yield "|---" * 6 + "|"
    for metric, name in METRICS.items():
        own = pairs[(pairs["metric"] == metric) & (pairs["label"] == MICRO)]
        own = own[own["operating_point"].isin(["", GLOBAL])]
        found = {}
        for system in SYSTEMS:
            above, below = f"{system} of {second}", f"{system} of {first}"
            for one, other, sign in ((above, below, 1), (below, above, -1)):
                for row in own[(own["system"] == one) & (own["other"] == other)].to_dict("records"):
                    found[system] = (row, sign)
        corrected = holm([row["p_value"] for row, _ in found.values()])
        for (system, (row, sign)), p_value in zip(found.items(), corrected, strict=True):
            low, high = sorted(sign * row[f"difference_{end}"] for end in ("low", "high"))
            difference = figure(sign * row["difference"], low, high)
            said = verdict(p_value)
            if said == BETTER:
                said = f"{second if sign > 0 else first} is better"
            yield f"| {system} | {name} | {row['movies']} | {difference} | {p_value:.3f} | {said} |"


def main() -> None:
    """Learn from both tables, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("first", type=Path, help="table of summaries")
    parser.add_argument("second", type=Path, help="the one that is compared with it")
    parser.add_argument("--archive", type=Path, required=True, help="archive of MovieLens-100K")
    parser.add_argument("--models", type=Path, default=ROOT / "resources" / "models", help="fetched models")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2], help="seeds of the splits")
    arguments = parser.parse_args()
    use_threads(1)
    tables = {path.stem: read_table(path) for path in (arguments.first, arguments.second)}
    data = summary_data(arguments.archive, tables)
    systems = yaml.safe_load((HERE / "genre_systems.yaml").read_text(encoding="utf-8"))["systems"]
    entries = entries_of(systems, list(tables))
    with tempfile.TemporaryDirectory() as folder:
        around = Surroundings(no_language_model, arguments.models, Path(folder) / "vectors")
        embed(entries, data, around)
        splits = [split_of(data.movies, seed, 0.0, Path(folder)) for seed in arguments.seeds]
        predictions = [
            rows for split in splits for rows in measured(split, entries, data, around, CROSS_VALIDATION)
        ]
    scores, pairs = scored(predictions, data, splits[0])
    print(f"{len(data.movies)} films, five folds, splits of the seeds {arguments.seeds}\n")
    print("\n".join([*score_lines(scores), "", *difference_lines(pairs, *tables)]))


if __name__ == "__main__":
    run(main)
