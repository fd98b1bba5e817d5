"""Costs: what a run's language models will be asked, before; what their answers cost, after."""

import json


rule estimate_costs:
    """Estimate requests, tokens, money and time of the language models, from what needs none of them."""
    input:
        synopses=synopsis_files,
        movies="results/select_movies/movies.parquet",
        transcripts="results/merge_transcripts/transcripts.parquet",
        splits=all_split_tables,
        archive="results/fetch_catalogue/movies.parquet",
        prompts=summary_prompts,
        check_prompts=support_prompts,
        genre_prompts=genre_prompts,
        probe_prompts=probe_prompts,
        ranking_prompts=ranking_prompts,
        judge_prompt=judge_prompt,
    output:
        estimate="results/estimate_costs/estimate.csv",
        about="results/estimate_costs/about.json",
    log:
        "logs/estimate_costs.log",
    localrule: True
    conda:
        "../envs/recommendations.yaml"
    params:
        # A function, since Snakemake would take the ${NAME} of a secret in a text for a wildcard.
        models=lambda wildcards: json.dumps(config["models"]["llm"], sort_keys=True),
        ways=list(WAYS),
        checked=SUMMARY_CHECK["ways"],
        words=config["summaries"]["words"],
        genre_text=config["genres"]["text"],
        genre_arms=config["genres"]["language_models"]["arms"],
        probed=config["genres"]["probe"]["movies"] or 0,
        rankings=lambda wildcards: json.dumps(RANKINGS.asked_of_models()),
        judge=JUDGE,
        judged=config["judging"]["judge"]["movies"],
        contents=contents_of(all_prompts),
        code=CODE.of(
            "estimate_costs",
            *map(module_of, WAYS),
            *(
                RANKINGS.ranker_classes[ranker.name].__module__
                for ranker in RANKINGS.language_models
            ),
        ),
    shell:
        r"""
        printf '%s\n' {input.synopses:q} \
            | python "$TRAILERFLOW_CODE"/scripts/estimate_costs.py \
                --movies {input.movies:q} \
                --transcripts {input.transcripts:q} \
                --splits {input.splits:q} \
                --archive {input.archive:q} \
                --models {params.models:q} \
                --ways {params.ways:q} \
                --prompts {input.prompts:q} \
                --checked {params.checked:q} \
                --check-prompts {input.check_prompts:q} \
                --words {params.words:q} \
                --genre-prompts {input.genre_prompts:q} \
                --genre-text {params.genre_text:q} \
                --genre-arms {params.genre_arms:q} \
                --probe-prompts {input.probe_prompts:q} \
                --probed {params.probed:q} \
                --ranking-prompts {input.ranking_prompts:q} \
                --rankings {params.rankings:q} \
                --judge-prompt {input.judge_prompt:q} \
                --judge {params.judge:q} \
                --judged {params.judged:q} \
                --output {output.estimate:q} \
                --about {output.about:q} \
                &>{log:q}
        """


rule account_costs:
    """Account tokens, time, money and energy of every stage, model and prompt."""
    input:
        abouts=[
            "results/merge_transcripts/about.json",
            "results/merge_summaries/about.json",
            "results/judge_summaries/about.json",
            *expand(
                "results/predict_genres/{model}/{way}.about.json",
                model=MODELS,
                way=GENRE_WAYS,
            ),
            *expand("results/probe_memory/{model}.about.json", model=PROBED),
            *RANKINGS.abouts_of_models(),
        ],
    output:
        costs="results/account_costs/costs.csv",
        about="results/account_costs/about.json",
    log:
        "logs/account_costs.log",
    localrule: True
    conda:
        "../envs/reports.yaml"
    params:
        models=PRICED_MODELS,
        code=CODE["account_costs"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/account_costs.py \
            --abouts {input.abouts:q} \
            --models {params.models:q} \
            --energy run/energy \
            --output {output.costs:q} \
            --about {output.about:q} \
            &>{log:q}
        """
