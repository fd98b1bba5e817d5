"""The benchmark of summaries on real transcripts, with a model and a scorer that answer by rule."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.embedding import Embedder
from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Answer
from trailerflow.row_kinds import CONSTANT_SENTENCE
from trailerflow.summaries.compliance import compliance_table
from trailerflow.summaries.measures import Measures
from trailerflow.summaries.metrics import METRICS, REFERENCE_METRICS, STATISTICS

pytestmark = pytest.mark.slow

SPECIFICATION = importlib.util.spec_from_file_location(
    "summary_quality", Path(__file__).parents[3] / "benchmarks" / "summary_quality.py"
)
benchmark = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(benchmark)


class Stub:
    """Answers with the film's title and what it was told, NOTHING to a short text, and not at all to the film X."""

    model = LanguageModel(name="stub", kind="embedded", model="stub", context=100, slots=2)

    def ask(self, request):
        told = request.messages[-1]["content"]
        title = told.split("Title: ")[1].splitlines()[0]
        if title == "X":
            raise LaterError("the server asks for a pause", None)
        spoken = told.split("Spoken words:\n")[1].split("\n\nSummary")[0]
        text = "NOTHING" if len(spoken.split()) < 25 else f"{title}: {spoken}."
        return Answer(text, "stop", 10, 10, 0.1, False, [])


class ByEquality:
    """1 where the texts are the same or one holds the other, 0 elsewhere."""

    def names(self):
        return dict.fromkeys(METRICS, "by equality")

    def score(self, summaries, references):
        values = [float(one == other) for one, other in zip(summaries, references, strict=True)]
        return {metric: dict.fromkeys(STATISTICS, values) for metric in REFERENCE_METRICS}

    def support(self, sentences, sources):
        return [float(source in sentence) for sentence, source in zip(sentences, sources, strict=True)]


class ByLetters(Embedder):
    """How often each letter is in a text."""

    weights = "none"

    def __init__(self):
        pass

    def embed(self, texts):
        return [np.array([text.count(letter) for letter in "mw0123456789"]) + 0.01 for text in texts]


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


def test_movies_are_drawn_by_seed_of_those_with_every_reference():
    short, long = (pd.DataFrame({"item_id": ids}) for ids in (range(0, 14), range(3, 14)))
    drawn, few = benchmark.choose(transcripts(), [short, long], count=4, seed=0)
    expected = pd.Series(range(3, 10)).sample(4, random_state=0).sort_values()
    assert drawn["item_id"].tolist() == expected.tolist()
    assert few["item_id"].tolist() == [11, 12]
    with pytest.raises(TrailerflowError, match="Only 7 transcripts"):
        benchmark.choose(transcripts(), [short, long], count=8, seed=0)


def test_transcripts_are_cut_to_the_length_of_a_run():
    rows = pd.DataFrame({"item_id": [7], "transcript": ["a  b\n" * 400]})
    (outcome,) = benchmark.prepared(rows)
    assert (outcome.movie, outcome.status, outcome.data["words"]) == ("7", "ok", 600)


def test_models_are_named_or_given():
    config = {"models": {"llm": [{"name": "one", "slots": 2}]}}
    assert json.loads(benchmark.model_settings("one", config)) == {"name": "one", "slots": 2}
    assert benchmark.model_settings('{"name": "two"}', config) == '{"name": "two"}'
    with pytest.raises(TrailerflowError, match="no model 'three'"):
        benchmark.model_settings("three", config)


def test_the_tables_of_a_stub(tmp_path):
    rows = transcripts()
    drawn, few = benchmark.choose(rows, [rows], count=10, seed=0)
    titles = {str(movie): f"Film {movie}" for movie in rows["item_id"]} | {"9": "X"}
    outcomes = benchmark.prepared(drawn)
    asked = {"client": Stub(), "prompts": ["zero_shot", "few_shot"], "length": 30}
    summaries = benchmark.summarise(outcomes, titles, **asked)
    assert summaries["movie"].tolist() == [str(movie) for movie in range(10)] * 2
    assert summaries["prompt"].tolist() == ["zero_shot"] * 10 + ["few_shot"] * 10
    assert summaries["status"].tolist() == ([*["ok"] * 9, "later"]) * 2
    assert summaries.loc[0, "summary"].startswith("Film 0: m0w0 m0w1")

    spoken = benchmark.transcripts_of(outcomes)
    compliance = compliance_table(
        summaries,
        spoken,
        pd.DataFrame({"movie": list(titles), "title": list(titles.values())}),
        prompts={name: [benchmark.PROMPTS / f"{name}.txt"] for name in asked["prompts"]},
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
        Measures(
            scorer=ByEquality(),
            embedder=ByLetters(),
            constants={CONSTANT_SENTENCE: "A man meets a woman."},
            words=30,
            shifts=2,
            seed=0,
        ),
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

    near_nothing = benchmark.summarise(benchmark.prepared(few), titles, **asked)
    assert benchmark.abstentions(near_nothing).splitlines()[2:] == [
        "| stub | zero_shot | 2 | 1 | 1 | 0 |",
        "| stub | few_shot | 2 | 1 | 1 | 0 |",
    ]
