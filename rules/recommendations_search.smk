"""The search for settings of a ranker, made only where its file is asked for."""

import json


rule search_rankers:
    """Search for settings of one ranker by what one protocol asks of the block before the test."""
    input:
        tables=expand("results/split_ratings/{{split}}/{table}.parquet", table=TABLES),
        side=side_tables,
    output:
        best="results/search_rankers/{split}/{protocol}/{ranker}.yaml",
        trials="results/search_rankers/{split}/{protocol}/{ranker}.csv",
        about="results/search_rankers/{split}/{protocol}/{ranker}.about.json",
    log:
        "logs/search_rankers/{split}/{protocol}/{ranker}.log",
    wildcard_constraints:
        split="|".join(map(re.escape, RANKINGS.splits)),
        protocol=r"[a-z][a-z0-9_]*",
        ranker="|".join(map(re.escape, RANKINGS.rankers)),
    conda:
        "../envs/recommendations.yaml"
    params:
        kind=lambda wildcards: RANKINGS.rankers[wildcards.ranker].kind,
        settings=lambda wildcards: json.dumps(
            RANKINGS.rankers[wildcards.ranker].settings, sort_keys=True
        ),
        side=side_arguments,
        trials=config["recommendations"]["search_trials"],
        seed=config["recommendations"]["seed"],
        code=code_of_ranker("search_rankers"),
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/search_rankers.py \
            --ranker {params.kind:q} \
            --settings {params.settings:q} \
            --tables {input.tables:q} \
            --side {params.side:q} \
            --protocol {wildcards.protocol:q} \
            --trials {params.trials:q} \
            --seed {params.seed:q} \
            --threads {threads:q} \
            --code {params.code:q} \
            --journal run/parts/search_rankers/{wildcards.split:q}-{wildcards.protocol:q}-{wildcards.ranker:q}-{params.code:q}.journal \
            --best {output.best:q} \
            --output {output.trials:q} \
            --about {output.about:q} \
            &>{log:q}
        """
