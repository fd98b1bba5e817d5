"""The catalogue.

In: the user's table of movies (config: catalogue.movies) and an archive of ratings (catalogue.archive).
Out: movies, ratings and people of the whole archive (fetch_catalogue), the movies of this run (select_movies).
"""

from trailerflow.catalogue import archive_file, needs_table
from trailerflow.planning.models import short_hash
from trailerflow.planning.programs import options

catalogue_archive = lambda wildcards: [
    given(archive)
    for archive in [archive_file(config["catalogue"]["archive"])]
    if archive
]
"""The user's own archive, where there is one."""

names_of_films = lambda wildcards: [
    given(found(table))
    for table in [config["catalogue"]["movies"]]
    if table and needs_table(config["catalogue"]["archive"])
]
"""The table of movies where it names the films of a CSV of ratings."""

rows_of = lambda tables: lambda wildcards: short_hash(
    "\n".join(
        row.to_json(["id", "title", "year", "genres"])
        for row in (movie_rows().values() if tables(wildcards) else ())
    )
)
"""A params function: what is read of the table's rows, so that their order, their media and their trailers rerun nothing."""


checkpoint fetch_catalogue:
    """Get the archive of ratings and write its movies, its ratings and the people who rated as tables."""
    input:
        archive=catalogue_archive,
        table=names_of_films,
    output:
        movies="results/fetch_catalogue/movies.parquet",
        ratings="results/fetch_catalogue/ratings.parquet",
        released="results/fetch_catalogue/released.parquet",
        people="results/fetch_catalogue/people.parquet",
        about="results/fetch_catalogue/about.json",
    log:
        "logs/fetch_catalogue.log",
    localrule: True
    conda:
        "../envs/base.yaml"
    params:
        archive=config["catalogue"]["archive"] or "none",
        downloads="resources/downloads",
        table=lambda wildcards, input: options("--table", input.table),
        rows=rows_of(names_of_films),
        contents=contents_of(catalogue_archive),
        code=CODE["fetch_catalogue"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/fetch_catalogue.py \
            --archive={params.archive:q} \
            --downloads {params.downloads:q} \
            --movies {output.movies:q} \
            --ratings {output.ratings:q} \
            --released {output.released:q} \
            --people {output.people:q} \
            --about {output.about:q} \
            {params.table:q} \
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
    localrule: True
    conda:
        "../envs/base.yaml"
    params:
        table=as_arguments("table"),
        rows=rows_of(catalogue_table),
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
