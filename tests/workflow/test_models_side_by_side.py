"""Several models in one run: a column each, one changed alone; then everything again from what is kept."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest
from loopback_llm import Site
from workflow.projects import TEST_MODEL, small_genres

pytestmark = pytest.mark.slow

NAMES = {"smollm2", "smollm2-warm", "hosted"}
TABLES = {
    "merge_summaries/summaries.parquet": "model",
    "score_summaries/metrics.csv": "system",
    "score_summaries/compliance.csv": "model",
    "score_genres/metrics.csv": "system",
    "score_rankings/metrics.csv": "ranker",
    "account_costs/costs.csv": "model",
    "score_ratings/ratings.csv": "model",
}
"""Tables of models, and the column that names them."""


def tables(folder: Path) -> dict[str, str]:
    """Hash of every table of a run's results."""
    found = [path for path in (folder / "results").rglob("*") if path.suffix in (".parquet", ".csv")]
    return {
        str(path.relative_to(folder / "results")): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
    }


def test_three_columns_one_changed_alone_and_a_replay(finished):
    with Site(models=["m"]) as site:
        hosted = {
            "name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 2,
            "base_url": site.address, "prices": {"input": 1, "output": 2, "date": "2026-11-23"},
        }  # fmt: skip
        models = [TEST_MODEL, {**TEST_MODEL, "name": "smollm2-warm", "temperature": 0.3}, hosted]
        finished.settings["models"]["llm"] = models
        finished.settings["judging"]["judge"] = {"model": "hosted", "movies": 3}
        # What these small models write would hardly be kept, and a judge needs summaries by all.
        finished.settings["summaries"]["check"] = {"ways": ["few_shot"], "unsupported": "mark"}
        finished.run()
        results = finished.folder / "results"
        claims = pd.read_parquet(results / "merge_summaries/claims.parquet")
        assert set(claims["prompt"]) == {"few_shot"}
        # The service always says yes, and some of its sentences begin with what may be a name.
        assert set(claims.loc[claims["model"] == "hosted", "kept"]) == {True, False}
        for change in ({"threshold": 1.0}, {"unsupported": "drop"}):
            finished.settings["summaries"]["check"] |= change
            assert all("/few_shot/" in path for path in finished.jobs()["summarise_movie"])
        finished.settings["summaries"]["check"] = {"ways": ["few_shot"], "unsupported": "mark"}
        for table, column in TABLES.items():
            path = results / table
            frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
            assert {name.partition("/")[0] for name in frame[column].dropna()} >= NAMES, table
        page = (results / "make_report/index.html").read_text()
        assert all(name in page for name in NAMES)

        finished.settings["models"]["llm"] = [models[0], {**models[1], "temperature": 0.4}, hosted]
        jobs = finished.jobs()
        asked = [path for rule in ("summarise_movie", "predict_genres", "rank_films") for path in jobs[rule]]
        assert asked
        assert all("/smollm2-warm/" in path or "/smollm2-warm." in path for path in asked)
        assert not {"prepare_transcript", "fetch_synopsis", "split_ratings", "train_genres"} & set(jobs)
        finished.settings["models"]["llm"] = [models[0], {**models[1], "slots": 2}, {**hosted, "slots": 4}]
        # How a model is run reruns nothing.
        assert set(finished.jobs()) <= {"account_costs", "make_report", "all"}

        finished.settings["models"]["llm"] = models
        before, requests = tables(finished.folder), len(site.journal)
        assert requests
        shutil.rmtree(results)
        finished.settings["models"]["answers"] = {"mode": "replay"}
        finished.run()
        assert len(site.journal) == requests
        assert tables(finished.folder) == before


def test_a_dead_model_stops_the_run_before_any_job(finished):
    with Site(models=["another"]) as site:
        finished.settings["models"]["llm"] = [
            {
                "name": "hosted",
                "kind": "openai_compatible",
                "model": "m",
                "context": 4096,
                "base_url": site.address,
            }
        ]
        finished.settings["genres"] = small_genres("summary/hosted/zero_shot")
        done = finished.run(check=False)
        said = done.stdout + done.stderr
        assert done.returncode != 0
        assert f"{site.address} has no model m (hosted answered 404" in said
        assert [entry["max_tokens"] for entry in site.journal] == [
            1
        ]  # what the list does not settle, one token does
        assert not (finished.folder / "results/summarise_movie/hosted").exists()


def test_an_example_of_a_prompt_in_the_catalogue_stops_the_run(finished):
    prompt = finished.folder / "resources/prompts/summaries/few_shot.txt"
    prompt.write_text(prompt.read_text().replace("Forty Hives", "Toy Story"))
    done = finished.run("-n", check=False)
    assert done.returncode != 0
    assert "The example 'Toy Story' of the prompt" in done.stdout + done.stderr
