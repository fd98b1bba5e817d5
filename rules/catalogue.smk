"""The catalogue.

In: the user's table of movies (config: catalogue.movies) and an archive of ratings (catalogue.archive).
Out: movies and ratings of the whole archive (fetch_catalogue), the movies of this run (select_movies).
"""

from trailerflow.catalogue import archive_file

catalogue_archive = lambda wildcards: [
    given(archive)
    for archive in [archive_file(config["catalogue"]["archive"])]
    if archive
]
"""The user's own archive, where there is one."""


checkpoint fetch_catalogue:
    """Get the archive of ratings and write its movies and ratings as tables."""
    input:
        archive=catalogue_archive,
    output:
        movies="results/fetch_catalogue/movies.parquet",
        ratings="results/fetch_catalogue/ratings.parquet",
        about="results/fetch_catalogue/about.json",
    log:
        "logs/fetch_catalogue.log",
    localrule: True
    conda:
        "../envs/base.yaml"
    params:
        archive=config["catalogue"]["archive"] or "none",
        downloads="resources/downloads",
        contents=contents_of(catalogue_archive),
        code=CODE["fetch_catalogue"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/fetch_catalogue.py \
            --archive={params.archive:q} \
            --downloads {params.downloads:q} \
            --movies {output.movies:q} \
            --ratings {output.ratings:q} \
            --about {output.about:q} \
            &>{log:q}
        """


catalogue_table = lambda wildcards: [
    given(found(table)) for table in [config["catalogue"]["movies"]] if table
]
"""The user's own table of movies, where there is one."""


rule select_movies:
    """Join the user's table of movies with the archive."""
    input:
        table=catalogue_table,
        movies="results/fetch_catalogue/movies.parquet",
    output:
        movies="results/select_movies/movies.parquet",
        about="results/select_movies/about.json",
    log:
        "logs/select_movies.log",
    conda:
        "../envs/base.yaml"
    params:
        table=as_arguments("table"),
        contents=contents_of(catalogue_table),
        code=CODE["select_movies"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/select_movies.py \
            --catalogue-movies {input.movies:q} \
            --output {output.movies:q} \
            --about {output.about:q} \
            --table {params.table:q} \
            &>{log:q}
        """
