"""Rankings: from the archive's ratings, this run's films and their summaries to what every ranker says."""

import json
import re

from trailerflow.film_texts import Text
from trailerflow.planning.programs import options
from trailerflow.planning.rankings import planned_rankings
from trailerflow.planning.servers import all_shares
from trailerflow.recommendations.splits.contract import TABLES

try:
    RANKINGS = planned_rankings(
        config["recommendations"],
        LLM.values(),
        found,
        has_ratings=config["catalogue"]["archive"] is not None,
        predicts_genres=bool(SYSTEMS),
    )
except TrailerflowError as error:
    raise WorkflowError(str(error)) from None


# ---- what a job is made of

ratings_of_split = lambda wildcards: (
    "results/fetch_catalogue/released.parquet"
    if RANKINGS.split_classes[wildcards.split].as_released
    else "results/fetch_catalogue/ratings.parquet"
)
"""The ratings that count, or all as they were released, for protocols of other work."""

files_of_split = lambda wildcards: [
    given(path) for path in RANKINGS.splits[wildcards.split].files
]
"""The user's files that a split reads."""

own_files_of_ranker = lambda wildcards: [
    given(path) for path in RANKINGS.rankers[wildcards.ranker].files
]
"""The user's files that a ranker reads."""


rule split_ratings:
    """Split the ratings in one way: all its folds, tie seeds and training blocks, and what each protocol asks of them."""
    input:
        ratings=ratings_of_split,
        files=files_of_split,
        archive="results/fetch_catalogue/movies.parquet",
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
        split="|".join(map(re.escape, RANKINGS.splits)),
    conda:
        "../envs/recommendations.yaml"
    params:
        kind=lambda wildcards: RANKINGS.splits[wildcards.split].kind,
        settings=lambda wildcards: json.dumps(
            RANKINGS.splits[wildcards.split].settings, sort_keys=True
        ),
        held_out=config["recommendations"]["held_out"],
        history=config["recommendations"]["history"],
        llm_users=lambda wildcards: (
            config["recommendations"]["llm_users"]
            if RANKINGS.draws_users(wildcards.split)
            else 0
        ),
        seed=config["recommendations"]["seed"],
        tie_seeds=config["recommendations"]["tie_seeds"],
        contents=contents_of(files_of_split),
        code=lambda wildcards: CODE.of(
            "split_ratings", RANKINGS.place_of_split(wildcards.split)
        ),
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/split_ratings.py \
            --split {wildcards.split:q} \
            --kind {params.kind:q} \
            --settings {params.settings:q} \
            --ratings {input.ratings:q} \
            --archive {input.archive:q} \
            --movies {input.movies:q} \
            --held-out {params.held_out:q} \
            --history {params.history:q} \
            --llm-users {params.llm_users:q} \
            --seed {params.seed:q} \
            --tie-seeds {params.tie_seeds:q} \
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
    "people": "results/fetch_catalogue/people.parquet",
    "texts": "results/gather_film_texts/texts.parquet",
    "vectors": "results/gather_film_texts/vectors.parquet",
    "title_vectors": "results/embed_titles/vectors.parquet",
    # The last system, since one that reads others stands behind them.
    "predicted_genres": f"results/predict_genres/{list(SYSTEMS or ['none'])[-1]}.parquet",
}
"""Tables beside the ratings that a ranker may need."""

side_of = lambda wildcards: [
    name for name in SIDE_TABLES if name in RANKINGS.side_of(wildcards.ranker)
]
"""Names of the tables beside the ratings that a ranker needs."""

side_tables = lambda wildcards: [SIDE_TABLES[name] for name in side_of(wildcards)]

side_arguments = lambda wildcards, input: [
    f"{name}={path}" for name, path in zip(side_of(wildcards), input.side)
]
"""The tables beside the ratings with their names, as a program takes them."""

model_of = lambda wildcards: RANKINGS.rankers[wildcards.ranker].model
"""The language model that ranks; empty where none does."""

files_of_ranker = lambda wildcards: (
    files_of_model(model_of(wildcards)) if model_of(wildcards) else []
)

scores_read = lambda wildcards: [
    f"results/{place}"
    for place in RANKINGS.scores_read(wildcards.split, wildcards.ranker)
]
"""What the rankers say that a ranker reads."""

# What only a language model needs: the texts of films, its question, its files and settings.
texts_of_ranker = lambda wildcards: [
    path
    for name, text in {
        "summaries": Text(
            "summary", model_of(wildcards), config["recommendations"]["summaries"]
        ),
        "synopses": Text("synopsis"),
    }.items()
    if name in RANKINGS.side_of(wildcards.ranker)
    for path in files_of_text(text)
]
prompt_of_ranker = lambda wildcards: (
    [prompt_file(f"recommendations/{RANKINGS.rankers[wildcards.ranker].kind}")]
    if model_of(wildcards)
    else []
)
ranking_prompts = lambda wildcards: [
    prompt_file(f"recommendations/{kind}")
    for kind in sorted({ranker.kind for ranker in RANKINGS.language_models})
]
"""The questions that any model ranks by."""

settings_of_ranker = lambda wildcards, input: [
    "--settings",
    json.dumps(RANKINGS.rankers[wildcards.ranker].settings, sort_keys=True),
    *(
        [
            *("--model", MODEL_SETTINGS[model_of(wildcards)]),
            f"--models-folder={MODELS_FOLDER}",
            *("--cache", "resources/cache/llm", "--run", "run"),
            *("--prompt", *as_paths(input.prompt)),
        ]
        if model_of(wildcards)
        else []
    ),
]
threads_of_ranker = lambda wildcards: (
    threads_of_server(model_of(wildcards)) if model_of(wildcards) else 1
)
slots_of_ranker = lambda embedded: lambda wildcards: (
    all_shares(LLM[model_of(wildcards)], embedded=embedded)
    if model_of(wildcards)
    else 0
)

code_of_ranker = lambda program: lambda wildcards: CODE.of(
    program, RANKINGS.ranker_classes[wildcards.ranker].__module__
)
"""Hash of the code that a ranker's job runs, so that a change of one ranker reruns that one alone."""


rule rank_films:
    """Rank the films of every question of a split by one ranker: all protocols, parts, folds and seeds in one job."""
    input:
        tables=expand("results/split_ratings/{{split}}/{table}.parquet", table=TABLES),
        side=side_tables,
        texts=texts_of_ranker,
        prompt=prompt_of_ranker,
        files=own_files_of_ranker,
        model=files_of_ranker,
        scores=scores_read,
    output:
        rankings="results/rank_films/{split}/{ranker}.parquet",
        about="results/rank_films/{split}/{ranker}.about.json",
    log:
        "logs/rank_films/{split}/{ranker}.log",
    wildcard_constraints:
        split="|".join(map(re.escape, RANKINGS.splits)),
        ranker="|".join(map(re.escape, RANKINGS.rankers)),
    conda:
        "../envs/recommendations.yaml"
    threads: threads_of_ranker
    resources:
        llm=slots_of_ranker(embedded=True),
        hosted=slots_of_ranker(embedded=False),
    params:
        kind=lambda wildcards: RANKINGS.rankers[wildcards.ranker].kind,
        side=side_arguments,
        scores=lambda wildcards, input: options("--scores", input.scores),
        parts=lambda wildcards: ["--test-alone"]
        * RANKINGS.test_alone(wildcards.split, wildcards.ranker),
        settings=settings_of_ranker,
        attempt=attempt("rank_films"),
        contents=contents_of(
            lambda wildcards: prompt_of_ranker(wildcards)
            + own_files_of_ranker(wildcards)
        ),
        code=code_of_ranker("rank_films"),
    shell:
        r"""
        printf '%s\n' {input.texts:q} \
            | python "$TRAILERFLOW_CODE"/scripts/rank_films.py \
                --ranker {params.kind:q} \
                --tables {input.tables:q} \
                --side {params.side:q} \
                --threads {threads:q} \
                --attempt {params.attempt:q} \
                --kept run/parts/rank_films/{wildcards.split:q}/{wildcards.ranker:q} \
                --code {params.code:q} \
                --output {output.rankings:q} \
                --about {output.about:q} \
                {params.scores:q} \
                {params.parts:q} \
                {params.settings:q} \
                &>{log:q}
        """


rule rank_pool:
    """Let a ranker that another reads score the union of what all such rankers retrieved: the second pass."""
    input:
        tables=expand("results/split_ratings/{{split}}/{table}.parquet", table=TABLES),
        side=side_tables,
        texts=texts_of_ranker,
        prompt=prompt_of_ranker,
        files=own_files_of_ranker,
        model=files_of_ranker,
        retrieved=lambda wildcards: expand(
            "results/rank_films/{split}/{ranker}.parquet",
            split=wildcards.split,
            ranker=RANKINGS.retrieving(wildcards.split),
        ),
    output:
        rankings="results/rank_pool/{split}/{ranker}.parquet",
        about="results/rank_pool/{split}/{ranker}.about.json",
    log:
        "logs/rank_pool/{split}/{ranker}.log",
    wildcard_constraints:
        split="|".join(map(re.escape, RANKINGS.splits)),
        ranker="|".join(map(re.escape, RANKINGS.rankers)),
    conda:
        "../envs/recommendations.yaml"
    threads: threads_of_ranker
    resources:
        llm=slots_of_ranker(embedded=True),
        hosted=slots_of_ranker(embedded=False),
    params:
        kind=lambda wildcards: RANKINGS.rankers[wildcards.ranker].kind,
        side=side_arguments,
        settings=settings_of_ranker,
        attempt=attempt("rank_pool"),
        contents=contents_of(
            lambda wildcards: prompt_of_ranker(wildcards)
            + own_files_of_ranker(wildcards)
        ),
        code=code_of_ranker("rank_pool"),
    shell:
        r"""
        printf '%s\n' {input.texts:q} \
            | python "$TRAILERFLOW_CODE"/scripts/rank_pool.py \
                --ranker {params.kind:q} \
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
