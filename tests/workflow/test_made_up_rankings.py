"""A split with folds and two protocols, a ranker with fold_in and one that reads others join by a file and a line each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.slow

MADE_UP = Path(__file__).parents[1] / "made_up"
REGISTER = "src/trailerflow/recommendations/register.py"
THERE = ("popularity", "item_knn", "smollm2/yes_no")
LAST_SPLIT = '    "this_run": "trailerflow.recommendations.splits.this_run:ThisRun",\n'
LAST_RANKER = '    "item_knn": "trailerflow.recommendations.rankers.item_knn:ItemKnn",\n'


def test_they_appear_in_tables_and_page_and_rerun_no_other(finished):
    package = finished.folder / "src/trailerflow/recommendations"
    shutil.copy(MADE_UP / "half_users.py", package / "splits")
    for name in ("together.py", "mean_rank.py"):
        shutil.copy(MADE_UP / name, package / "rankers")
    own = '    "half_users": "trailerflow.recommendations.splits.half_users:HalfUsers",\n'
    finished.replace(REGISTER, LAST_SPLIT, LAST_SPLIT + own)
    own = '    "together": "trailerflow.recommendations.rankers.together:Together",\n'
    own += '    "mean_rank": "trailerflow.recommendations.rankers.mean_rank:MeanRank",\n'
    finished.replace(REGISTER, LAST_RANKER, LAST_RANKER + own)
    assert set(finished.jobs()) <= {"all"}  # a new line runs nothing by itself

    finished.settings["recommendations"] |= {
        "splits": ["this_run", "half_users"],
        "rankers": ["popularity", "item_knn", "together", "mean_rank"],
    }
    jobs, own = finished.jobs(), ("together", "mean_rank")
    ranked = {path for path in jobs["rank_films"] if path.endswith(".parquet")}
    assert ranked == {
        *(f"results/rank_films/this_run/{ranker}.parquet" for ranker in own),
        *(f"results/rank_films/half_users/{ranker}.parquet" for ranker in (*own, *THERE)),
    }
    assert {path for path in jobs["rank_pool"] if path.endswith(".parquet")} == {
        f"results/rank_pool/{split}/{ranker}.parquet"
        for split in ("this_run", "half_users")
        for ranker in ("popularity", "together")  # those that mean_rank reads
    }
    finished.run()
    results = finished.folder / "results"
    metrics = pd.read_csv(results / "score_rankings/metrics.csv")
    for ranker in ("popularity", "item_knn", "together", "mean_rank", "chance", "oracle"):
        figures = metrics[metrics["ranker"] == ranker]
        places = {("this_run", "temporal"), ("half_users", "temporal"), ("half_users", "whole")}
        assert set(zip(figures["split"], figures["protocol"], strict=True)) == places
    rankings = pd.read_parquet(results / "rank_films/half_users/together.parquet")
    assert set(zip(rankings["part"], rankings["fold"], strict=True)) == {
        (part, fold) for part in ("block", "test") for fold in (0, 1)
    }
    page = (results / "make_report/index.html").read_text()
    assert "Ranking quality for all test users (half_users, whole)" in page
    assert "together" in page
    assert "mean_rank" in page
    assert set(finished.jobs()) <= {"all"}
