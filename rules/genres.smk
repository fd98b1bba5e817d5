"""Genres: the movies of this run and their summaries come in; a split, every system's genres and their scores go out."""

from trailerflow.configuration import ENCODER_WEIGHTS


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


def all_slots(embedded):
    """A resource function: all slots of the wildcards' model."""
    return lambda wildcards: servers.all_shares(LLM[wildcards.model], embedded=embedded)


def summaries_of_model(wildcards):
    """A model's own summaries, so that no other model's matter."""
    return summaries_by(wildcards.model, config["genres"]["summaries"])


rule predict_genres:
    """Let one language model name the genres of every film from its title and summary."""
    input:
        movies="results/select_movies/movies.parquet",
        summaries=summaries_of_model,
        prompt=genre_prompt,
        model=llm_files,
    output:
        genres="results/predict_genres/{model}.parquet",
        about="results/predict_genres/{model}.about.json",
    log:
        "logs/predict_genres/{model}.log",
    conda:
        "../envs/genres.yaml"
    threads: server_threads
    resources:
        llm=all_slots(embedded=True),
        hosted=all_slots(embedded=False),
    params:
        model=model_settings,
        models_folder=MODELS_FOLDER,
        attempt=attempt("predict_genres"),
        contents=contents_of(genre_prompt),
        code=CODE["predict_genres"],
    shell:
        r"""
        printf '%s\n' {input.summaries:q} \
            | python "$TRAILERFLOW_CODE"/scripts/predict_genres.py \
                --movies {input.movies:q} \
                --prompt {input.prompt:q} \
                --model {params.model:q} \
                --models-folder={params.models_folder:q} \
                --cache resources/cache/llm \
                --run run \
                --threads {threads:q} \
                --attempt {params.attempt:q} \
                --output {output.genres:q} \
                --about {output.about:q} \
                &>{log:q}
        """


# The summaries that the encoder reads are the first model's.
encoder_summaries = lambda wildcards: summaries_by(
    MODELS[0], config["genres"]["summaries"]
)
ENCODER = config["genres"]["encoder"]["model"]


rule tune_encoder:
    """Tune the encoder for genres: cross-validated on the folds, then on all of them for the held-out films."""
    input:
        movies="results/select_movies/movies.parquet",
        split="results/split_movies/splits.csv",
        summaries=encoder_summaries,
        weights=lambda wildcards: model_manifest(ENCODER_WEIGHTS[ENCODER]),
    output:
        predictions="results/tune_encoder/predictions.parquet",
        model=directory("results/tune_encoder/model"),
        about="results/tune_encoder/about.json",
    log:
        "logs/tune_encoder.log",
    conda:
        "../envs/genres.yaml"
    threads: 2
    params:
        encoder=config["genres"]["encoder"]["model"],
        models_folder=MODELS_FOLDER,
        epochs=config["genres"]["encoder"]["epochs"],
        learning_rate=config["genres"]["encoder"]["learning_rate"],
        tokens=config["genres"]["encoder"]["tokens"],
        batch=config["genres"]["encoder"]["batch"],
        seed=config["genres"]["seed"],
        code=CODE["tune_encoder"],
    shell:
        r"""
        printf '%s\n' {input.summaries:q} \
            | python "$TRAILERFLOW_CODE"/scripts/tune_encoder.py \
                --movies {input.movies:q} \
                --split {input.split:q} \
                --encoder {params.encoder:q} \
                --models-folder={params.models_folder:q} \
                --epochs {params.epochs:q} \
                --learning-rate {params.learning_rate:q} \
                --tokens {params.tokens:q} \
                --batch {params.batch:q} \
                --seed {params.seed:q} \
                --threads {threads:q} \
                --output {output.predictions:q} \
                --model {output.model:q} \
                --about {output.about:q} \
                &>{log:q}
        """


rule score_genres:
    """Score the genres of every language model and of the encoder against the catalogue's."""
    input:
        movies="results/select_movies/movies.parquet",
        split="results/split_movies/splits.csv",
        llm=expand("results/predict_genres/{model}.parquet", model=MODELS),
        encoder="results/tune_encoder/predictions.parquet",
        published=PUBLISHED,
    output:
        metrics="results/score_genres/metrics.csv",
        about="results/score_genres/about.json",
    log:
        "logs/score_genres.log",
    conda:
        "../envs/genres.yaml"
    params:
        encoder_name=config["genres"]["encoder"]["model"],
        seed=config["genres"]["seed"],
        published=published_of("genres"),
        code=CODE["score_genres"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/score_genres.py \
            --movies {input.movies:q} \
            --split {input.split:q} \
            --llm {input.llm:q} \
            --encoder {input.encoder:q} \
            --encoder-name {params.encoder_name:q} \
            --published {input.published:q} \
            --seed {params.seed:q} \
            --output {output.metrics:q} \
            --about {output.about:q} \
            &>{log:q}
        """
