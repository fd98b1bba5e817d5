"""A made-up system that reads another's predictions joins by its file and one line, and is in the tables and on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Reads
from trailerflow.genres.job import Learnt, gather, learn
from trailerflow.genres.judged import judge, true_genres
from trailerflow.genres.predictions import read_predictions
from trailerflow.genres.saved import load_system, save_system
from trailerflow.genres.scoring import score
from trailerflow.genres.systems import REGISTER, SYSTEMS
from trailerflow.genres.systems.contract import Surroundings, System
from trailerflow.kept_parts import KeptParts
from trailerflow.registers import chosen_class
from trailerflow.reports.pages import build_page, render
from trailerflow.reports.register import SECTIONS
from trailerflow.tables import write_table
from unit.genres.tiny_encoder import split_of, told_films
from unit.report_frames import GENRE_METRICS, PREDICTIONS, full_run, full_tables

FILMS = told_films(32)
SPLIT = split_of(FILMS, folds=3, held_out=8)
TEXTS = {"transcript": FILMS[["movie", "text"]].assign(status="ok", reason=None)}


def trained(
    make: Callable[[int], System], *, inner: bool = False, others: dict[str, pd.DataFrame] | None = None
) -> Learnt:
    system = make(0)
    return learn(
        make, gather(FILMS, TEXTS, system.reads, others=others), SPLIT, seeds=[0], kept=KeptParts(Path("kept") / system.name, {}),
        rule="train_genres", inner=inner,
    )  # fmt: skip


def test_a_made_up_system_joins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(SYSTEMS, "made_up", "unit.genres.made_up_system:MadeUpSystem")  # its one line
    made_up = chosen_class(REGISTER, "made_up")
    base = trained(lambda seed: made_up("base", Reads(texts=("transcript",))), inner=True)
    write_table(base.tables.predictions, "base.parquet")
    others = {"base": read_predictions(Path("base.parquet"))}
    stack = trained(lambda seed: made_up("stack", Reads(("title",), predictions=("base",))), others=others)
    write_table(stack.tables.predictions, "stack.parquet")

    movies = FILMS[["movie", *GENRES]]
    systems = [read_predictions(Path(f"{name}.parquet")) for name in ("base", "stack")]
    metrics = score(judge(systems, true_genres(movies, SPLIT)), seed=0)
    rows = metrics[(metrics["system"] == "stack") & (metrics["label"] == "micro")]
    assert set(zip(rows["part"], rows["operating_point"], strict=True)) == {
        (part, point) for part in ("cross-validation", "held-out") for point in ("per genre", "global")
    }
    assert set(rows["family"]) == {"made-up ensemble"}
    assert set(rows["arm"]) == {"title alone"}
    assert rows["f1"].between(0, 1).all()

    tables = {
        PREDICTIONS: stack.tables.predictions,
        GENRE_METRICS: metrics,
    }
    page = render(build_page(SECTIONS, {**full_tables(), **tables}, full_run()))
    assert "Genres by system (cross-validation: 24 films)" in page
    assert "is the only system that is not told the title, µAP" in page
    assert "Told the title, stack (title alone) has µAP" in page

    save_system(stack.system, stack.points, tmp_path / "saved")
    loaded = load_system(tmp_path / "saved", Surroundings(lambda settings: pytest.fail("a model was asked")))
    assert loaded.system.reads == Reads(("title",), predictions=("base",))
