"""Recommendations: from the archive's ratings, this run's films and their summaries to every ranker's figures."""


rule split_ratings:
    """Hold out each user's last ratings of this run's films, and draw the users for the language models."""
    input:
        ratings="results/fetch_catalogue/ratings.parquet",
        movies="results/select_movies/movies.parquet",
    output:
        train="results/split_ratings/train.parquet",
        test="results/split_ratings/test.parquet",
        users="results/split_ratings/users.csv",
        about="results/split_ratings/about.json",
    log:
        "logs/split_ratings.log",
    conda:
        "../envs/recommendations.yaml"
    params:
        held_out=config["recommendations"]["held_out"],
        history=config["recommendations"]["history"],
        llm_users=config["recommendations"]["llm_users"],
        seed=config["recommendations"]["seed"],
        code=CODE["split_ratings"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/split_ratings.py \
            --ratings {input.ratings:q} \
            --movies {input.movies:q} \
            --held-out {params.held_out:q} \
            --history {params.history:q} \
            --llm-users {params.llm_users:q} \
            --seed {params.seed:q} \
            --train {output.train:q} \
            --test {output.test:q} \
            --users {output.users:q} \
            --about {output.about:q} \
            &>{log:q}
        """


rule rank_baselines:
    """Rank every tested user's held-out films by popularity and by item nearest neighbours."""
    input:
        train="results/split_ratings/train.parquet",
        test="results/split_ratings/test.parquet",
    output:
        rankings="results/rank_baselines/rankings.parquet",
        about="results/rank_baselines/about.json",
    log:
        "logs/rank_baselines.log",
    conda:
        "../envs/recommendations.yaml"
    threads: 1
    params:
        code=CODE["rank_baselines"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/rank_baselines.py \
            --train {input.train:q} \
            --test {input.test:q} \
            --threads {threads:q} \
            --output {output.rankings:q} \
            --about {output.about:q} \
            &>{log:q}
        """


ranking_prompt = lambda wildcards: [
    prompt_file(f"recommendations/{RANKING_PROMPTS[wildcards.model]}")
]


rule rank_llm:
    """Let one language model rank the held-out films of its users, by one yes/no question per film."""
    input:
        train="results/split_ratings/train.parquet",
        test="results/split_ratings/test.parquet",
        users="results/split_ratings/users.csv",
        archive="results/fetch_catalogue/movies.parquet",
        movies="results/select_movies/movies.parquet",
        summaries=summaries_for("recommendations"),
        prompt=ranking_prompt,
        model=llm_files,
    output:
        rankings="results/rank_llm/{model}.parquet",
        about="results/rank_llm/{model}.about.json",
    log:
        "logs/rank_llm/{model}.log",
    conda:
        "../envs/recommendations.yaml"
    threads: server_threads
    resources:
        llm=all_slots(embedded=True),
        hosted=all_slots(embedded=False),
    params:
        model=model_settings,
        models_folder=MODELS_FOLDER,
        attempt=attempt("rank_llm"),
        contents=contents_of(ranking_prompt),
        code=CODE["rank_llm"],
    shell:
        r"""
        printf '%s\n' {input.summaries:q} \
            | python "$TRAILERFLOW_CODE"/scripts/rank_llm.py \
                --train {input.train:q} \
                --test {input.test:q} \
                --users {input.users:q} \
                --archive {input.archive:q} \
                --movies {input.movies:q} \
                --prompt {input.prompt:q} \
                --model {params.model:q} \
                --models-folder={params.models_folder:q} \
                --cache resources/cache/llm \
                --run run \
                --threads {threads:q} \
                --attempt {params.attempt:q} \
                --output {output.rankings:q} \
                --about {output.about:q} \
                &>{log:q}
        """


rule score_rankings:
    """Score every ranker by MAP, MRR, NDCG and pair accuracy, beside chance and an oracle."""
    input:
        users="results/split_ratings/users.csv",
        test="results/split_ratings/test.parquet",
        baselines="results/rank_baselines/rankings.parquet",
        llm=expand("results/rank_llm/{model}.parquet", model=MODELS),
        published=PUBLISHED,
    output:
        metrics="results/score_rankings/metrics.csv",
        about="results/score_rankings/about.json",
    log:
        "logs/score_rankings.log",
    conda:
        "../envs/recommendations.yaml"
    params:
        seed=config["recommendations"]["seed"],
        published=published_of("recommendations"),
        code=CODE["score_rankings"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/score_rankings.py \
            --users {input.users:q} \
            --test {input.test:q} \
            --baselines {input.baselines:q} \
            --llm {input.llm:q} \
            --published {input.published:q} \
            --seed {params.seed:q} \
            --output {output.metrics:q} \
            --about {output.about:q} \
            &>{log:q}
        """
