"""What rankings are worth: from the splits and rankings to figures, comparisons, a diagnosis, and files for other tools."""

import re

from trailerflow.recommendations.splits.contract import TABLES

all_split_tables = expand(
    "results/split_ratings/{split}/{table}.parquet", split=RANKINGS.splits, table=TABLES
)


rule audit_splits:
    """Audit what the test of every split lets a ranker know: shares with a light each."""
    input:
        splits=all_split_tables,
        archive="results/fetch_catalogue/movies.parquet",
        ratings="results/fetch_catalogue/ratings.parquet",
    output:
        audit="results/audit_splits/audit.csv",
        about="results/audit_splits/about.json",
    log:
        "logs/audit_splits.log",
    conda:
        "../envs/recommendations.yaml"
    params:
        code=CODE["audit_splits"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/audit_splits.py \
            --splits {input.splits:q} \
            --archive {input.archive:q} \
            --ratings {input.ratings:q} \
            --output {output.audit:q} \
            --about {output.about:q} \
            &>{log:q}
        """


rule score_rankings:
    """Score every ranker by the metrics of each protocol, beside chance and an oracle, and compare the rankers."""
    input:
        splits=all_split_tables,
        rankings=[
            f"results/rank_films/{split}/{ranker}.parquet"
            for split, ranker in RANKINGS.pairs
        ],
        movies="results/fetch_catalogue/movies.parquet",
        people="results/fetch_catalogue/people.parquet",
        published=PUBLISHED,
    output:
        metrics="results/score_rankings/metrics.csv",
        comparisons="results/score_rankings/comparisons.csv",
        breakdowns="results/score_rankings/breakdowns.csv",
        later_ratings="results/score_rankings/later_ratings.csv",
        unranked="results/score_rankings/unranked.csv",
        users="results/score_rankings/users.parquet",
        about="results/score_rankings/about.json",
    log:
        "logs/score_rankings.log",
    conda:
        "../envs/recommendations.yaml"
    params:
        seed=config["recommendations"]["seed"],
        published=published_of("recommendations"),
        code=CODE["score_rankings"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/score_rankings.py \
            --splits {input.splits:q} \
            --rankings {input.rankings:q} \
            --movies {input.movies:q} \
            --people {input.people:q} \
            --published {input.published:q} \
            --seed {params.seed:q} \
            --output {output.metrics:q} \
            --comparisons {output.comparisons:q} \
            --breakdowns {output.breakdowns:q} \
            --later-ratings {output.later_ratings:q} \
            --unranked {output.unranked:q} \
            --users {output.users:q} \
            --about {output.about:q} \
            &>{log:q}
        """


DIAGNOSED = [
    (split, ranker)
    for split, ranker in RANKINGS.pairs
    if RANKINGS.rankers[ranker].model
]
"""The splits with the language models that rank on them."""


rule diagnose_rankers:
    """Diagnose the language models that rank: bias of place and popularity, echo, unreadable answers, memory, cost."""
    input:
        splits=expand(
            "results/split_ratings/{split}/{table}.parquet",
            split=dict(DIAGNOSED),
            table=TABLES,
        ),
        rankings=[
            f"results/rank_films/{split}/{ranker}.parquet"
            for split, ranker in DIAGNOSED
        ],
        metrics="results/score_rankings/metrics.csv",
        comparisons="results/score_rankings/comparisons.csv",
        memory=expand("results/probe_memory/{model}.csv", model=PROBED),
    output:
        diagnosis="results/diagnose_rankers/diagnosis.csv",
        by_place="results/diagnose_rankers/by_place.csv",
        about="results/diagnose_rankers/about.json",
    log:
        "logs/diagnose_rankers.log",
    conda:
        "../envs/recommendations.yaml"
    params:
        models=PRICED_MODELS,
        seed=config["recommendations"]["seed"],
        code=CODE["diagnose_rankers"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/diagnose_rankers.py \
            --splits {input.splits:q} \
            --rankings {input.rankings:q} \
            --metrics {input.metrics:q} \
            --comparisons {input.comparisons:q} \
            --memory {input.memory:q} \
            --models {params.models:q} \
            --seed {params.seed:q} \
            --output {output.diagnosis:q} \
            --by-place {output.by_place:q} \
            --about {output.about:q} \
            &>{log:q}
        """


rule export_rankings:
    """Write a split's truth and rankings as TREC qrels and run files, for other tools; made when it is asked for."""
    input:
        tables=expand("results/split_ratings/{{split}}/{table}.parquet", table=TABLES),
        rankings=lambda wildcards: [
            f"results/rank_films/{wildcards.split}/{ranker}.parquet"
            for ranker in RANKINGS.rankers_of(wildcards.split)
        ],
    output:
        folder=directory("results/export_rankings/{split}"),
        about="results/export_rankings/{split}.about.json",
    log:
        "logs/export_rankings/{split}.log",
    wildcard_constraints:
        split="|".join(map(re.escape, RANKINGS.splits)),
    conda:
        "../envs/recommendations.yaml"
    params:
        code=CODE["export_rankings"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/export_rankings.py \
            --tables {input.tables:q} \
            --rankings {input.rankings:q} \
            --output {output.folder:q} \
            --about {output.about:q} \
            &>{log:q}
        """
