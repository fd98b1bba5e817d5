"""Recommendations: from the archive's ratings, this run's films and their summaries to every ranker's figures."""

import re

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


# ---- what a job is made of


def code_of_split(wildcards):
    """Hash of the code that makes a split."""
    return CODE.of("split_ratings", SPLITS[wildcards.split].partition(":")[0])


def split_tables(wildcards):
    """The tables of a split."""
    return expand(
        "results/split_ratings/{split}/{table}.parquet",
        split=wildcards.split,
        table=TABLES,
    )


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


def side_of(wildcards):
    """Names of the tables beside the ratings that a ranker needs."""
    needed = RANKER_CLASSES[wildcards.ranker].side
    return [name for name in SIDE_TABLES if name in needed]


def side_tables(wildcards):
    """The tables beside the ratings that a ranker needs."""
    return [SIDE_TABLES[name] for name in side_of(wildcards)]


def side_arguments(wildcards, input):
    """The same with their names, as a program takes them."""
    return [f"{name}={path}" for name, path in zip(side_of(wildcards), input.side)]


def summaries_of_ranker(wildcards):
    """A language model's own summaries, where it ranks by them."""
    if "summaries" not in RANKER_CLASSES[wildcards.ranker].side:
        return []
    return summaries_by(wildcards.ranker, config["recommendations"]["summaries"])


def prompt_of_ranker(wildcards):
    """The question that a language model ranks by."""
    if wildcards.ranker not in LLM:
        return []
    return [prompt_file(f"recommendations/{RANKERS[wildcards.ranker]}")]


def files_of_ranker(wildcards):
    """The files of a language model."""
    return files_of_model(wildcards.ranker) if wildcards.ranker in LLM else []


def settings_of_ranker(wildcards, input):
    """What a program is told of a language model."""
    if wildcards.ranker not in LLM:
        return []
    arguments = ["--model", MODEL_SETTINGS[wildcards.ranker]]
    arguments += [f"--models-folder={MODELS_FOLDER}", "--cache", "resources/cache/llm"]
    return [*arguments, "--run", "run", "--prompt", *as_paths(input.prompt)]


def threads_of_ranker(wildcards):
    """Threads of a language model's server, or one."""
    return threads_of_server(wildcards.ranker) if wildcards.ranker in LLM else 1


def slots_of_ranker(embedded):
    """A resource function: all slots of a language model."""
    return lambda wildcards: (
        servers.all_shares(LLM[wildcards.ranker], embedded=embedded)
        if wildcards.ranker in LLM
        else 0
    )


def code_of_ranker(wildcards):
    """Hash of the code that a ranker's job runs, so that a change of one ranker reruns that one alone."""
    place = place_of_class(f"{REGISTER}:ALL_RANKERS", RANKERS[wildcards.ranker])
    return CODE.of("rank_films", place.partition(":")[0])


rule rank_films:
    """Rank the films of every question of a split by one ranker: all protocols, parts, folds and seeds in one job."""
    input:
        tables=split_tables,
        side=side_tables,
        summaries=summaries_of_ranker,
        prompt=prompt_of_ranker,
        model=files_of_ranker,
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
        settings=settings_of_ranker,
        attempt=attempt("rank_films"),
        contents=contents_of(prompt_of_ranker),
        code=code_of_ranker,
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
                {params.settings:q} \
                &>{log:q}
        """


def all_rankings(wildcards):
    """The rankings of every split by every ranker."""
    return expand(
        "results/rank_films/{split}/{ranker}.parquet", split=SPLITS, ranker=RANKERS
    )


def all_split_tables(wildcards):
    """The tables of every split."""
    return expand(
        "results/split_ratings/{split}/{table}.parquet", split=SPLITS, table=TABLES
    )


rule score_rankings:
    """Score every ranker by the metrics of each protocol, beside chance and an oracle."""
    input:
        splits=all_split_tables,
        rankings=all_rankings,
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
