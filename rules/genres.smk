"""Genres: films with their texts and a split come in; every system's genres and their scores go out."""

import json
import re

from trailerflow.film_texts import Text
from trailerflow.genres.configured import needs_inner_folds, teachers
from trailerflow.genres.systems import SYSTEMS as KINDS
from trailerflow.planning.programs import options
from trailerflow.planning.servers import all_shares

all_slots = lambda embedded: lambda wildcards: all_shares(
    LLM[wildcards.model], embedded=embedded
)
"""A resource function: all slots of the wildcards' model."""

genre_prompt = lambda wildcards: [prompt_file(f"genres/{wildcards.way}")]
"""The question of the wildcards' way."""

text_read = lambda wildcards: Text.from_name(config["genres"]["text"]).read_by(
    wildcards.model
)
"""The text that a language model reads."""


rule predict_genres:
    """Ask one language model for the genres of every film in one way, titled or masked."""
    input:
        movies="results/select_movies/movies.parquet",
        split="results/split_movies/splits.csv",
        texts=lambda wildcards: files_of_text(text_read(wildcards)),
        extra=lambda wildcards: extra_table(wildcards) * (wildcards.way == "few_shot"),
        prompt=genre_prompt,
        model=llm_files,
    output:
        predictions="results/predict_genres/{model}/{way}.parquet",
        films="results/predict_genres/films/{model}/{way}.parquet",
        about="results/predict_genres/{model}/{way}.about.json",
    log:
        "logs/predict_genres/{model}/{way}.log",
    wildcard_constraints:
        model="|".join(map(re.escape, MODELS)),
        way="|".join(GENRE_WAYS),
    conda:
        "../envs/genres.yaml"
    threads: server_threads
    resources:
        llm=all_slots(embedded=True),
        hosted=all_slots(embedded=False),
    params:
        extra=lambda wildcards, input: options("--extra", input.extra),
        arms=config["genres"]["language_models"]["arms"],
        text=lambda wildcards: text_read(wildcards).name,
        seed=config["genres"]["seed"],
        model=model_settings,
        models_folder=MODELS_FOLDER,
        attempt=attempt("predict_genres"),
        contents=contents_of(genre_prompt),
        code=CODE["predict_genres"],
    shell:
        r"""
        printf '%s\n' {input.texts:q} \
            | python "$TRAILERFLOW_CODE"/scripts/predict_genres.py \
                --movies {input.movies:q} \
                --split {input.split:q} \
                --way {wildcards.way:q} \
                --arms {params.arms:q} \
                --text {params.text:q} \
                --seed {params.seed:q} \
                --prompt {input.prompt:q} \
                --model {params.model:q} \
                --models-folder={params.models_folder:q} \
                --cache resources/cache/llm \
                --run run \
                --threads {threads:q} \
                --attempt {params.attempt:q} \
                --output {output.predictions:q} \
                --films {output.films:q} \
                --about {output.about:q} \
                {params.extra:q} \
                &>{log:q}
        """


rule probe_memory:
    """Ask one language model what it knows of films by their titles alone."""
    input:
        movies="results/select_movies/movies.parquet",
        prompts=probe_prompts,
        model=llm_files,
    output:
        rows="results/probe_memory/{model}.parquet",
        summary="results/probe_memory/{model}.csv",
        about="results/probe_memory/{model}.about.json",
    log:
        "logs/probe_memory/{model}.log",
    wildcard_constraints:
        model="|".join(map(re.escape, MODELS)),
    conda:
        "../envs/genres.yaml"
    threads: server_threads
    resources:
        llm=all_slots(embedded=True),
        hosted=all_slots(embedded=False),
    params:
        films=config["genres"]["probe"]["movies"],
        seed=config["genres"]["seed"],
        model=model_settings,
        models_folder=MODELS_FOLDER,
        attempt=attempt("probe_memory"),
        contents=contents_of(probe_prompts),
        code=CODE["probe_memory"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/probe_memory.py \
            --movies {input.movies:q} \
            --count {params.films:q} \
            --seed {params.seed:q} \
            --prompts {input.prompts:q} \
            --model {params.model:q} \
            --models-folder={params.models_folder:q} \
            --cache resources/cache/llm \
            --run run \
            --threads {threads:q} \
            --attempt {params.attempt:q} \
            --output {output.rows:q} \
            --summary {output.summary:q} \
            --about {output.about:q} \
            &>{log:q}
        """


ASKED_SYSTEMS = [f"{model}/{way}" for model in MODELS for way in GENRE_WAYS]
"""Names of the systems that ask a language model."""
GENRE_SYSTEMS = [*ASKED_SYSTEMS, *SYSTEMS]
"""Names of all systems that predict genres: each has its table in results/predict_genres."""

vectors_read = lambda wildcards: [
    f"results/embed_texts/{embedder}.npz"
    for embedder in SYSTEMS[wildcards.system].embedders
]
predictions_read = lambda wildcards: [
    f"results/predict_genres/{name}.parquet"
    for name in SYSTEMS[wildcards.system].predictions
]


SEARCH = config["genres"]["search"]
found_settings = lambda wildcards: (
    ["results/search_encoder/best.json"] if SEARCH else []
)
"""The settings that a search has found, where the configuration asks for one."""


rule search_encoder:
    """Search for settings of an encoder on the training films alone; a search that was killed goes on."""
    input:
        movies="results/select_movies/movies.parquet",
        split="results/split_movies/splits.csv",
        texts=lambda wildcards: texts_of_systems([SYSTEMS[SEARCH["system"]]]),
        extra=extra_table,
        weights=lambda wildcards: [
            model_manifest(name) for name in SYSTEMS[SEARCH["system"]].weights
        ],
    output:
        best="results/search_encoder/best.json",
        trials="results/search_encoder/trials.csv",
        compared="results/search_encoder/compared.csv",
        about="results/search_encoder/about.json",
    log:
        "logs/search_encoder.log",
    conda:
        "../envs/genres.yaml"
    threads: 2
    resources:
        gpu=lambda wildcards: gpus("auto"),
    params:
        extra=lambda wildcards, input: options("--extra", input.extra),
        system=lambda wildcards: json.dumps(
            SYSTEMS[SEARCH["system"]].entry, sort_keys=True
        ),
        space=lambda wildcards: SEARCH["space"],
        side_by_side=lambda wildcards: SEARCH.get("side_by_side", 1),
        models_folder=MODELS_FOLDER,
        seed=config["genres"]["seed"],
        code=CODE["search_encoder"],
    shell:
        r"""
        printf '%s\n' {input.texts:q} \
            | python "$TRAILERFLOW_CODE"/scripts/search_encoder.py \
                --movies {input.movies:q} \
                --split {input.split:q} \
                --system {params.system:q} \
                --space {params.space:q} \
                --side-by-side {params.side_by_side:q} \
                --models-folder={params.models_folder:q} \
                --seed {params.seed:q} \
                --threads {threads:q} \
                --code {params.code:q} \
                --journal run/parts/search_encoder/{params.code}.journal \
                --best {output.best:q} \
                --output {output.trials:q} \
                --compared {output.compared:q} \
                --about {output.about:q} \
                {params.extra:q} \
                &>{log:q}
        """


rule train_genres:
    """Train one system: cross-validated on the folds, then on all of them for what is kept for a test."""
    input:
        movies="results/select_movies/movies.parquet",
        split="results/split_movies/splits.csv",
        texts=lambda wildcards: texts_of_systems([SYSTEMS[wildcards.system]]),
        extra=extra_table,
        vectors=vectors_read,
        others=predictions_read,
        weights=lambda wildcards: [
            model_manifest(name) for name in SYSTEMS[wildcards.system].weights
        ],
    output:
        model=directory("results/train_genres/{system}"),
        predictions="results/predict_genres/{system}.parquet",
        films="results/predict_genres/films/{system}.parquet",
        about="results/predict_genres/{system}.about.json",
    log:
        "logs/train_genres/{system}.log",
    wildcard_constraints:
        system="|".join(map(re.escape, SYSTEMS)) or "none",
    conda:
        "../envs/genres.yaml"
    threads: 2
    resources:
        gpu=lambda wildcards: (
            gpus("auto") if SYSTEMS[wildcards.system].trains_encoder else 0
        ),
    params:
        options=lambda wildcards, input: [
            *options("--extra", input.extra),
            *options("--others", input.others),
            *options("--vectors", ["results/embed_texts"] if input.vectors else []),
            *["--inner"] * needs_inner_folds(wildcards.system, SYSTEMS.values()),
            *["--teaches"] * (wildcards.system in teachers(SYSTEMS.values())),
        ],
        system=lambda wildcards: json.dumps(
            SYSTEMS[wildcards.system].entry, sort_keys=True
        ),
        models_folder=MODELS_FOLDER,
        seed=config["genres"]["seed"],
        code=lambda wildcards: CODE.of(
            "train_genres", KINDS[SYSTEMS[wildcards.system].kind].partition(":")[0]
        ),
    shell:
        r"""
        printf '%s\n' {input.texts:q} \
            | python "$TRAILERFLOW_CODE"/scripts/train_genres.py \
                --movies {input.movies:q} \
                --split {input.split:q} \
                --system {params.system:q} \
                --models-folder={params.models_folder:q} \
                --seed {params.seed:q} \
                --threads {threads:q} \
                --code {params.code:q} \
                --model {output.model:q} \
                --output {output.predictions:q} \
                --films {output.films:q} \
                --about {output.about:q} \
                {params.options:q} \
                &>{log:q}
        """


rule score_genres:
    """Score the genres of every system against the catalogue's."""
    input:
        movies="results/select_movies/movies.parquet",
        transcripts="results/merge_transcripts/transcripts.parquet",
        synopses="results/merge_summaries/synopses.parquet",
        split="results/split_movies/splits.csv",
        predictions=expand(
            "results/predict_genres/{system}.parquet", system=GENRE_SYSTEMS
        ),
        extra=extra_table,
        published=PUBLISHED,
    output:
        metrics="results/score_genres/metrics.csv",
        comparisons="results/score_genres/comparisons.csv",
        conformal="results/score_genres/conformal.csv",
        calibration="results/score_genres/calibration.csv",
        by_text="results/score_genres/by_text.csv",
        stand_ins="results/score_genres/stand_ins.csv",
        worst="results/score_genres/worst.csv",
        about="results/score_genres/about.json",
    log:
        "logs/score_genres.log",
    conda:
        "../envs/genres.yaml"
    params:
        options=lambda wildcards, input: options("--extra", input.extra),
        seed=config["genres"]["seed"],
        published=published_of("genres"),
        code=CODE["score_genres"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/score_genres.py \
            --movies {input.movies:q} \
            --transcripts {input.transcripts:q} \
            --synopses {input.synopses:q} \
            --split {input.split:q} \
            --predictions {input.predictions:q} \
            --published {input.published:q} \
            --seed {params.seed:q} \
            --metrics {output.metrics:q} \
            --comparisons {output.comparisons:q} \
            --conformal {output.conformal:q} \
            --calibration {output.calibration:q} \
            --by-text {output.by_text:q} \
            --stand-ins {output.stand_ins:q} \
            --worst {output.worst:q} \
            --about {output.about:q} \
            {params.options:q} \
            &>{log:q}
        """
