"""The benchmark of summaries as what genre systems read: its texts, its systems and the direction of its differences."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from trailerflow.row_kinds import GLOBAL


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "benchmarks")
    return importlib.import_module("summary_genres")


def test_every_system_reads_each_table_and_no_other_texts(benchmark):
    systems = [
        {"name": "words", "kind": "tfidf"},
        {"name": "bge-ridge", "kind": "kernel_ridge"},
        {"name": "other"},
    ]
    entries = benchmark.entries_of(systems, ["a", "b"])
    assert [(entry.kind, entry.texts, entry.extra, entry.titled) for entry in entries] == [
        ("tfidf", ("a",), False, False),
        ("tfidf", ("b",), False, False),
        ("kernel_ridge", ("a",), False, False),
        ("kernel_ridge", ("b",), False, False),
    ]


def test_a_film_that_one_table_lacks_has_no_text_there(benchmark, monkeypatch):
    movies = pd.DataFrame({"movie": [1, 2, 3], "title": ["Heat", "Seven", "Dumbo"]})
    monkeypatch.setattr(benchmark, "read_archive", lambda path: pd.Series({"movies": movies}))
    columns = ["movie", "status", "reason", "summary"]
    tables = {
        "a": pd.DataFrame(
            [("1", "ok", None, "A thief."), ("2", "absent", "no story", None)], columns=columns
        ),
        "b": pd.DataFrame([("1", "ok", None, "A cop.")], columns=columns),
    }
    data = benchmark.summary_data(Path("archive.zip"), tables)
    assert data.movies["movie"].tolist() == ["1", "2"]
    assert data.texts["a"]["status"].tolist() == ["ok", "absent"]
    assert data.texts["b"]["status"].tolist() == ["ok", "absent"]
    assert data.texts["b"]["text"].iloc[0] == "A cop."


def test_a_difference_is_the_second_table_less_the_first(benchmark):
    common = {"label": "micro", "operating_point": GLOBAL, "metric": "f1", "movies": 10}
    rows = [
        common
        | {"system": "words of a", "other": "words of b", "difference": 0.1, "p_value": 0.01}
        | {"difference_low": 0.05, "difference_high": 0.2},
        common
        | {"system": "bge-ridge of b", "other": "bge-ridge of a", "difference": 0.02, "p_value": 0.4}
        | {"difference_low": -0.01, "difference_high": 0.05},
        common
        | {"system": "words of a", "other": "bge-ridge of b", "difference": 0.3, "p_value": 0.001}
        | {"difference_low": 0.2, "difference_high": 0.4},
    ]
    lines = list(benchmark.difference_lines(pd.DataFrame(rows), "a", "b"))[2:]
    assert lines == [
        "| words | micro F1 | 10 | -0.100 [-0.200, -0.050] | 0.020 | a is better |",
        "| bge-ridge | micro F1 | 10 | 0.020 [-0.010, 0.050] | 0.400 | cannot be told apart |",
    ]
