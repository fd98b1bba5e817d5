"""Synopses: what somebody else wrote of a movie's story, from the user's table or from sites on the web."""

from trailerflow.planning.models import short_hash
from trailerflow.planning.web import asks_for_synopsis, synopsis_sources
from trailerflow.synopses.synopsis_table import read_synopses

SOURCES_OF_SYNOPSES = config["synopses"]["sources"]
SYNOPSES = "table" in SOURCES_OF_SYNOPSES and config["synopses"]["table"] or None
"""The user's table of synopses, where there is one and it is a source."""

synopses = functools.cache(lambda: read_synopses(found(SYNOPSES)) if SYNOPSES else {})
"""The user's synopses by movie id."""

sources_of_synopsis = lambda wildcards: synopsis_sources(
    SOURCES_OF_SYNOPSES, wildcards.movie in synopses()
)
asks_sites = lambda wildcards: asks_for_synopsis(sources_of_synopsis(wildcards))


rule fetch_synopsis:
    """Take a movie's reference synopsis from the first source that has one: the user's table, or sites on the web."""
    input:
        table=lambda wildcards: [given(found(SYNOPSES))] if SYNOPSES else [],
    output:
        "results/fetch_synopsis/{movie}.json",
    log:
        "logs/fetch_synopsis/{movie}.log",
    localrule: True
    conda:
        "../envs/summaries.yaml"
    params:
        # The id alone where no site is asked, so that another title or year reruns nothing.
        movie=lambda wildcards: movie_row(
            ["id", "title", "year"] if asks_sites(wildcards) else ["id"]
        )(wildcards),
        sources=sources_of_synopsis,
        table=as_arguments("table"),
        # The movie's own synopsis; the rest of the table does not matter to it.
        synopsis=lambda wildcards: short_hash(synopses().get(wildcards.movie, "")),
        refresh_before=refreshed(asks_sites),
        attempt=attempt("fetch_synopsis"),
        code=CODE["fetch_synopsis"],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py fetch_synopsis \
            --movie {params.movie:q} \
            --sources {params.sources:q} \
            --table {params.table:q} \
            --refresh-before {params.refresh_before:q} \
            --cache resources/cache/web \
            --run run \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """
