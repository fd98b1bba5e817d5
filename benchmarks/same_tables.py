"""Whether two results folders hold the same tables: what is equal, what has new columns, what differs.

A table is a Parquet or CSV file. Values are compared exactly, whatever type they are stored as, and the order of rows does
not count. What moved, or changed its form, is declared in `CHANGES`: how the new tables are made from the old one, and which
columns are new. What is declared nowhere must be as it was.

    python benchmarks/same_tables.py BEFORE AFTER

The status is 1 where a table of BEFORE is missing in AFTER or differs from it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.program import run
from trailerflow.row_kinds import COMMON_WORDS, CONSTANT_SENTENCE, HUMAN
from trailerflow.tables import read_table


def _as_it_was(path: str, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {path: table}


def _all_rows(table: pd.DataFrame) -> pd.DataFrame:
    return table


@dataclass(frozen=True)
class Change:
    """How tables of AFTER follow from a table of BEFORE.

    Attributes:
        made: From the old path and the old table to the new tables by their paths, without new columns.
        new: Columns that the new tables may have besides.
        rows: The rows of a new table that the old one told of; the others are new.
    """

    made: Callable[[str, pd.DataFrame], dict[str, pd.DataFrame]] = _as_it_was
    new: frozenset[str] = frozenset()
    rows: Callable[[pd.DataFrame], pd.DataFrame] = _all_rows


def _genres_of_model(path: str, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A list of genres becomes a decision on each; what became of a film, and its costs, are a table of their own."""
    rows = [
        {"movie": film.movie, "status": film.status, "genre": genre}
        | dict.fromkeys(_DECISIONS, genre in film.genres if film.status == "ok" else None)
        for film in table.itertuples()
        for genre in GENRES
    ]
    name = f"{Path(path).stem}/zero_shot.parquet"
    return {
        f"predict_genres/{name}": pd.DataFrame(rows),
        f"predict_genres/films/{name}": table.drop(columns="genres"),
    }


def _genres_of_encoder(path: str, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A column a genre becomes a row a genre."""
    rows = [
        {
            "movie": film["movie"],
            "part": film["part"],
            "status": "ok",
            "genre": genre,
            "probability": film[genre],
            "predicted_per_genre": bool(film[f"predicted_{genre}"]),
        }
        for film in table.to_dict("records")
        for genre in GENRES
    ]
    return {f"predict_genres/{ENCODER}.parquet": pd.DataFrame(rows)}


def _of_texts_and_folds(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["status"] == "ok") & (table["part"] != "inner")]


def _one_decision(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["operating_point"] != "global"]


def _with_lead_and_floor(table: pd.DataFrame) -> pd.DataFrame:
    """Scores of whole summaries, without the company that they did not have."""
    company = table["system"].isin([HUMAN, CONSTANT_SENTENCE, COMMON_WORDS])
    measures = (table["length"] != "full") | (table["metric"] == "found")
    floor_of_plots = (table["metric"] == "faithfulness") & table["prompt"].fillna("").eq("")
    return table[~(company | measures | floor_of_plots)]


def _of_split(name: str) -> Callable[[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """A table of the one split there was."""
    return lambda path, table: {f"split_ratings/{SPLIT}/{name}.parquet": table}


def _of_rankers(path: str, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A table a ranker."""
    return {
        f"rank_films/{SPLIT}/{ranker}.parquet": rows.drop(columns="ranker")
        for ranker, rows in table.groupby("ranker", sort=False)
    }


SPLIT = "this_run"
ENCODER = "minilm-distilbert"
_DECISIONS = ("predicted_global", "predicted_per_genre")
_OF_A_SYSTEM = frozenset(
    {"system", "family", "arm", "fold", "inner_fold", "seed", "part", "score", "probability"}
)
_OF_A_PART = frozenset({"protocol", "part", "fold", "seed"})
_OF_A_RANKING = _OF_A_PART | {"order", "tied", "retrieved", "status"}

CHANGES: dict[str, Change] = {
    "predict_genres/*.parquet": Change(_genres_of_model, _OF_A_SYSTEM),
    "tune_encoder/predictions.parquet": Change(
        _genres_of_encoder, _OF_A_SYSTEM | {"predicted_global"}, _of_texts_and_folds
    ),
    "score_genres/metrics.csv": Change(
        new=frozenset({"family", "arm", "seed", "operating_point", "left_out"}), rows=_one_decision
    ),
    "score_summaries/metrics.csv": Change(new=frozenset({"length"}), rows=_with_lead_and_floor),
    "score_summaries/scores.parquet": Change(new=frozenset({"length"}), rows=_with_lead_and_floor),
    "split_ratings/train.parquet": Change(_of_split("train"), _OF_A_PART | {"known_only"}),
    "split_ratings/test.parquet": Change(_of_split("truth"), _OF_A_PART),
    "split_ratings/users.csv": Change(_of_split("users"), _OF_A_PART),
    "rank_baselines/rankings.parquet": Change(_of_rankers, _OF_A_RANKING),
    "rank_llm/*.parquet": Change(_of_rankers, _OF_A_RANKING),
    "score_rankings/metrics.csv": Change(new=frozenset({"split", "protocol"})),
    "account_costs/costs.csv": Change(
        lambda path, table: {path: table.replace({"stage": {"rank_llm": "rank_films"}})}
    ),
}
"""Changes by the pattern of the old path, below the results folder."""


@dataclass(frozen=True)
class Finding:
    """What is to be said of a table.

    Attributes:
        path: Its path below AFTER.
        said: What was found.
        same: Whether every value of the old table is there, and nothing that was not declared.
    """

    path: str
    said: str
    same: bool


def tables(folder: Path) -> dict[str, Path]:
    """Tables of a results folder by their paths below it."""
    found = sorted(path for path in folder.rglob("*") if path.suffix in (".parquet", ".csv"))
    return {path.relative_to(folder).as_posix(): path for path in found}


def plain(value: object) -> object:
    """A value without its storage type: 1.0 and 1 are equal, and so are all ways to say that a value is missing."""
    if isinstance(value, np.ndarray | list | tuple):
        return tuple(plain(one) for one in value)
    if isinstance(value, dict):
        return tuple(sorted((key, plain(one)) for key, one in value.items() if one is not None))
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def plain_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table of plain values."""
    return pd.DataFrame({name: [plain(value) for value in table[name]] for name in table}, dtype=object)


def in_order(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Rows by their values in these columns, whatever types the values are stored as."""

    def key(row: int) -> list[tuple[str, object]]:
        values = (table[name].iat[row] for name in columns)
        return [
            ("figure", float(one)) if isinstance(one, int | float) else ("text", repr(one)) for one in values
        ]

    return table.iloc[sorted(range(len(table)), key=key)].reset_index(drop=True)


def compare(
    path: str, old: pd.DataFrame, new: pd.DataFrame, declared: frozenset[str] = frozenset()
) -> Finding:
    """Compare a table with the one that was to become of it."""
    missing = [name for name in old.columns if name not in new.columns]
    added = [name for name in new.columns if name not in old.columns]
    if missing:
        return Finding(path, f"lacks {', '.join(missing)}", same=False)
    if undeclared := [name for name in added if name not in declared]:
        return Finding(path, f"has {', '.join(undeclared)}, which is not declared", same=False)
    if len(old) != len(new):
        return Finding(path, f"has {len(new):,} rows, {len(old):,} before", same=False)
    before, after = plain_table(old), plain_table(new[list(old.columns)])
    # Names come before figures, so that a figure that differs leaves its row beside the old one.
    columns = sorted(
        old.columns, key=lambda name: any(isinstance(one, float) for one in [*before[name], *after[name]])
    )
    before, after = in_order(before, columns), in_order(after, columns)
    for name in old.columns:
        differs = [row for row in range(len(before)) if before[name][row] != after[name][row]]
        if differs:
            row = differs[0]
            values = f"{after[name][row]!r}, {before[name][row]!r} before"
            return Finding(
                path, f"differs in {name}, {len(differs):,} of {len(old):,} rows: {values}", same=False
            )
    return Finding(path, f"equal, with new columns {', '.join(added)}" if added else "equal", same=True)


def findings(before: Path, after: Path, changes: Mapping[str, Change] | None = None) -> Iterator[Finding]:
    """Compare all tables of two results folders.

    Args:
        before: The older folder.
        after: The newer one.
        changes: What moved or changed its form; `CHANGES` where it is not given.
    """
    changes = CHANGES if changes is None else changes
    left = tables(after)
    for path, file in tables(before).items():
        change = next((one for pattern, one in changes.items() if fnmatchcase(path, pattern)), Change())
        for place, old in change.made(path, read_table(file)).items():
            if place not in left:
                yield Finding(place, f"is missing; before it was {path}", same=False)
                continue
            new = change.rows(read_table(left.pop(place)))
            yield compare(place, old, new, change.new)
    for place in left:
        yield Finding(place, "is new", same=True)


def main() -> None:
    """Compare, and print a line a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("before", type=Path, help="the older results folder")
    parser.add_argument("after", type=Path, help="the newer results folder")
    arguments = parser.parse_args()
    found = list(findings(arguments.before, arguments.after))
    for finding in found:
        print(f"{finding.path}: {finding.said}")
    wrong = sum(not finding.same for finding in found)
    print(
        f"{len(found)} tables, {wrong} of them not as before."
        if wrong
        else f"{len(found)} tables, all as before."
    )
    sys.exit(1 if wrong or not found else 0)


if __name__ == "__main__":
    run(main)
