"""The program that scores: every table is written, from the files of a run and its extra texts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from trailerflow.genre_names import GENRES
from trailerflow.genres.breakdowns import CALIBRATION_TYPES, STAND_IN_TYPES, TEXT_TYPES, WORST_TYPES
from trailerflow.genres.comparisons import COLUMN_TYPES as PAIR_TYPES
from trailerflow.genres.genre_sets import COLUMN_TYPES as SET_TYPES
from trailerflow.genres.scoring import COLUMN_TYPES as METRIC_TYPES
from trailerflow.tables import read_about, read_table, write_table
from unit.genres.prediction_tables import predictions_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]

TABLES = {
    "metrics": METRIC_TYPES, "comparisons": PAIR_TYPES, "conformal": SET_TYPES, "calibration": CALIBRATION_TYPES,
    "by-text": TEXT_TYPES, "stand-ins": STAND_IN_TYPES, "worst": WORST_TYPES,
}  # fmt: skip


def written(folder: Path) -> list[str]:
    """The files of a run of twelve films, eight extra texts, and two systems; the arguments that name them."""
    movies = pd.DataFrame({"movie": [str(number) for number in range(12)], "title": "A Film", "year": 1995})
    movies = movies.assign(**dict.fromkeys(GENRES, False))
    movies.loc[::2, "Drama"] = True
    movies.loc[1::2, "Horror"] = True
    extra = movies.head(8).assign(
        movie=[f"plots:{number}" for number in range(8)], source="plots", text="A plot.", part="test"
    )
    texts = movies[["movie"]].assign(status="ok", text="Some words.", words=2)
    named = [{movie: ["Drama"] for movie in table["movie"]} for table in (movies, extra)]
    certain = [{movie: {"Drama": 0.9} for movie in each} for each in named]
    learnt = [
        predictions_of("words", each, part=part, seed=0, family="linear", probability=sure)
        for each, part, sure in zip(named, ("held-out", "extra"), certain, strict=True)
    ]
    files = {
        "movies": movies,
        "split": movies[["movie"]].assign(group=movies["movie"], fold=-1, held_out=True),
        "transcripts": texts.assign(origin="captions"),
        "synopses": texts,
        "extra": extra,
    }
    for name, table in files.items():
        write_table(table, folder / f"{name}.parquet")
    for name, tables in {"words": learnt, "tiny": [predictions_of("tiny", named[0])]}.items():
        write_table(pd.concat(tables, ignore_index=True), folder / f"predicted-{name}.parquet")
    return [f"--{name}={folder / f'{name}.parquet'}" for name in files]


def test_every_table_is_written_with_its_columns(tmp_path: Path) -> None:
    arguments = written(tmp_path)
    outputs = [f"--{name}={tmp_path / f'{name}.csv'}" for name in TABLES]
    subprocess.run(
        [
            sys.executable, str(ROOT / "scripts/score_genres.py"), *arguments, *outputs,
            "--predictions", *map(str, sorted(tmp_path.glob("predicted-*.parquet"))),
            f"--published={ROOT / 'resources/published_figures.csv'}", "--seed=0", f"--about={tmp_path / 'about.json'}",
        ],
        check=True,
    )  # fmt: skip
    tables = {name: read_table(tmp_path / f"{name}.csv") for name in TABLES}
    for name, types in TABLES.items():
        assert list(tables[name].columns) == list(types)
        assert len(tables[name])
    parts = tables["metrics"].groupby("system")["part"].unique().map(list)
    assert parts["words"] == ["held-out", "extra"]
    assert parts["tiny"] == ["held-out"]  # all films of the run are held out, so that they are no second part
    assert set(tables["worst"]["beginning"]) == {"Some words.", "A plot."}
    assert read_about(tmp_path / "about.json")["rule"] == "score_genres"
