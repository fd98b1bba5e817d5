"""The report: the tables of every stage come in, one self-contained page goes out."""

import json

from trailerflow.reports.register import READERS
from trailerflow.reports.shown_configuration import shown_configuration
from trailerflow.reports.wanted import wanted_files

PAGE_TEMPLATE = [
    of_code(f"src/trailerflow/reports/{name}")
    for name in ("page.html.jinja", "page.css")
]

PAGE_FILES = wanted_files(
    READERS,
    [
        *({"model": name} for name in MODELS),
        *({"system": name} for name in GENRE_SYSTEMS if name not in ASKED_SYSTEMS),
        *({"model": name, "way": way} for name in MODELS for way in GENRE_WAYS),
        *({"probed": name} for name in PROBED),
        *({"split": split} for split in RANKINGS.splits),
        *({"split": split, "ranker": ranker} for split, ranker in RANKINGS.pairs),
    ],
)
"""Places below results/ of the tables that the page's sections ask for, and of how each was made."""


rule make_report:
    """Show the run: outcomes, metrics beside chance, plots, samples, models and costs, on one page."""
    input:
        files=[f"results/{name}" for name in PAGE_FILES],
        prompts=all_prompts,
        template=PAGE_TEMPLATE,
    output:
        report(
            "results/make_report/index.html",
            caption="../report/make_report.rst",
            category="Report",
            labels={"result": "The whole report"},
        ),
    log:
        "logs/make_report.log",
    localrule: True
    conda:
        "../envs/reports.yaml"
    params:
        # A function, since Snakemake would take the ${NAME} of a secret in a text for a wildcard.
        # Sorted, since a module's configuration comes in another order.
        config=lambda wildcards: json.dumps(shown_configuration(config), sort_keys=True),
        files=lambda wildcards, input: [
            f"{name}={path}"
            for name, path in zip(PAGE_FILES, input.files, strict=True)
        ],
        contents=contents_of(all_prompts),
        code_contents=contents_of(PAGE_TEMPLATE),
        code=CODE["make_report"],
    shell:
        r"""
        # printf is bash's own, so the kernel's limit for a program's arguments does not hold for it.
        printf '%s\n' {params.files:q} | python "$TRAILERFLOW_CODE"/scripts/make_report.py \
            --prompts {input.prompts:q} \
            --config {params.config:q} \
            --output {output:q} \
            &>{log:q}
        """
