"""The benchmark of rankings on a small archive: figures and costs, and what is finished is not done again."""

from __future__ import annotations

import importlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml

from unit.recommendations.frames import random_ratings

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).parents[3] / "benchmarks/rankings.py"


def test_every_pair_has_figures_and_a_cost_and_is_done_once(tmp_path: Path) -> None:
    rows = random_ratings(users=8, films=12).astype({"user": str, "movie": str})
    ratings = pd.DataFrame(
        {
            "userId": rows["user"].str[1:],
            "movieId": rows["movie"].str[1:].astype(int) + 1,
            "rating": rows["rating"],
            "timestamp": rows["timestamp"] + 1,
        }
    )
    films = pd.DataFrame({"movieId": range(1, 13)}).assign(
        title=lambda frame: "Film " + frame["movieId"].astype(str) + " (1990)", genres="Drama"
    )
    links = films[["movieId"]].assign(imdbId=1, tmdbId=1)
    with zipfile.ZipFile(tmp_path / "small.zip", "w") as archive:
        for name, table in (("ratings", ratings), ("movies", films), ("links", links)):
            archive.writestr(f"ml-small/{name}.csv", table.to_csv(index=False))
    section = {
        "held_out": 2,
        "history": 2,
        "splits": [{"name": "last", "kind": "leave_last", "settings": {"blocks": 0, "negatives": 3}}],
        "rankers": [
            "popularity",
            {"name": "recent", "kind": "ease", "settings": {"half_life": 2}},
            {"name": "elsewhere", "kind": "bias", "splits": ["another"]},
        ],
    }
    (tmp_path / "settings.yaml").write_text(yaml.safe_dump(section))
    command = [
        sys.executable,
        str(PROGRAM),
        "--archive=small.zip",
        "--settings=settings.yaml",
        "--output=out",
    ]

    def run() -> None:
        done = subprocess.run(
            [*command, "--rankers", "recent", "item_mean", "elsewhere"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    run()
    metrics, costs = (pd.read_csv(tmp_path / "out" / name) for name in ("metrics.csv", "costs.csv"))
    assert {"recent", "item_mean", "chance"} <= set(metrics["ranker"]) and "elsewhere" not in set(
        metrics["ranker"]
    )
    assert costs["ranker"].dropna().tolist() == ["recent", "item_mean"]
    assert (costs["cpu_seconds"] > 0).all() and costs["peak_megabytes"].between(20, 5000).all()
    ranking = tmp_path / "out/rank_films/last/recent.parquet"
    before = ranking.stat().st_mtime_ns
    run()
    assert ranking.stat().st_mtime_ns == before


def test_a_table_of_summaries_is_read_as_texts_and_missing_ones_are_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(PROGRAM.parent)
    texts = importlib.import_module("ranking_texts")
    pd.DataFrame({"movie": ["1", "2"], "summary": ["A thief.", None]}).to_parquet(tmp_path / "short.parquet")
    pd.DataFrame({"movie": ["1"], "title": ["Heat"], "year": [1995]}).to_parquet(tmp_path / "movies.parquet")
    source = texts.TextSource(tmp_path / "short.parquet", "summary", None)
    texts.write_texts(source, tmp_path / "movies.parquet", tmp_path)
    assert pd.read_parquet(tmp_path / "texts.parquet").values.tolist() == [["1", "A thief."]]
