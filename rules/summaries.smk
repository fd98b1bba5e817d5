"""Summaries: prepared transcripts come in; tables of summaries, synopses and their scores go out."""

import json
import re

from trailerflow.planning.outcomes import is_ok, status_of
from trailerflow.planning.servers import (
    is_asked_ahead,
    job_share,
    request_share,
)
from trailerflow.planning.summary_check import check_settings
from trailerflow.summaries.support import module_of_support
from trailerflow.summaries.support.kept_thresholds import EVEN, read_thresholds

THRESHOLDS = read_thresholds(ROOT / "resources/support/thresholds.json")

prompts_of_summary = lambda wildcards: prompts_of_way(wildcards.way)
prompts_of_check = lambda wildcards: (
    support_prompts(wildcards) if wildcards.way in SUMMARY_CHECK["ways"] else []
)
all_prompts_of_summary = lambda wildcards: [
    *prompts_of_summary(wildcards),
    *prompts_of_check(wildcards),
]

# Which measure is asked depends on the model: both are in the code.
CHECK_CODE = {
    name: [module_of_support(measure) for measure in EVEN]
    for name in SUMMARY_CHECK["ways"]
}
WAY_CODE = {
    name: CODE.of("summarise_movie", module_of(name), *CHECK_CODE.get(name, []))
    for name in WAYS
}
"""A changed way runs its own jobs again and no others."""

# A request's threads and its share of the slots; of a transcript that is not ok nothing is asked.
summary_threads = lambda wildcards, input: (
    threads_of_request(wildcards.model, wildcards) if is_ok(input.transcript) else 1
)
share_of_job = request_share if workflow.non_local_exec else job_share
summary_share = lambda embedded: lambda wildcards, input: (
    share_of_job(LLM[wildcards.model], embedded=embedded)
    if status_of(input.transcript) == "ok"
    else 0
)


ASKED_AHEAD = [name for name, model in LLM.items() if is_asked_ahead(model)]
"""The models that one job asks about all movies."""

# a module may have a prefix
TRANSCRIPT_PATTERN, SUMMARY_PATTERN = (
    str(workflow.modifier.modify_path(BY_NAME[rule].output))
    for rule in ("prepare_transcript", "summarise_movie")
)


rule ask_summaries:
    """Ask a hosted model with many slots for all movies' summaries, whose own jobs then find the answers."""
    input:
        transcripts=lambda wildcards: per_movie("prepare_transcript"),
        prompts=summary_prompts,
        check_prompts=support_prompts,
    output:
        "results/ask_summaries/{model}.json",
    log:
        "logs/ask_summaries/{model}.log",
    wildcard_constraints:
        model="|".join(map(re.escape, ASKED_AHEAD)) or "none",
    priority: 1
    conda:
        "../envs/summaries.yaml"
    threads: 1
    resources:
        # All shares would be waited for as long as there is a movie's job to run.
        hosted=lambda wildcards: request_share(LLM[wildcards.model], embedded=False),
    params:
        movies=lambda wildcards: [
            row.to_json(["id", "title"]) for row in movie_rows().values()
        ],
        transcripts=lambda wildcards: TRANSCRIPT_PATTERN,
        outcomes=lambda wildcards: SUMMARY_PATTERN,
        checks=lambda wildcards: json.dumps(
            {
                name: json.loads(
                    check_settings(
                        SUMMARY_CHECK, name, LLM[wildcards.model], THRESHOLDS
                    )
                )
                for name in WAYS
            }
        ),
        words=config["summaries"]["words"],
        model=model_settings,
        models_folder=MODELS_FOLDER,
        attempt=attempt("ask_summaries"),
        contents=contents_of(
            lambda wildcards: [
                *summary_prompts(wildcards),
                *support_prompts(wildcards),
            ]
        ),
        code=[CODE["ask_summaries"], *WAY_CODE.values()],
    shell:
        r"""
        printf '%s\n' {params.movies:q} \
            | python "$TRAILERFLOW_CODE"/scripts/ask_summaries.py \
                --transcripts {params.transcripts:q} \
                --outcomes {params.outcomes:q} \
                --checks {params.checks:q} \
                --prompts {input.prompts:q} \
                --check-prompts {input.check_prompts:q} \
                --words {params.words:q} \
                --model {params.model:q} \
                --models-folder={params.models_folder:q} \
                --cache resources/cache/llm \
                --run run \
                --threads {threads} \
                --attempt {params.attempt:q} \
                --output {output:q} \
                &>{log:q}
        """


rule summarise_movie:
    """Ask a language model for a movie's summary, and check it where the configuration says so."""
    input:
        transcript="results/prepare_transcript/{movie}.json",
        prompts=prompts_of_summary,
        check_prompts=prompts_of_check,
        model=llm_files,
    output:
        "results/summarise_movie/{model}/{way}/{movie}.json",
    log:
        "logs/summarise_movie/{model}/{way}/{movie}.log",
    conda:
        "../envs/summaries.yaml"
    threads: summary_threads
    resources:
        llm=summary_share(embedded=True),
        hosted=summary_share(embedded=False),
        server_threads=server_threads,
    params:
        movie=movie_row(["id", "title"]),
        words=config["summaries"]["words"],
        check=lambda wildcards: check_settings(
            SUMMARY_CHECK, wildcards.way, LLM[wildcards.model], THRESHOLDS
        ),
        model=model_settings,
        models_folder=MODELS_FOLDER,
        attempt=attempt("summarise_movie"),
        contents=contents_of(all_prompts_of_summary),
        code=lambda wildcards: WAY_CODE[wildcards.way],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py summarise_movie \
            --transcript {input.transcript:q} \
            --movie {params.movie:q} \
            --way {wildcards.way:q} \
            --prompts {input.prompts:q} \
            --words {params.words:q} \
            --check {params.check:q} \
            --check-prompts {input.check_prompts:q} \
            --model {params.model:q} \
            --models-folder={params.models_folder:q} \
            --cache resources/cache/llm \
            --run run \
            --threads {resources.server_threads} \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """


rule merge_summaries:
    """Put the summaries and the reference synopses of all movies into tables."""
    input:
        summaries=summary_files,
        synopses=synopsis_files,
        # The movies' own jobs do not wait for it. Ancient, since the summaries say all that came of it.
        asked=ancient(expand("results/ask_summaries/{model}.json", model=ASKED_AHEAD)),
    output:
        summaries="results/merge_summaries/summaries.parquet",
        claims="results/merge_summaries/claims.parquet",
        synopses="results/merge_summaries/synopses.parquet",
        outcomes="results/merge_summaries/outcomes.parquet",
        about="results/merge_summaries/about.json",
    log:
        "logs/merge_summaries.log",
    localrule: True
    conda:
        "../envs/summaries.yaml"
    params:
        code=CODE["merge_summaries"],
    shell:
        r"""
        printf '%s\n' {input.summaries:q} {input.synopses:q} \
            | python "$TRAILERFLOW_CODE"/scripts/merge_summaries.py \
                --summaries {output.summaries:q} \
                --claims {output.claims:q} \
                --synopses {output.synopses:q} \
                --outcomes {output.outcomes:q} \
                --about {output.about:q} \
                &>{log:q}
        """


FILM_PEOPLE = of_code("resources/film_people.txt")
METRIC_MODULES = [
    of_code(f"resources/evaluate/{name}/{name}.py")
    for name in ("trailer_rouge", "trailer_bertscore")
]
CONSTANT_SENTENCE = of_code("resources/constants/sentence.txt")
COMMON_WORDS = of_code("resources/constants/common_words.txt")
SUPPORT_WORTH = of_code("resources/support/worth.csv")


rule score_summaries:
    """Score the summaries against the reference synopses and their transcripts, and by the rules of the prompts."""
    input:
        summaries="results/merge_summaries/summaries.parquet",
        synopses="results/merge_summaries/synopses.parquet",
        claims="results/merge_summaries/claims.parquet",
        transcripts="results/merge_transcripts/transcripts.parquet",
        movies="results/select_movies/movies.parquet",
        prompts=summary_prompts,
        people=FILM_PEOPLE,
        sentence=CONSTANT_SENTENCE,
        common_words=COMMON_WORDS,
        worth=SUPPORT_WORTH,
        published=PUBLISHED,
        modules=METRIC_MODULES,
        encoder=model_manifest(config["models"]["embedding"]),
    output:
        scores="results/score_summaries/scores.parquet",
        metrics="results/score_summaries/metrics.csv",
        comparisons="results/score_summaries/comparisons.csv",
        compliance="results/score_summaries/compliance.csv",
        kept_claims="results/score_summaries/kept_claims.csv",
        support_worth="results/score_summaries/support_worth.csv",
        about="results/score_summaries/about.json",
    log:
        "logs/score_summaries.log",
    conda:
        "../envs/summaries.yaml"
    threads: 2
    params:
        modules=lambda wildcards, input: str(Path(input.modules[0]).parents[1]),
        models_folder=lambda wildcards, input: str(Path(input.encoder).parent),
        encoder=config["models"]["embedding"],
        rouge_tokenizer=config["summaries"]["rouge_tokenizer"],
        layer=config["summaries"]["bertscore_layer"],
        words=config["summaries"]["words"],
        shifts=config["summaries"]["floor_shifts"],
        seed=config["summaries"]["seed"],
        contents=contents_of(summary_prompts),
        code_contents=contents_of(
            [
                FILM_PEOPLE,
                CONSTANT_SENTENCE,
                COMMON_WORDS,
                SUPPORT_WORTH,
                *METRIC_MODULES,
            ]
        ),
        published=published_of("summaries"),
        code=CODE["score_summaries"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/score_summaries.py \
            --summaries {input.summaries:q} \
            --synopses {input.synopses:q} \
            --claims {input.claims:q} \
            --transcripts {input.transcripts:q} \
            --movies {input.movies:q} \
            --prompts {input.prompts:q} \
            --people {input.people:q} \
            --sentence {input.sentence:q} \
            --common-words {input.common_words:q} \
            --worth {input.worth:q} \
            --published {input.published:q} \
            --words {params.words:q} \
            --modules {params.modules:q} \
            --models-folder={params.models_folder:q} \
            --encoder {params.encoder:q} \
            --rouge-tokenizer {params.rouge_tokenizer:q} \
            --layer {params.layer:q} \
            --shifts {params.shifts:q} \
            --seed {params.seed:q} \
            --threads {threads} \
            --scores {output.scores:q} \
            --metrics {output.metrics:q} \
            --comparisons {output.comparisons:q} \
            --compliance {output.compliance:q} \
            --kept-claims {output.kept_claims:q} \
            --support-worth {output.support_worth:q} \
            --about {output.about:q} \
            &>{log:q}
        """
