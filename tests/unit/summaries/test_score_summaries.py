"""BERTScore by its formula, the mismatch floor, and the table of metrics."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import TrailerflowError
from trailerflow.published import published_rows
from trailerflow.row_kinds import CHANCE, COMMON_WORDS, CONSTANT_SENTENCE, FLOOR, HUMAN, LEAD
from trailerflow.summaries.metrics import (
    EQUAL,
    FULL,
    METRICS,
    REFERENCE_METRICS,
    ROUGE,
    STATISTICS,
    Scorer,
)
from trailerflow.summaries.score_summaries import (
    metrics_table,
    mismatches,
    notes_on_rouge,
    score_summaries,
)
from trailerflow.summaries.support.worth import KEPT_TYPES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "resources/evaluate"
PUBLISHED = published_rows(
    ROOT / "resources/published_figures.csv", "summaries", {"cases": "movies", "note": "scorer"}
)
PUBLISHED_SYSTEM = "published (student report, Llama-3.1-8B)"
SCORERS = dict.fromkeys(METRICS, "by equality")
TEXTS = [
    "Two brothers rob a bank and run for the border.",
    "A nurse hides a stranger in her cellar.",
    "The robbers are running, the bank is burning!",
    "She dances.",
]


class ByEquality:
    """Scores 1 where both texts are the same and 0 elsewhere: quick, and all that the tables need."""

    def score(self, summaries, references):
        values = [float(one == other) for one, other in zip(summaries, references, strict=True)]
        return {metric: dict.fromkeys(STATISTICS, values) for metric in REFERENCE_METRICS}


def tables(summaries: list[str | None], references: list[str | None]) -> tuple[pd.DataFrame, pd.DataFrame]:
    movies = [str(number) for number in range(len(summaries))]
    return (
        pd.DataFrame(
            {"movie": movies, "model": "m", "prompt": "zero_shot", "length": FULL, "summary": summaries}
        ),
        pd.DataFrame({"movie": movies, "text": references}),
    )


def score(summaries: pd.DataFrame, synopses: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    scores = score_summaries(summaries, synopses, scorer=ByEquality(), shifts=3, seed=1)
    return scores, metrics_table(scores, summaries, synopses, scorers=SCORERS, seed=1, published=PUBLISHED)


class WithoutRouge(ByEquality):
    """No ROUGE of Cyrillic texts."""

    def score(self, summaries, references):
        scores = super().score(summaries, references)
        known = [
            text.isascii() and other.isascii() for text, other in zip(summaries, references, strict=True)
        ]
        for metric in ROUGE:
            values = scores[metric]["f1"]
            shown = [value if there else np.nan for value, there in zip(values, known, strict=True)]
            scores[metric] = dict.fromkeys(STATISTICS, shown)
        return scores


def test_what_has_no_rouge_is_left_out_and_told():
    summaries, synopses = tables(["a", "да", "c"], ["a", "да", "b"])
    scores = score_summaries(summaries, synopses, scorer=WithoutRouge(), shifts=3, seed=1)
    metrics = metrics_table(scores, summaries, synopses, scorers=SCORERS, seed=1, published=PUBLISHED)
    own = metrics[(metrics["system"] == "m") & (metrics["statistic"] == "f1")].set_index("metric")
    assert own["movies"].to_dict() == {"rouge1": 2, "rouge2": 2, "rougeL": 2, "bertscore": 3}
    assert own.loc[["rouge1", "bertscore"], "value"].tolist() == [pytest.approx(1 / 2), pytest.approx(2 / 3)]
    assert metrics["value"].notna().all()
    assert notes_on_rouge(scores, "rouge_score") == [
        "1 of 3 summaries have no ROUGE: the tokenizer rouge_score finds no word in them or in their reference (movies 1)."
    ]
    everything = score_summaries(summaries, synopses, scorer=ByEquality(), shifts=3, seed=1)
    assert notes_on_rouge(everything, "unicode") == []


def test_no_movie_with_a_rouge_gives_rows_of_the_other_metrics():
    summaries, synopses = tables(["да", "нет"], ["да", "нет"])
    scores = score_summaries(summaries, synopses, scorer=WithoutRouge(), shifts=3, seed=1)
    assert scores["metric"].unique().tolist() == ["bertscore"]
    assert len(notes_on_rouge(scores, "rouge_score")) == 1


@pytest.mark.parametrize("key", ["num_hidden_layers", "n_layers"])
def test_a_layer_that_the_encoder_does_not_have_is_refused(tmp_path, key):
    (tmp_path / "config.json").write_text(json.dumps({key: 6}))
    Scorer(MODULES, tmp_path, "small", 6).check()
    with pytest.raises(
        TrailerflowError, match=r"small has 6 layers.* layer 7; set summaries\.bertscore_layer"
    ):
        Scorer(MODULES, tmp_path, "small", 7).check()
    (tmp_path / "config.json").write_text("{}")
    Scorer(MODULES, tmp_path, "small", 99).check()


def test_bertscore_tells_equal_texts_from_others(tmp_path):
    """A tiny random encoder is enough: equal texts score 1, and the others what the paper's formula gives."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "film", "war", "love", "."]
    (tmp_path / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
    torch.manual_seed(0)
    settings = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
    )
    model = transformers.BertModel(settings).eval()
    tokenizer = transformers.BertTokenizer(str(tmp_path / "vocab.txt"), model_max_length=64)
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)

    scorer = Scorer(modules=MODULES, encoder=tmp_path, encoder_name="tiny", layer=2)
    scores = scorer.score(["a war film .", "a love film"], ["a war film .", "war ."])["bertscore"]
    assert scores["f1"][0] == pytest.approx(1.0, abs=1e-5)

    def vectors(text):
        with torch.no_grad():
            states = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        return torch.nn.functional.normalize(states, dim=-1)

    # The first and last vector are [CLS] and [SEP]: words may match them, but they have no weight.
    similarity = vectors("a love film") @ vectors("war .").T
    precision = similarity.max(dim=1).values[1:-1].mean().item()
    recall = similarity.max(dim=0).values[1:-1].mean().item()
    assert scores["precision"][1] == pytest.approx(precision, abs=1e-5)
    assert scores["recall"][1] == pytest.approx(recall, abs=1e-5)
    assert scores["f1"][1] == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-5)
    assert scorer.names()["bertscore"].endswith("tiny, layer 2")


def test_a_missing_module_is_named(tmp_path):
    scorer = Scorer(modules=tmp_path, encoder=tmp_path, encoder_name="none", layer=1)
    with pytest.raises(TrailerflowError, match="trailer_rouge"):
        scorer.load("trailer_rouge")


@given(movies=st.integers(0, 30), shifts=st.integers(0, 5), seed=st.integers(0, 1000))
def test_mismatches_never_meet_themselves_nor_the_same_twice(movies, shifts, seed):
    partners = mismatches(movies, shifts=shifts, seed=seed)
    assert partners.shape == (max(0, min(shifts, movies - 1)), movies)
    for movie in range(movies):
        assert movie not in partners[:, movie]
        assert len(set(partners[:, movie])) == len(partners)
    assert all(sorted(row) == list(range(movies)) for row in partners)
    assert np.array_equal(partners, mismatches(movies, shifts=shifts, seed=seed))


def test_true_pairs_and_the_floor():
    # Films 0 to 3 are summarised by their very reference; film 4 has the reference of film 0.
    references = ["a", "b", "c", "d", "e"]
    scores, metrics = score(*tables(["a", "b", "c", "d", "a"], references))
    f1 = metrics[(metrics["metric"] == "rouge1") & (metrics["statistic"] == "f1")].set_index("system")
    assert f1.loc["m", "value"] == pytest.approx(4 / 5)
    assert f1.loc["m", "low"] < 4 / 5 < f1.loc["m", "high"]
    assert (
        f1.loc[FLOOR, "value"] <= 1 / 15 + 1e-9
    )  # one of the 15 wrong pairs at most is equal: film 4 with film 0
    assert f1.loc["m", "movies"] == f1.loc[FLOOR, "movies"] == 5
    assert len(scores) == 2 * 5 * len(REFERENCE_METRICS) * len(STATISTICS)
    assert metrics["system"].unique().tolist() == ["m", FLOOR, PUBLISHED_SYSTEM]


def test_empty_summaries_are_counted_and_left_out():
    _, metrics = score(*tables(["a", None, "...", "d"], ["a", "b", "c", None]))
    row = metrics.iloc[0]
    assert (row["system"], row["movies"], row["empty"]) == ("m", 1, 2)


def test_one_film_has_a_value_and_no_interval_and_no_floor():
    _, metrics = score(*tables(["a"], ["a"]))
    assert metrics["system"].unique().tolist() == ["m", PUBLISHED_SYSTEM]
    assert metrics.loc[0, "value"] == 1
    assert pd.isna(metrics.loc[0, "low"]) and pd.isna(metrics.loc[0, "high"])


@pytest.mark.parametrize(("summaries", "references"), [([], []), ([None], ["a"]), (["a"], [None])], ids=str)
def test_no_film_gives_the_published_rows_alone(summaries, references):
    scores, metrics = score(*tables(summaries, references))
    assert scores.empty
    assert metrics["system"].unique().tolist() == [PUBLISHED_SYSTEM]
    assert set(metrics["statistic"]) == {"f1"}


def test_two_models_share_the_floor_of_a_prompt():
    summaries, synopses = tables(["a", "b"], ["a", "b"])
    both = pd.concat([summaries, summaries.assign(model="n", summary=["b", "b"])])
    _, metrics = score(both, synopses)
    f1 = metrics[(metrics["metric"] == "rouge1") & (metrics["statistic"] == "f1")].set_index("system")
    assert f1.loc["m", "value"] == 1
    assert f1.loc["n", "value"] == 0.5
    assert f1.loc[FLOOR, "value"] == 0.25  # of the four wrong pairs only film 0 by n meets its own text, "b"


def test_faithfulness_stands_among_the_metrics_and_counts_no_empty_ones():
    summaries, synopses = tables(["a", None], ["a", "b"])
    scores, _ = score(summaries, synopses)
    own = {
        "movie": "0",
        "system": "m",
        "prompt": "zero_shot",
        "length": FULL,
        "metric": "faithfulness",
        "statistic": "precision",
    }
    more = pd.DataFrame([own | {"value": 0.4}]).astype(scores.dtypes)
    metrics = metrics_table(
        pd.concat([scores, more]), summaries, synopses, scorers=SCORERS, seed=1, published=PUBLISHED
    )
    row = metrics[metrics["metric"] == "faithfulness"].iloc[0]
    assert (row["value"], row["movies"]) == (0.4, 1)
    assert pd.isna(row["empty"])
    assert metrics.loc[0, "empty"] == 1


def test_the_script_scores_without_a_network(tmp_path, encoder_models):
    """The whole program with the real encoder."""
    summaries, synopses = tables(TEXTS[:3], TEXTS[1:])
    synopses.to_parquet(tmp_path / "synopses.parquet")
    movies = summaries["movie"]
    summaries.assign(status="ok", finish_reason="stop").to_parquet(tmp_path / "summaries.parquet")
    pd.DataFrame({"movie": movies, "status": "ok", "text": TEXTS[:3]}).to_parquet(tmp_path / "spoken.parquet")
    pd.DataFrame({"movie": movies, "title": "Title"}).to_parquet(tmp_path / "movies.parquet")
    columns = ["movie", "model", "prompt", "kept", "invented_names"]
    claims = [(movies[0], "m", "zero_shot", True, ""), (movies[0], "m", "zero_shot", False, "Lev")]
    pd.DataFrame(claims, columns=columns).assign(measure="yes_no", copied=False).to_parquet(
        tmp_path / "claims.parquet"
    )
    options = {
        "summaries": tmp_path / "summaries.parquet",
        "claims": tmp_path / "claims.parquet",
        "worth": ROOT / "resources/support/worth.csv",
        "synopses": tmp_path / "synopses.parquet",
        "transcripts": tmp_path / "spoken.parquet",
        "movies": tmp_path / "movies.parquet",
        "prompts": ROOT / "resources/prompts/summaries/zero_shot.txt",
        "people": ROOT / "resources/film_people.txt",
        "sentence": ROOT / "resources/constants/sentence.txt",
        "common-words": ROOT / "resources/constants/common_words.txt",
        "published": ROOT / "resources/published_figures.csv",
        "words": 100,
        "modules": MODULES,
        "models-folder": encoder_models,
        "encoder": "all-minilm-l6-v2",
        "rouge-tokenizer": "unicode",
        "layer": 5,
        "shifts": 2,
        "seed": 0,
        "threads": 1,
        "scores": tmp_path / "scores.parquet",
        "metrics": tmp_path / "metrics.csv",
        "comparisons": tmp_path / "comparisons.csv",
        "compliance": tmp_path / "compliance.csv",
        "kept-claims": tmp_path / "kept_claims.csv",
        "support-worth": tmp_path / "support_worth.csv",
        "about": tmp_path / "about.json",
    }
    done = subprocess.run(
        [
            sys.executable,
            ROOT / "scripts/score_summaries.py",
            *(str(part) for name, value in options.items() for part in (f"--{name}", value)),
        ],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path), "PATH": str(shutil.which("env"))},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    metrics = pd.read_csv(tmp_path / "metrics.csv")
    own = metrics[metrics["metric"].isin(ROUGE) & (metrics["system"] != PUBLISHED_SYSTEM)]
    assert own["scorer"].unique().tolist() == ["rouge-score 0.1.2, tokenizer unicode, stemmed"]
    kinds = dict(zip(metrics["system"], metrics["row_kind"], strict=True))
    company = [HUMAN, CONSTANT_SENTENCE, COMMON_WORDS, LEAD, CHANCE, FLOOR]
    assert list(kinds) == ["m", *company, PUBLISHED_SYSTEM]
    assert list(kinds.values()) == ["system", *["reference"] * len(company), "published"]
    assert metrics["metric"].unique().tolist() == [*REFERENCE_METRICS, "found", "faithfulness"]
    assert set(metrics["length"]) == {FULL, EQUAL}
    whole = metrics[metrics["length"] == FULL]
    values = whole[(whole["metric"] == "faithfulness") & (whole["prompt"] == "zero_shot")].set_index(
        "system"
    )["value"]
    assert 0 < values[FLOOR] < values["m"] == pytest.approx(1, abs=1e-5)
    pairs = pd.read_csv(tmp_path / "comparisons.csv")
    assert set(pairs.loc[pairs["metric"] == "rougeL", "other"]) == {
        FLOOR,
        LEAD,
        CONSTANT_SENTENCE,
        COMMON_WORDS,
    }
    assert set(pairs["system"]) == {"m"}
    kept = pd.read_csv(tmp_path / "compliance.csv")
    assert kept.loc[0, ["movies", "ok", "shorter", "within"]].tolist() == [3, 3, 1, 0]
    claims = pd.read_csv(tmp_path / "kept_claims.csv")
    assert claims.loc[0, ["model", "claims", "kept", "invented_name"]].tolist() == ["m", 2, 0.5, 0.5]
    assert list(pd.read_csv(tmp_path / "support_worth.csv").columns) == list(KEPT_TYPES)
    assert json.loads((tmp_path / "about.json").read_text())["models"][0]["name"] == "all-minilm-l6-v2"
