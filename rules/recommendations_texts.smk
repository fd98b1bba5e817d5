"""The texts that rankers read: outcome documents of this run's films and the archive's titles come in, texts and vectors go out."""

from trailerflow.film_texts import Text
from trailerflow.genres.configured import DEFAULT_EMBEDDER, EMBEDDER_WEIGHTS

RANKED_TEXTS = config["recommendations"]["texts"]


rule gather_film_texts:
    """Gather the texts of this run's films that rankers read, and make their vectors."""
    input:
        movies="results/select_movies/movies.parquet",
        texts=lambda wildcards: [
            path
            for name in RANKED_TEXTS
            for path in files_of_text(Text.from_name(name))
        ],
        weights=lambda wildcards: [
            model_manifest(EMBEDDER_WEIGHTS[DEFAULT_EMBEDDER])
            for _ in RANKED_TEXTS[:1]
        ],
    output:
        texts="results/gather_film_texts/texts.parquet",
        vectors="results/gather_film_texts/vectors.parquet",
        about="results/gather_film_texts/about.json",
    log:
        "logs/gather_film_texts.log",
    conda:
        "../envs/genres.yaml"
    threads: 2
    params:
        names=RANKED_TEXTS,
        embedder=DEFAULT_EMBEDDER,
        models_folder=MODELS_FOLDER,
        code=CODE["gather_film_texts"],
    shell:
        r"""
        printf '%s\n' {input.texts:q} \
            | python "$TRAILERFLOW_CODE"/scripts/gather_film_texts.py \
                --movies {input.movies:q} \
                --names {params.names:q} \
                --embedder {params.embedder:q} \
                --models-folder={params.models_folder:q} \
                --threads {threads:q} \
                --texts {output.texts:q} \
                --vectors {output.vectors:q} \
                --about {output.about:q} \
                &>{log:q}
        """


rule embed_titles:
    """Make the vectors of the titles of all films of the archive, for rankers that read them."""
    input:
        archive="results/fetch_catalogue/movies.parquet",
        weights=lambda wildcards: model_manifest(EMBEDDER_WEIGHTS[DEFAULT_EMBEDDER]),
    output:
        vectors="results/embed_titles/vectors.parquet",
        about="results/embed_titles/about.json",
    log:
        "logs/embed_titles.log",
    conda:
        "../envs/genres.yaml"
    threads: 2
    params:
        embedder=DEFAULT_EMBEDDER,
        models_folder=MODELS_FOLDER,
        code=CODE["embed_titles"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/embed_titles.py \
            --archive {input.archive:q} \
            --embedder {params.embedder:q} \
            --models-folder={params.models_folder:q} \
            --threads {threads:q} \
            --vectors {output.vectors:q} \
            --about {output.about:q} \
            &>{log:q}
        """
