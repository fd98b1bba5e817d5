"""The benchmark of summaries on real transcripts, with a model and a scorer that answer by rule."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.summaries.compliance import compliance_table
from unit.benchmarks.summary_stubs import Stub, measures

pytestmark = pytest.mark.slow


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "benchmarks")
    return importlib.import_module("summary_quality")


def transcripts() -> pd.DataFrame:
    """Movies 0 to 9 with 30 words each of their own, 10 to 12 with few, 13 that is no trailer."""
    lengths = [30] * 10 + [4, 5, 25, 30]
    texts = [" ".join(f"m{movie}w{word}" for word in range(length)) for movie, length in enumerate(lengths)]
    return pd.DataFrame(
        {
            "item_id": range(len(lengths)),
            "transcript": texts,
            "n_words": lengths,
            "likely_trailer": [True] * 13 + [False],
        }
    ).sample(frac=1, random_state=1)


def test_movies_are_drawn_by_seed_of_those_with_every_reference(benchmark):
    short, long = (pd.DataFrame({"item_id": ids}) for ids in (range(0, 14), range(3, 14)))
    drawn, few = benchmark.choose(transcripts(), [short, long], count=4, seed=0)
    expected = pd.Series(range(3, 10)).sample(4, random_state=0).sort_values()
    assert drawn["item_id"].tolist() == expected.tolist()
    assert few["item_id"].tolist() == [11, 12]
    with pytest.raises(TrailerflowError, match="Only 7 transcripts"):
        benchmark.choose(transcripts(), [short, long], count=8, seed=0)


def test_transcripts_are_cut_to_the_length_of_a_run(benchmark):
    rows = pd.DataFrame({"item_id": [7], "transcript": ["a  b\n" * 400]})
    (outcome,) = benchmark.prepared(rows)
    assert (outcome.movie, outcome.status, outcome.data["words"]) == ("7", "ok", 600)


def test_the_tables_of_a_stub(benchmark):
    rows = transcripts()
    drawn, few = benchmark.choose(rows, [rows], count=10, seed=0)
    titles = {str(movie): f"Film {movie}" for movie in rows["item_id"]} | {"9": "X"}
    outcomes = benchmark.prepared(drawn)
    prompts, asked = ["zero_shot", "few_shot"], {"client": Stub(), "length": 30}
    summaries = benchmark.summarise_by(prompts, outcomes, titles, **asked)
    assert summaries["movie"].tolist() == [str(movie) for movie in range(10)] * 2
    assert summaries["prompt"].tolist() == ["zero_shot"] * 10 + ["few_shot"] * 10
    assert summaries["status"].tolist() == ([*["ok"] * 9, "later"]) * 2
    assert summaries.loc[0, "summary"].startswith("Film 0: m0w0 m0w1")

    spoken = benchmark.transcripts_of(outcomes)
    compliance = compliance_table(
        summaries,
        spoken,
        pd.DataFrame({"movie": list(titles), "title": list(titles.values())}),
        prompts={name: benchmark.prompt_files(name) for name in prompts},
        people=[],
        words=30,
        seed=0,
    )
    # One set of references is the spoken words, which the lead of 30 words equals and no summary does.
    text = benchmark.report(
        summaries,
        spoken,
        {
            "spoken": spoken[["movie", "text"]],
            "written": summaries.head(10)[["movie", "summary"]].set_axis(["movie", "text"], axis=1),
        },
        compliance,
        measures(),
    )
    spoken_part, written_part, faithful, rules = text.split("## ")[1:]
    one, none = "1.000 [1.000, 1.000]", "0.000 [0.000, 0.000]"
    assert f"| lead of the transcript |  | 9 | {one} |" in spoken_part
    assert f"| stub | zero_shot | 9 | {none} |" in spoken_part
    assert f"| stub | few_shot | 9 | {one} |" in written_part
    assert f"| mismatch floor | few_shot | 9 | {none} |" in written_part
    assert f"| stub | zero_shot | 9 | {one} |" in faithful
    assert f"| mismatch floor | zero_shot | 9 | {none} |" in faithful
    assert f"| constant sentence |  | 9 | {none} |" in faithful
    assert f"| human plot | spoken | 9 | {one} |" in faithful
    assert f"| human plot | spoken | 9 | {none} |" in written_part
    assert "| full | rougeL | stub | few_shot | constant sentence | 1.000 [1.000, 1.000] |" in written_part
    assert "published" not in faithful
    assert "stub, zero_shot: 10 movies, 9 ok, 0 abstained, 0 failed, 1 later; words: mean 32.0" in rules
    assert f"| within: 70-130 % of the words asked for | {one} |" in rules
    assert f"| copied: has 12 or more words in a row of the transcript | {one} |" in rules

    near_nothing = benchmark.summarise_by(prompts, benchmark.prepared(few), titles, **asked)
    assert benchmark.abstentions(near_nothing).splitlines()[2:] == [
        "| stub | zero_shot | 2 | 1 | 1 | 0 |",
        "| stub | few_shot | 2 | 1 | 1 | 0 |",
    ]
