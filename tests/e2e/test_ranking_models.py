"""A language model that ranks through its program: what it answers wrongly is mended, counted and told."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from loopback_llm import Site
from unit.recommendations.frames import asked_about, coded_ratings, movie_table, part_of, stored

from trailerflow.recommendations.diagnosis.table import Scored, diagnose
from trailerflow.recommendations.protocols.contract import DRAWN
from trailerflow.recommendations.splits.contract import TABLES
from trailerflow.tables import read_about, read_table, write_table

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FILMS = ["a", "b", "c", "d"]
SEEN = [f"seen{number}" for number in range(300)]
"""A history of 300 films, of which 50 are asked for: more than 512 tokens hold."""
FIELDS = {"ranker": [], "other": [], "split": [], "protocol": [], "ties": [], "users_set": [], "metric": []}
NOTHING = pd.DataFrame(
    {**FIELDS, "k": [], "value": [], "smallest": [], "model": [], "question": [], "row_kind": []}
)


def faulty(body: dict[str, Any]) -> str:
    """Films that nobody asked about, one twice, and not all of them."""
    return json.dumps({"order": ["D", "Z", "D", "The Godfather", "B"]})


def split(folder: Path) -> list[Path]:
    """One user with a long history, who is asked about four films."""
    rows = [("u", movie, 1 + number % 5, number) for number, movie in enumerate(SEEN)]
    train = coded_ratings(rows, FILMS)
    held_out = coded_ratings([("u", film, 1 + number, 999) for number, film in enumerate(FILMS)])
    asked = asked_about(held_out.astype({name: train[name].dtype for name in ("user", "movie")}))
    stored(folder, part_of(train, replace(asked, users=asked.users.assign(set=DRAWN))))
    return [folder / f"{name}.parquet" for name in TABLES]


def test_films_that_nobody_asked_about_and_a_history_without_end(tmp_path: Path) -> None:
    files = split(tmp_path / "this_run")
    movies = movie_table([(film, f"Film {film}", 1990, ["Drama"]) for film in (*FILMS, *SEEN)])
    write_table(movies, tmp_path / "movies.parquet")
    output = tmp_path / "rank_films/this_run/hosted/listwise_shuffled.parquet"
    with Site(models=["m"], reply=faulty) as site:
        model = {
            "name": "hosted",
            "kind": "openai_compatible",
            "model": "m",
            "context": 512,
            "base_url": site.address,
        }
        subprocess.run(
            [
                *(sys.executable, str(ROOT / "scripts/rank_films.py"), "--ranker", "listwise_shuffled"),
                *("--settings", json.dumps({"orders": 3, "history": 50, "text": "none"})),
                *("--model", json.dumps(model), "--models-folder", str(tmp_path), "--threads", "1"),
                *("--cache", str(tmp_path / "cache"), "--run", str(tmp_path / "run"), "--attempt", "0"),
                *("--prompt", str(ROOT / "resources/prompts/recommendations/listwise_shuffled.txt")),
                *("--tables", *map(str, files)),
                *("--side", *(f"{name}={tmp_path / 'movies.parquet'}" for name in ("archive", "movies"))),
                *("--kept", str(tmp_path / "kept"), "--code", "x", "--output", str(output)),
                *("--about", str(output.with_suffix(".about.json"))),
            ],
            cwd=tmp_path, stdin=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        words = [entry["messages"][-1]["content"] for entry in site.journal]
    assert len(words) == 3
    assert all(
        "Film seen299" in said and "Film seen250" not in said for said in words
    )  # the newest, as far as there is room
    table = read_table(output)
    assert sorted(table["movie"]) == FILMS
    assert set(table["status"]) == {"ok"}
    assert table["repaired"].all()
    for order in range(3):  # each list begins with D, the film at the fourth place
        best = table.loc[[scores[order] == 0 for scores in table["order_scores"]], "places"]
        assert [places[order] for places in best] == [3]
    about = read_about(output.with_suffix(".about.json"))
    assert [usage["prompt"] for usage in about["usage"]] == ["listwise_shuffled"]
    assert any("films of histories were left out" in note for note in about["notes"])
    (row,) = diagnose(files, [output], Scored(NOTHING, NOTHING, NOTHING, {}), seed=0)[0].to_dict("records")
    assert (row["users"], row["orders"], row["unreadable_before"], row["unreadable_after"]) == (
        1,
        3,
        1.0,
        0.0,
    )
    assert row["echo"] == pytest.approx(-1 / 3)  # D, B, A, C: of six pairs four are turned round
