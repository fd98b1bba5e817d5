"""The programs of the stage: a system is trained and saved, a language model is asked and probed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from loopback_llm import Site
from loopback_llm.messages import structured_or_prose

from trailerflow.outcomes import Outcome, write_outcome
from trailerflow.tables import read_about, write_table
from unit.genres.tiny_encoder import fetched_minilm, split_of, told_films

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


SYSTEM = {
    "name": "minilm-distilbert", "kind": "encoder", "texts": ["transcript"],
    "settings": {"encoder": "minilm-distilbert", "epochs": 30, "learning_rate": 0.01, "tokens": 8, "batch": 4},
}  # fmt: skip


def program(name: str, folder: Path, texts: list[Path], **options: object) -> None:
    arguments = []
    for option, value in options.items():
        arguments.append(f"--{option.replace('_', '-')}")
        arguments += map(str, value) if isinstance(value, tuple) else [str(value)]
    subprocess.run(
        [sys.executable, str(ROOT / f"scripts/{name}.py"), *arguments],
        cwd=folder, input="\n".join(map(str, texts)), text=True, check=True,
    )  # fmt: skip


def outcomes(folder: Path, texts: dict[str, str | None]) -> list[Path]:
    """Prepared transcripts by movie; None for one that is absent."""
    paths = []
    for movie, text in texts.items():
        paths.append(folder / f"results/prepare_transcript/{movie}.json")
        made = (
            Outcome.absent("prepare_transcript", movie, "nothing was spoken")
            if text is None
            else Outcome(movie, "prepare_transcript", "ok", data={"text": text})
        )
        write_outcome(made, paths[-1])
    return paths


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which train_genres has trained a tiny encoder on twelve films."""
    folder = tmp_path_factory.mktemp("trained")
    fetched_minilm(folder / "models")
    films = told_films()
    write_table(films.drop(columns="text").assign(year=1995), folder / "movies.parquet")
    write_table(split_of(films), folder / "splits.csv")
    program(
        "train_genres", folder, outcomes(folder, dict(zip(films["movie"], films["text"], strict=True))),
        movies="movies.parquet", split="splits.csv", system=json.dumps(SYSTEM),
        models_folder="models", seed=0, threads=1, code="x",
        model="saved", output="predictions.parquet", films="films.parquet", about="about.json",
    )  # fmt: skip
    return folder


def test_the_trained_encoder_is_saved_alone_with_its_predictions(trained):
    saved = {path.name for path in (trained / "saved").iterdir()}
    assert {"system.json", "training.json", "model.safetensors", "tokenizer.json", "config.json"} <= saved
    assert (
        list((trained / "run").rglob("*.parquet")) == []
    )  # folds are kept until the job is done, and no longer
    table = pd.read_parquet(trained / "predictions.parquet")
    assert set(table["system"]) == {"minilm-distilbert"}
    assert set(table["arm"]) == {"transcript, masked"}
    assert len(table) == 16 * 18
    about = read_about(trained / "about.json")
    assert about["rule"] == "train_genres"
    assert "minilm-distilbert reads transcript, masked." in about["notes"]


def reply(body: dict[str, Any]) -> str:
    """A service's answer that keeps to the form."""
    form = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    return json.dumps({"year": 1995}) if "year" in form.get("properties", {}) else structured_or_prose(body)


@pytest.fixture
def site() -> Iterator[Site]:
    """A service on this machine."""
    with Site(reply=reply) as made:
        yield made


def asked(site: Site) -> dict[str, object]:
    """The arguments of a program that asks the service."""
    model = {
        "name": "hosted",
        "kind": "openai_compatible",
        "model": "m",
        "context": 4096,
        "base_url": site.address,
    }
    return {
        "movies": "movies.parquet", "model": json.dumps(model), "models_folder": "nowhere", "cache": "cache",
        "run": "run", "threads": 1, "attempt": 0, "seed": 0, "output": "out.parquet", "about": "about.json",
    }  # fmt: skip


def test_a_language_model_is_asked_in_both_arms_with_examples_of_other_folds(site, tmp_path):
    films = told_films(6).assign(year=1995)
    texts = dict(zip(films["movie"], films["title"] + ": " + films["text"], strict=True))
    write_table(films.drop(columns="text"), tmp_path / "movies.parquet")
    write_table(split_of(films, folds=2, held_out=2), tmp_path / "splits.csv")
    program(
        "predict_genres", tmp_path, outcomes(tmp_path, texts | {"5": None}), **asked(site), way="few_shot",
        arms=("titled", "masked"), prompt=ROOT / "resources/prompts/genres/few_shot.txt", text="transcript",
        split="splits.csv", films="films.parquet",
    )  # fmt: skip
    table = pd.read_parquet(tmp_path / "out.parquet")
    assert len(table) == 2 * 6 * 18
    assert set(table["system"]) == {"hosted/few_shot"}
    assert set(table["arm"]) == {"transcript, titled", "transcript, masked"}
    assert set(table["part"]) == {"cross-validation", "held-out"}
    assert len(site.journal) == 2 * 5
    told = ["\n".join(message["content"] for message in entry["messages"]) for entry in site.journal]
    assert sum("Film 0" in question for question in told) > 1
    masked = [question for question in told if "Title: not given" in question]
    assert len(masked) == 5
    assert all("this film: " in question and "Film " not in question for question in masked)
    about = read_about(tmp_path / "about.json")
    assert [usage["prompt"] for usage in about["usage"]] == ["few_shot", "few_shot, masked"]
    assert about["of"] == ["hosted", "few_shot"]
    assert "transcript, masked: 5 movies are ok." in about["notes"]


def test_a_language_model_is_probed_for_what_it_knows_by_titles(site, tmp_path):
    films = told_films(6).assign(year=[1995, 1995, 1996, 1997, 1998, 1999], duplicate_of=None)
    write_table(films, tmp_path / "movies.parquet")
    prompts = tuple(ROOT / f"resources/prompts/genres/memory_{name}.txt" for name in ("year", "genres"))
    program("probe_memory", tmp_path, [], **asked(site), count=5, prompts=prompts, summary="summary.csv")
    rows = pd.read_parquet(tmp_path / "out.parquet")
    assert rows.groupby("question").size().to_dict() == {"genres": 5, "year": 5}
    summary = pd.read_csv(tmp_path / "summary.csv")
    assert list(summary["answer"]) == ["title alone", "constant", "another film's title"] * 2
    year = summary[summary["question"] == "year"].set_index("answer")
    assert year.loc["title alone", "value"] == year.loc["constant", "value"]  # both say 1995
    assert [usage["requests"] for usage in read_about(tmp_path / "about.json")["usage"]] == [5, 5]
