"""Rankers that are fitted on all ratings and saved, for users and films that come later."""

import json

from trailerflow.planning.saved_rankers import planned_saved_rankers
from trailerflow.registers import chosen_class

try:
    SAVED = planned_saved_rankers(
        config["recommendations"],
        found,
        has_ratings=config["catalogue"]["archive"] is not None,
    )
except TrailerflowError as error:
    raise WorkflowError(str(error)) from None

SAVED_CLASSES = {
    name: chosen_class("trailerflow.recommendations.register:RANKERS", entry.kind)
    for name, entry in SAVED.items()
}

FEEDBACK = config["recommendations"]["feedback"]

saved_rankers = expand("results/fit_rankers/{ranker}", ranker=SAVED)
"""The folders of the saved rankers."""

retrained_rankers = expand(
    "results/retrain_rankers/{ranker}", ranker=SAVED if FEEDBACK else []
)
"""The folders of those that are fitted with feedback; no other rule asks for them."""

side_of_saved = lambda wildcards: [
    SIDE_TABLES[name] for name in SAVED_CLASSES[wildcards.ranker].side
]

saved_side_arguments = lambda wildcards, input: [
    f"{name}={path}"
    for name, path in zip(SAVED_CLASSES[wildcards.ranker].side, input.side)
]

settings_of_saved = lambda wildcards: json.dumps(
    SAVED[wildcards.ranker].settings, sort_keys=True
)


rule fit_rankers:
    """Fit one ranker on all ratings of the archive, without a split, and save it."""
    input:
        ratings="results/fetch_catalogue/ratings.parquet",
        archive="results/fetch_catalogue/movies.parquet",
        side=side_of_saved,
    output:
        folder=directory("results/fit_rankers/{ranker}"),
        about="results/fit_rankers/{ranker}.about.json",
    log:
        "logs/fit_rankers/{ranker}.log",
    wildcard_constraints:
        ranker="|".join(map(re.escape, SAVED)) or "none",
    conda:
        "../envs/recommendations.yaml"
    params:
        kind=lambda wildcards: SAVED[wildcards.ranker].kind,
        settings=settings_of_saved,
        side=saved_side_arguments,
        code=lambda wildcards: CODE.of(
            "fit_rankers", SAVED_CLASSES[wildcards.ranker].__module__
        ),
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/fit_rankers.py \
            --name {wildcards.ranker:q} \
            --kind {params.kind:q} \
            --settings {params.settings:q} \
            --ratings {input.ratings:q} \
            --archive {input.archive:q} \
            --side {params.side:q} \
            --threads {threads:q} \
            --output {output.folder:q} \
            --about {output.about:q} \
            &>{log:q}
        """


rule retrain_rankers:
    """Fit one ranker on all ratings of the archive and on the table of feedback; made when it is asked for."""
    input:
        ratings="results/fetch_catalogue/ratings.parquet",
        archive="results/fetch_catalogue/movies.parquet",
        feedback=lambda wildcards: given(FEEDBACK),
        side=side_of_saved,
    output:
        folder=directory("results/retrain_rankers/{ranker}"),
        about="results/retrain_rankers/{ranker}.about.json",
    log:
        "logs/retrain_rankers/{ranker}.log",
    wildcard_constraints:
        ranker="|".join(map(re.escape, SAVED if FEEDBACK else [])) or "none",
    conda:
        "../envs/recommendations.yaml"
    params:
        kind=lambda wildcards: SAVED[wildcards.ranker].kind,
        settings=settings_of_saved,
        side=saved_side_arguments,
        contents=contents_of([FEEDBACK] if FEEDBACK else []),
        code=lambda wildcards: CODE.of(
            "retrain_rankers", SAVED_CLASSES[wildcards.ranker].__module__
        ),
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/retrain_rankers.py \
            --name {wildcards.ranker:q} \
            --kind {params.kind:q} \
            --settings {params.settings:q} \
            --ratings {input.ratings:q} \
            --feedback {input.feedback:q} \
            --archive {input.archive:q} \
            --side {params.side:q} \
            --threads {threads:q} \
            --output {output.folder:q} \
            --about {output.about:q} \
            &>{log:q}
        """
