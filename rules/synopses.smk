"""Synopses: what somebody else wrote of a movie's story, from the user's table or from sites on the web."""


rule fetch_synopsis:
    """Take a movie's reference synopsis from the first source that has one: the user's table, or sites on the web."""
    input:
        table=synopsis_table,
    output:
        "results/fetch_synopsis/{movie}.json",
    log:
        "logs/fetch_synopsis/{movie}.log",
    localrule: True
    conda:
        "../envs/summaries.yaml"
    params:
        movie=synopsis_movie,
        sources=synopsis_sources,
        table=as_arguments("table"),
        synopsis=synopsis_hash,  # the movie's own row; the rest of the table does not matter to it
        refresh_before=synopsis_refresh_before,
        attempt=attempt("fetch_synopsis"),
        code=CODE["fetch_synopsis"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/fetch_synopsis.py \
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
