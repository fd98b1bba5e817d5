"""What genre systems read: the movies and their texts come in; a split, extra labelled texts and vectors of texts go out."""

import json
import re

from trailerflow.film_texts import Text
from trailerflow.genres.configured import EMBEDDER_WEIGHTS, configured_systems
from trailerflow.genres.extra import SOURCES as EXTRA_SOURCES
from trailerflow.planning.genres import source_told
from trailerflow.planning.programs import options

files_of_text = lambda text: (
    summaries_by(text.model, text.prompt)
    if text.kind == "summary"
    else per_movie(text.rule)
)
"""Outcome documents with a text of every movie."""

own_split = lambda wildcards: [
    given(found(table)) for table in [config["genres"]["split"]] if table
]
"""The user's own split, where there is one."""


rule split_movies:
    """Split the films once for everyone who trains or judges: a held-out part, and folds of the rest."""
    input:
        movies="results/select_movies/movies.parquet",
        own=own_split,
    output:
        split="results/split_movies/splits.csv",
        about="results/split_movies/about.json",
    log:
        "logs/split_movies.log",
    localrule: True
    conda:
        "../envs/genres.yaml"
    params:
        held_out=config["genres"]["held_out"],
        folds=config["genres"]["folds"],
        seed=config["genres"]["seed"],
        own=as_arguments("own"),
        contents=contents_of(own_split),
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
            --own {params.own:q} \
            &>{log:q}
        """


EXTRA = config["genres"]["extra_texts"]
SYSTEMS = configured_systems(config["genres"])
"""Systems of genres.systems by name, each after those that it reads."""

extra_sources = lambda wildcards: [
    (
        model_manifest(source["name"])
        if source["name"] in EXTRA_SOURCES
        else given(found(source["name"]))
    )
    for source in EXTRA["sources"]
]
"""What the extra texts come from: the note that fetched ones are there whole, or a user's table."""

extra_names = lambda wildcards: [
    (
        of_code(f"resources/genre_names/{source['name']}.csv")
        if source["name"] in EXTRA_SOURCES
        else given(found(source["genre_names"]))
    )
    for source in EXTRA["sources"]
    if source["name"] in EXTRA_SOURCES or "genre_names" in source
]
"""Tables of the genre names of the sources."""

sources_told = lambda wildcards: json.dumps(
    [source_told(source, Path(MODELS_FOLDER), ROOT) for source in EXTRA["sources"]]
)
"""The sources as the program takes them."""


rule gather_extra_texts:
    """Gather labelled texts of films that are not in the run, and split them once."""
    input:
        movies="results/select_movies/movies.parquet",
        sources=extra_sources,
        names=extra_names,
    output:
        texts="results/gather_extra_texts/texts.parquet",
        about="results/gather_extra_texts/about.json",
    log:
        "logs/gather_extra_texts.log",
    conda:
        "../envs/genres.yaml"
    params:
        sources=sources_told,
        validation=EXTRA["validation"],
        test=EXTRA["test"],
        seed=config["genres"]["seed"],
        contents=contents_of(
            lambda wildcards: [*extra_sources(wildcards), *extra_names(wildcards)]
        ),
        code=CODE.of(
            "gather_extra_texts",
            *(place.partition(":")[0] for place in EXTRA_SOURCES.values()),
        ),
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/gather_extra_texts.py \
            --movies {input.movies:q} \
            --sources {params.sources:q} \
            --validation {params.validation:q} \
            --test {params.test:q} \
            --seed {params.seed:q} \
            --output {output.texts:q} \
            --about {output.about:q} \
            &>{log:q}
        """


texts_of_systems = lambda systems: [
    path
    for name in dict.fromkeys(name for system in systems for name in system.texts)
    for path in files_of_text(Text.from_name(name))
]
"""Outcome documents with the texts that systems read."""

extra_table = lambda wildcards: (
    ["results/gather_extra_texts/texts.parquet"] if EXTRA["sources"] else []
)
"""The extra texts, where there are any."""

systems_that_embed = lambda embedder: [
    system for system in SYSTEMS.values() if embedder in system.embedders
]


rule embed_texts:
    """Make the vectors of all texts that systems read by one sentence encoder, each text once."""
    input:
        movies="results/select_movies/movies.parquet",
        texts=lambda wildcards: texts_of_systems(systems_that_embed(wildcards.embedder)),
        extra=extra_table,
        weights=lambda wildcards: model_manifest(EMBEDDER_WEIGHTS[wildcards.embedder]),
    output:
        vectors="results/embed_texts/{embedder}.npz",
        about="results/embed_texts/{embedder}.about.json",
    log:
        "logs/embed_texts/{embedder}.log",
    wildcard_constraints:
        embedder="|".join(map(re.escape, EMBEDDER_WEIGHTS)),
    conda:
        "../envs/genres.yaml"
    threads: 2
    params:
        extra=lambda wildcards, input: options("--extra", input.extra),
        systems=lambda wildcards: json.dumps(
            [system.entry for system in systems_that_embed(wildcards.embedder)],
            sort_keys=True,
        ),
        models_folder=MODELS_FOLDER,
        code=CODE["embed_texts"],
    shell:
        r"""
        printf '%s\n' {input.texts:q} \
            | python "$TRAILERFLOW_CODE"/scripts/embed_texts.py \
                --movies {input.movies:q} \
                --systems {params.systems:q} \
                --embedder {wildcards.embedder:q} \
                --models-folder={params.models_folder:q} \
                --threads {threads:q} \
                --output {output.vectors:q} \
                --about {output.about:q} \
                {params.extra:q} \
                &>{log:q}
        """
