"""The benchmark of all ways of asking: which films it takes, which its figures are of, and its tables."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.llm.types import Answer
from unit.benchmarks.summary_stubs import Stub, measures

pytestmark = pytest.mark.slow


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "benchmarks")
    return importlib.import_module("summary_systems")


def summaries_of(prompt: str, texts: dict[str, str | None]) -> pd.DataFrame:
    rows = [(movie, "one", prompt, "ok" if text else "absent", text) for movie, text in texts.items()]
    return pd.DataFrame(rows, columns=["movie", "model", "prompt", "status", "summary"])


def test_films_without_a_plot_and_those_to_leave_out_are_not_asked_about(benchmark):
    transcripts = pd.DataFrame({"item_id": [9, 1, 5, 3, 7], "transcript": list("abcde")})
    plots = pd.DataFrame({"item_id": [1, 3, 5, 7, 8]})
    drawn = benchmark.chosen_films(transcripts, plots, [5])
    order = np.random.default_rng(25).permutation(3)
    assert drawn["item_id"].tolist() == [[1, 3, 7][place] for place in order]


def test_models_are_named_or_given(benchmark, monkeypatch):
    settings = importlib.import_module("summary_tables").model_settings
    config = {"models": {"llm": [{"name": "one", "slots": 2}]}}
    assert settings("one", config) == {"name": "one", "slots": 2}
    assert settings(benchmark.MODEL, config) == json.loads(benchmark.MODEL)
    with pytest.raises(TrailerflowError, match="no model 'three'"):
        settings("three", config)


def test_every_way_is_asked_by_its_own_prompts(benchmark):
    outcomes = benchmark.prepared(pd.DataFrame({"item_id": [1], "transcript": ["word " * 30]}))
    (outcome,) = benchmark.summarise(outcomes, {"1": "Heat"}, client=Stub(), way="zero_shot", length=30)
    assert outcome.made_by["prompt"] == "zero_shot"
    assert outcome.data["summary"].startswith("Heat: word word")


def test_a_checked_way_tells_copies_apart(benchmark):
    class Agreeing(Stub):
        def prepare(self) -> None:
            """There is nothing to prepare."""

        def ask(self, request):
            is_question = "Title: " not in request.messages[-1]["content"]
            return Answer("Yes", "stop", 10, 1, 0.1, False, []) if is_question else super().ask(request)

    films = pd.DataFrame({"item_id": [1, 2], "transcript": ["his b c d e f g h i j " * 3, "now showing"]})
    outcomes = benchmark.prepared(films)
    check = {"measure": "yes_no_words", "threshold": 0.5, "unsupported": "drop"}
    asked = {"client": Agreeing(), "way": "zero_shot", "length": 30}
    made = benchmark.summarise(outcomes, {"1": "Heat", "2": "Dumbo"}, **asked, check=check)
    assert made[0].status == "ok"
    assert made[1].status == "absent" and "usages" not in made[1].source  # nothing is asked
    assert benchmark.claims_table(made)[["support", "copied", "kept"]].values.tolist() == [[1.0, True, True]]


def test_figures_are_of_the_films_of_which_every_system_has_a_summary(benchmark):
    summaries = pd.concat(
        [
            summaries_of("a", {"1": "One.", "2": "Two.", "3": None}),
            summaries_of("b", {"1": "One.", "3": "Three."}),
        ]
    )
    assert benchmark.films_of_all(summaries) == ["1"]
    assert benchmark.counts_table(summaries).splitlines()[2:] == [
        "| one | a | 3 | 2 | 1 | 0 |",
        "| one | b | 2 | 2 | 0 | 0 |",
    ]


def test_a_film_that_was_not_asked_about_costs_nothing(benchmark):
    summaries = pd.DataFrame(
        {
            "status": ["ok", "absent"],
            "prompt_tokens": pd.array([100, None], "Int64"),
            "completion_tokens": pd.array([20, None], "Int64"),
            "seconds": pd.array([3.0, None], "Float64"),
        }
    )
    assert benchmark.cost_line("short", summaries) == (
        "short: 2 films (1 ok, 1 absent); a film: 1.5 s, 50 tokens read, 10 written"
    )


def test_what_a_check_kept_is_a_line(benchmark):
    claims = pd.DataFrame(
        {"movie": ["1", "1"], "model": "one", "prompt": "short+check", "kept": [True, False]}
    )
    (line,) = benchmark.claims_line(
        claims.assign(measure="yes_no", invented_names="", copied=False)
    ).splitlines()
    assert line.startswith("  2 claims, 1.00 kept a film; of the claims, those that are kept: 0.500;")


def test_systems_and_human_plots_are_scored_with_their_words_and_names(benchmark):
    films = pd.DataFrame({"item_id": range(1, 5), "transcript": ["m1w a dog", "m2w", "m3w", "m4w"]})
    outcomes = benchmark.prepared(films)
    short = pd.DataFrame({"movie": list("1234"), "text": [f"m{movie}w told" for movie in "1234"]})
    written = short.assign(text=["m1w told", "m2w. There Lev goes.", "m3w", "m4w"])
    summaries = summaries_of("a", dict(zip("1234", written["text"], strict=True)))
    compared, writing = benchmark.all_scores(
        summaries,
        outcomes,
        {"short": short, "long": short.head(2)},
        dict.fromkeys("1234", "Heat"),
        measures(),
    )
    rows = compared[(compared["length"] == "full") & (compared["statistic"] == "f1")]
    by_system = rows[rows["metric"] == "rougeL"].groupby(["system", "prompt"])["value"].agg(["mean", "size"])
    assert by_system.loc[("one", "a")].tolist() == [0.25, 4]
    assert by_system.loc[("human plot", "long")].tolist() == [1.0, 2]
    assert {"short", "long"} == set(compared[compared["metric"] == "faithfulness"]["prompt"]) - {"a", ""}
    own = writing[writing["prompt"] == "a"].pivot(index="movie", columns="metric", values="value")
    assert own["words"].tolist() == [2, 4, 1, 1]
    assert own["invented_name"].tolist() == [0, 1, 0, 0]
