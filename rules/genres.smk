"""Genres: the movies of this run and their texts come in; a split, every system's genres and their scores go out."""

import re

from trailerflow.configuration import ENCODER_WEIGHTS
from trailerflow.film_texts import Text
from trailerflow.planning.servers import all_shares


rule split_movies:
    """Split the films once for everyone who trains or judges: a held-out part, and folds of the rest."""
    input:
        movies="results/select_movies/movies.parquet",
    output:
        split="results/split_movies/splits.csv",
        about="results/split_movies/about.json",
    log:
        "logs/split_movies.log",
    conda:
        "../envs/genres.yaml"
    params:
        held_out=config["genres"]["held_out"],
        folds=config["genres"]["folds"],
        seed=config["genres"]["seed"],
        code=CODE["split_movies"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/split_movies.py \
            --movies {input.movies:q} \
            --held-out {params.held_out:q} \
            --folds {params.folds:q} \
            --seed {params.seed:q} \
            --output {output.split:q} \
            --about {output.about:q} \
            &>{log:q}
        """


all_slots = lambda embedded: lambda wildcards: all_shares(
    LLM[wildcards.model], embedded=embedded
)
"""A resource function: all slots of the wildcards' model."""

files_of_text = lambda text: (
    summaries_by(text.model, text.prompt)
    if text.kind == "summary"
    else per_movie(text.rule)
)
"""Outcome documents with a text of every movie."""

text_read = lambda wildcards: Text.from_name(config["genres"]["text"]).read_by(
    wildcards.model
)
"""The text that a language model reads."""


rule predict_genres:
    """Let one language model name the genres of every film from its title and a text."""
    input:
        movies="results/select_movies/movies.parquet",
        texts=lambda wildcards: files_of_text(text_read(wildcards)),
        prompt=genre_prompt,
        model=llm_files,
    output:
        predictions="results/predict_genres/{model}.parquet",
        films="results/predict_genres/films/{model}.parquet",
        about="results/predict_genres/{model}.about.json",
    log:
        "logs/predict_genres/{model}.log",
    wildcard_constraints:
        model="|".join(map(re.escape, MODELS)),
    conda:
        "../envs/genres.yaml"
    threads: server_threads
    resources:
        llm=all_slots(embedded=True),
        hosted=all_slots(embedded=False),
    params:
        text=lambda wildcards: text_read(wildcards).name,
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
                --text {params.text:q} \
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
                &>{log:q}
        """


ENCODER = config["genres"]["encoder"]["model"]
ENCODER_TEXT = Text.from_name(config["genres"]["encoder"]["text"])
GENRE_SYSTEMS = [*MODELS, ENCODER]
"""Names of all systems that predict genres: each has its table in results/predict_genres."""


rule train_encoder:
    """Train the encoder for genres: cross-validated on the folds, then on all of them for the held-out films."""
    input:
        movies="results/select_movies/movies.parquet",
        split="results/split_movies/splits.csv",
        texts=lambda wildcards: files_of_text(ENCODER_TEXT),
        weights=lambda wildcards: model_manifest(ENCODER_WEIGHTS[ENCODER]),
    output:
        model=directory("results/train_encoder/model"),
        predictions=f"results/predict_genres/{ENCODER}.parquet",
        films=f"results/predict_genres/films/{ENCODER}.parquet",
        about=f"results/predict_genres/{ENCODER}.about.json",
    log:
        "logs/train_encoder.log",
    conda:
        "../envs/genres.yaml"
    threads: 2
    params:
        encoder=ENCODER,
        text=ENCODER_TEXT.name,
        models_folder=MODELS_FOLDER,
        epochs=config["genres"]["encoder"]["epochs"],
        learning_rate=config["genres"]["encoder"]["learning_rate"],
        tokens=config["genres"]["encoder"]["tokens"],
        batch=config["genres"]["encoder"]["batch"],
        seed=config["genres"]["seed"],
        code=CODE["train_encoder"],
    shell:
        r"""
        printf '%s\n' {input.texts:q} \
            | python "$TRAILERFLOW_CODE"/scripts/train_encoder.py \
                --movies {input.movies:q} \
                --split {input.split:q} \
                --text {params.text:q} \
                --encoder {params.encoder:q} \
                --models-folder={params.models_folder:q} \
                --epochs {params.epochs:q} \
                --learning-rate {params.learning_rate:q} \
                --tokens {params.tokens:q} \
                --batch {params.batch:q} \
                --seed {params.seed:q} \
                --threads {threads:q} \
                --code {params.code:q} \
                --model {output.model:q} \
                --output {output.predictions:q} \
                --films {output.films:q} \
                --about {output.about:q} \
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
            &>{log:q}
        """
