"""The report: the tables of every stage come in, one self-contained page goes out."""

PAGE_TEMPLATE = [
    of_code(f"src/trailerflow/reports/{name}")
    for name in ("page.html.jinja", "page.css")
]


rule report:
    """Show the run: outcomes, metrics beside chance, plots, samples, models and costs, on one page."""
    input:
        movies="results/select_movies/movies.parquet",
        transcripts="results/merge_transcripts/transcripts.parquet",
        transcript_outcomes="results/merge_transcripts/outcomes.parquet",
        summaries="results/merge_summaries/summaries.parquet",
        synopses="results/merge_summaries/synopses.parquet",
        summary_outcomes="results/merge_summaries/outcomes.parquet",
        summary_scores="results/score_summaries/scores.parquet",
        summary_metrics="results/score_summaries/metrics.csv",
        summary_compliance="results/score_summaries/compliance.csv",
        ratings="results/score_ratings/ratings.csv",
        agreement="results/score_ratings/agreement.csv",
        genre_predictions=expand("results/predict_genres/{model}.parquet", model=MODELS),
        genre_metrics="results/score_genres/metrics.csv",
        encoder_predictions="results/tune_encoder/predictions.parquet",
        llm_rankings=expand("results/rank_llm/{model}.parquet", model=MODELS),
        ranking_metrics="results/score_rankings/metrics.csv",
        costs="results/account_costs/costs.csv",
        abouts=[
            "results/fetch_catalogue/about.json",
            "results/select_movies/about.json",
            "results/merge_transcripts/about.json",
            "results/merge_summaries/about.json",
            "results/score_summaries/about.json",
            "results/judge_summaries/about.json",
            "results/read_ratings/about.json",
            "results/score_ratings/about.json",
            "results/split_movies/about.json",
            *expand("results/predict_genres/{model}.about.json", model=MODELS),
            "results/tune_encoder/about.json",
            "results/score_genres/about.json",
            "results/split_ratings/about.json",
            "results/rank_baselines/about.json",
            *expand("results/rank_llm/{model}.about.json", model=MODELS),
            "results/score_rankings/about.json",
            "results/account_costs/about.json",
        ],
        prompts=all_prompts,
        template=PAGE_TEMPLATE,
    output:
        report(
            "results/report/index.html",
            caption="../report/report.rst",
            category="Report",
            labels={"result": "The whole report"},
        ),
    log:
        "logs/report.log",
    conda:
        "../envs/reports.yaml"
    params:
        # A function, since Snakemake would take the ${NAME} of a secret in a text for a wildcard.
        config=lambda wildcards: json.dumps(shown_configuration(config)),
        examples=config["reports"]["examples"],
        contents=contents_of(all_prompts),
        code_contents=contents_of(PAGE_TEMPLATE),
        code=CODE["report"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/report.py \
            --movies {input.movies:q} \
            --transcripts {input.transcripts:q} \
            --transcript-outcomes {input.transcript_outcomes:q} \
            --summaries {input.summaries:q} \
            --synopses {input.synopses:q} \
            --summary-outcomes {input.summary_outcomes:q} \
            --summary-scores {input.summary_scores:q} \
            --summary-metrics {input.summary_metrics:q} \
            --summary-compliance {input.summary_compliance:q} \
            --ratings {input.ratings:q} \
            --agreement {input.agreement:q} \
            --genre-predictions {input.genre_predictions:q} \
            --genre-metrics {input.genre_metrics:q} \
            --encoder-predictions {input.encoder_predictions:q} \
            --llm-rankings {input.llm_rankings:q} \
            --ranking-metrics {input.ranking_metrics:q} \
            --costs {input.costs:q} \
            --abouts {input.abouts:q} \
            --prompts {input.prompts:q} \
            --examples {params.examples:q} \
            --config {params.config:q} \
            --output {output:q} \
            &>{log:q}
        """
