"""Judging: pairs of summaries are rated by a language model and by people; their ratings and agreement go out."""

from trailerflow.planning.servers import all_shares

KIT_TEMPLATE = of_code("src/trailerflow/judging/rating_kit.html.jinja")


rule judge_summaries:
    """Let a language model rate pairs of summaries, each in both orders."""
    input:
        summaries="results/merge_summaries/summaries.parquet",
        transcripts="results/merge_transcripts/transcripts.parquet",
        synopses="results/merge_summaries/synopses.parquet",
        movies="results/select_movies/movies.parquet",
        prompt=judge_prompt,
        model=files_of_model(JUDGE),
    output:
        judgements="results/judge_summaries/judgements.parquet",
        ratings="results/judge_summaries/ratings.parquet",
        about="results/judge_summaries/about.json",
    log:
        "logs/judge_summaries.log",
    conda:
        "../envs/summaries.yaml"
    threads: lambda wildcards: threads_of_server(JUDGE)
    resources:
        llm=all_shares(LLM[JUDGE], embedded=True),
        hosted=all_shares(LLM[JUDGE], embedded=False),
    params:
        movies=config["judging"]["judge"]["movies"],
        seed=config["judging"]["seed"],
        model=lambda wildcards: MODEL_SETTINGS[JUDGE],
        models_folder=lambda wildcards: MODELS_FOLDER,
        attempt=attempt("judge_summaries"),
        contents=contents_of(judge_prompt),
        code=CODE["judge_summaries"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/judge_summaries.py \
            --summaries {input.summaries:q} \
            --transcripts {input.transcripts:q} \
            --synopses {input.synopses:q} \
            --movies {input.movies:q} \
            --count {params.movies:q} \
            --seed {params.seed:q} \
            --prompt {input.prompt:q} \
            --model {params.model:q} \
            --models-folder={params.models_folder:q} \
            --cache resources/cache/llm \
            --run run \
            --threads {threads:q} \
            --attempt {params.attempt:q} \
            --judgements {output.judgements:q} \
            --ratings {output.ratings:q} \
            --about {output.about:q} \
            &>{log:q}
        """


rule make_rating_kit:
    """Make the page on which people rate blinded pairs of summaries and label claims, and its key."""
    input:
        summaries="results/merge_summaries/summaries.parquet",
        transcripts="results/merge_transcripts/transcripts.parquet",
        synopses="results/merge_summaries/synopses.parquet",
        movies="results/select_movies/movies.parquet",
        template=KIT_TEMPLATE,
    output:
        page="results/make_rating_kit/kit.html",
        key="results/make_rating_kit/key.json",
    log:
        "logs/make_rating_kit.log",
    localrule: True
    conda:
        "../envs/reports.yaml"
    params:
        movies=config["judging"]["ratings"]["movies"],
        claim_summaries=config["judging"]["ratings"]["claim_summaries"],
        seed=config["judging"]["seed"],
        contents=contents_of([KIT_TEMPLATE]),
        code=CODE["make_rating_kit"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/make_rating_kit.py \
            --summaries {input.summaries:q} \
            --transcripts {input.transcripts:q} \
            --synopses {input.synopses:q} \
            --movies {input.movies:q} \
            --count {params.movies:q} \
            --seed {params.seed:q} \
            --claim-summaries {params.claim_summaries:q} \
            --page {output.page:q} \
            --key {output.key:q} \
            &>{log:q}
        """


rating_exports = lambda wildcards: [
    given(path)
    for folder in [config["judging"]["ratings"]["folder"]]
    if folder
    for path in sorted(Path(folder).glob("*.json"))
]
"""The files that people saved from the rating kit."""


rule read_ratings:
    """Read the ratings and the labels of claims that people saved from the rating kit."""
    input:
        exports=rating_exports,
        key="results/make_rating_kit/key.json",
    output:
        ratings="results/read_ratings/ratings.parquet",
        claims="results/read_ratings/claims.csv",
        about="results/read_ratings/about.json",
    log:
        "logs/read_ratings.log",
    localrule: True
    conda:
        "../envs/reports.yaml"
    params:
        exports=as_arguments("exports"),
        contents=contents_of(rating_exports),
        code=CODE["read_ratings"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/read_ratings.py \
            --exports {params.exports:q} \
            --key {input.key:q} \
            --ratings {output.ratings:q} \
            --claims {output.claims:q} \
            --about {output.about:q} \
            &>{log:q}
        """


rule score_ratings:
    """Score the summaries by the ratings of the judge and of people, and say how far raters agree."""
    input:
        judge="results/judge_summaries/ratings.parquet",
        people="results/read_ratings/ratings.parquet",
        claims="results/read_ratings/claims.csv",
    output:
        ratings="results/score_ratings/ratings.csv",
        agreement="results/score_ratings/agreement.csv",
        about="results/score_ratings/about.json",
    log:
        "logs/score_ratings.log",
    conda:
        "../envs/summaries.yaml"
    params:
        seed=config["judging"]["seed"],
        code=CODE["score_ratings"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/score_ratings.py \
            --judge {input.judge:q} \
            --people {input.people:q} \
            --claims {input.claims:q} \
            --seed {params.seed:q} \
            --ratings {output.ratings:q} \
            --agreement {output.agreement:q} \
            --about {output.about:q} \
            &>{log:q}
        """
