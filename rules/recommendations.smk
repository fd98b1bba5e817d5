"""Recommendations: from the archive's ratings, this run's films and their summaries to every ranker's figures."""

import re

from trailerflow.planning.rankings import rankers_read
from trailerflow.planning.servers import all_shares
from trailerflow.recommendations.splits.contract import TABLES
from trailerflow.registers import chosen_class, place_of_class

REGISTER = "trailerflow.recommendations.register"

for key in ("splits", "rankers"):
    for name in config["recommendations"][key]:
        try:
            place_of_class(f"{REGISTER}:{key.upper()}", name)
        except TrailerflowError as error:
            raise WorkflowError(f"config: recommendations.{key}: {error}") from None

SPLITS = {
    name: place_of_class(f"{REGISTER}:SPLITS", name)
    for name in config["recommendations"]["splits"]
}
"""The splits of this run, with the places of their classes."""

RANKERS = {
    **{name: name for name in config["recommendations"]["rankers"]},
    **RANKING_PROMPTS,
}
"""The rankers of this run, with their names in the register: a language model ranks under its own name."""

RANKER_CLASSES = {
    name: chosen_class(f"{REGISTER}:ALL_RANKERS", registered)
    for name, registered in RANKERS.items()
}

try:
    RANKERS_READ = rankers_read(
        {name: each.reads for name, each in RANKER_CLASSES.items()}
    )
except TrailerflowError as error:
    raise WorkflowError(str(error)) from None


# ---- what a job is made of


code_of_split = lambda wildcards: CODE.of(
    "split_ratings", SPLITS[wildcards.split].partition(":")[0]
)
"""Hash of the code that makes a split."""


rule split_ratings:
    """Split the ratings in one way: all its folds, tie seeds and training blocks, and what each protocol asks of them."""
    input:
        ratings="results/fetch_catalogue/ratings.parquet",
        movies="results/select_movies/movies.parquet",
    output:
        train="results/split_ratings/{split}/train.parquet",
        validation="results/split_ratings/{split}/validation.parquet",
        candidates="results/split_ratings/{split}/candidates.parquet",
        truth="results/split_ratings/{split}/truth.parquet",
        users="results/split_ratings/{split}/users.parquet",
        questions="results/split_ratings/{split}/questions.parquet",
        about="results/split_ratings/{split}/about.json",
    log:
        "logs/split_ratings/{split}.log",
    wildcard_constraints:
        split="|".join(map(re.escape, SPLITS)),
    conda:
        "../envs/recommendations.yaml"
    params:
        held_out=config["recommendations"]["held_out"],
        history=config["recommendations"]["history"],
        llm_users=config["recommendations"]["llm_users"],
        seed=config["recommendations"]["seed"],
        code=code_of_split,
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/split_ratings.py \
            --split {wildcards.split:q} \
            --ratings {input.ratings:q} \
            --movies {input.movies:q} \
            --held-out {params.held_out:q} \
            --history {params.history:q} \
            --llm-users {params.llm_users:q} \
            --seed {params.seed:q} \
            --train {output.train:q} \
            --validation {output.validation:q} \
            --candidates {output.candidates:q} \
            --truth {output.truth:q} \
            --users {output.users:q} \
            --questions {output.questions:q} \
            --about {output.about:q} \
            &>{log:q}
        """


SIDE_TABLES = {
    "archive": "results/fetch_catalogue/movies.parquet",
    "movies": "results/select_movies/movies.parquet",
}
"""Tables beside the ratings that a ranker may need."""

side_of = lambda wildcards: [
    name for name in SIDE_TABLES if name in RANKER_CLASSES[wildcards.ranker].side
]
"""Names of the tables beside the ratings that a ranker needs."""

side_tables = lambda wildcards: [SIDE_TABLES[name] for name in side_of(wildcards)]

side_arguments = lambda wildcards, input: [
    f"{name}={path}" for name, path in zip(side_of(wildcards), input.side)
]
"""The tables beside the ratings with their names, as a program takes them."""

files_of_ranker = lambda wildcards: (
    files_of_model(wildcards.ranker) if wildcards.ranker in LLM else []
)

scores_read = lambda wildcards: [
    f"results/rank_pool/{wildcards.split}/{name}.parquet"
    for name in RANKER_CLASSES[wildcards.ranker].reads
]
"""What the rankers say that a ranker reads."""

NOTHING = "(?!)"
"""A pattern that nothing matches."""

# What only a language model needs: its own summaries where it ranks by them, its question, its files and settings.
summaries_of_ranker = lambda wildcards: (
    summaries_by(wildcards.ranker, config["recommendations"]["summaries"])
    if "summaries" in RANKER_CLASSES[wildcards.ranker].side
    else []
)
prompt_of_ranker = lambda wildcards: (
    [prompt_file(f"recommendations/{RANKERS[wildcards.ranker]}")]
    if wildcards.ranker in LLM
    else []
)
settings_of_ranker = lambda wildcards, input: (
    [
        *("--model", MODEL_SETTINGS[wildcards.ranker]),
        f"--models-folder={MODELS_FOLDER}",
        *("--cache", "resources/cache/llm", "--run", "run"),
        *("--prompt", *as_paths(input.prompt)),
    ]
    if wildcards.ranker in LLM
    else []
)
threads_of_ranker = lambda wildcards: (
    threads_of_server(wildcards.ranker) if wildcards.ranker in LLM else 1
)
slots_of_ranker = lambda embedded: lambda wildcards: (
    all_shares(LLM[wildcards.ranker], embedded=embedded)
    if wildcards.ranker in LLM
    else 0
)

code_of_ranker = lambda program: lambda wildcards: CODE.of(
    program, RANKER_CLASSES[wildcards.ranker].__module__
)
"""Hash of the code that a ranker's job runs, so that a change of one ranker reruns that one alone."""


rule rank_films:
    """Rank the films of every question of a split by one ranker: all protocols, parts, folds and seeds in one job."""
    input:
        tables=expand("results/split_ratings/{{split}}/{table}.parquet", table=TABLES),
        side=side_tables,
        summaries=summaries_of_ranker,
        prompt=prompt_of_ranker,
        model=files_of_ranker,
        scores=scores_read,
    output:
        rankings="results/rank_films/{split}/{ranker}.parquet",
        about="results/rank_films/{split}/{ranker}.about.json",
    log:
        "logs/rank_films/{split}/{ranker}.log",
    wildcard_constraints:
        split="|".join(map(re.escape, SPLITS)),
        ranker="|".join(map(re.escape, RANKERS)),
    conda:
        "../envs/recommendations.yaml"
    threads: threads_of_ranker
    resources:
        llm=slots_of_ranker(embedded=True),
        hosted=slots_of_ranker(embedded=False),
    params:
        ranker=lambda wildcards: RANKERS[wildcards.ranker],
        side=side_arguments,
        scores=lambda wildcards, input: (
            ["--scores", *input.scores] if input.scores else []
        ),
        settings=settings_of_ranker,
        attempt=attempt("rank_films"),
        contents=contents_of(prompt_of_ranker),
        code=code_of_ranker("rank_films"),
    shell:
        r"""
        printf '%s\n' {input.summaries:q} \
            | python "$TRAILERFLOW_CODE"/scripts/rank_films.py \
                --ranker {params.ranker:q} \
                --tables {input.tables:q} \
                --side {params.side:q} \
                --threads {threads:q} \
                --attempt {params.attempt:q} \
                --kept run/parts/rank_films/{wildcards.split:q}/{wildcards.ranker:q} \
                --code {params.code:q} \
                --output {output.rankings:q} \
                --about {output.about:q} \
                {params.scores:q} \
                {params.settings:q} \
                &>{log:q}
        """


rule rank_pool:
    """Let a ranker that another reads score the union of what all such rankers retrieved: the second pass."""
    input:
        tables=expand("results/split_ratings/{{split}}/{table}.parquet", table=TABLES),
        side=side_tables,
        summaries=summaries_of_ranker,
        prompt=prompt_of_ranker,
        model=files_of_ranker,
        retrieved=expand(
            "results/rank_films/{{split}}/{ranker}.parquet", ranker=RANKERS_READ
        ),
    output:
        rankings="results/rank_pool/{split}/{ranker}.parquet",
        about="results/rank_pool/{split}/{ranker}.about.json",
    log:
        "logs/rank_pool/{split}/{ranker}.log",
    wildcard_constraints:
        split="|".join(map(re.escape, SPLITS)),
        ranker="|".join(map(re.escape, RANKERS_READ)) or NOTHING,
    conda:
        "../envs/recommendations.yaml"
    threads: threads_of_ranker
    resources:
        llm=slots_of_ranker(embedded=True),
        hosted=slots_of_ranker(embedded=False),
    params:
        ranker=lambda wildcards: RANKERS[wildcards.ranker],
        side=side_arguments,
        settings=settings_of_ranker,
        attempt=attempt("rank_pool"),
        contents=contents_of(prompt_of_ranker),
        code=code_of_ranker("rank_pool"),
    shell:
        r"""
        printf '%s\n' {input.summaries:q} \
            | python "$TRAILERFLOW_CODE"/scripts/rank_pool.py \
                --ranker {params.ranker:q} \
                --tables {input.tables:q} \
                --side {params.side:q} \
                --retrieved {input.retrieved:q} \
                --threads {threads:q} \
                --attempt {params.attempt:q} \
                --kept run/parts/rank_pool/{wildcards.split:q}/{wildcards.ranker:q} \
                --code {params.code:q} \
                --output {output.rankings:q} \
                --about {output.about:q} \
                {params.settings:q} \
                &>{log:q}
        """


all_split_tables = expand(
    "results/split_ratings/{split}/{table}.parquet", split=SPLITS, table=TABLES
)


rule score_rankings:
    """Score every ranker by the metrics of each protocol, beside chance and an oracle."""
    input:
        splits=all_split_tables,
        rankings=expand(
            "results/rank_films/{split}/{ranker}.parquet",
            split=SPLITS,
            ranker=RANKERS,
        ),
        published=PUBLISHED,
    output:
        metrics="results/score_rankings/metrics.csv",
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
            --published {input.published:q} \
            --seed {params.seed:q} \
            --output {output.metrics:q} \
            --about {output.about:q} \
            &>{log:q}
        """
