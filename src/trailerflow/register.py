"""The register of the workflow's rules, in the order of the data: the one place that lists them.

Progress, summary, ``forget``, the report and the rules themselves read it, so a rule is added, renamed or moved here by one
line. A rule that code must tell from all others has a name of its own here.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """What is known of a rule without Snakemake.

    Attributes:
        name: Name of the rule, of its script, its folder below ``results`` and its log.
        stage: The stage that it is a part of: its rule file.
        made: What it makes first, below its folder, with the rule's wildcards; for a rule that can be ``later`` the file
            that the mark goes with. Empty where the configuration says where it lies.
        chain: Whether it makes an outcome of every movie from the outcome of the rule before it.
    """

    name: str
    stage: str
    made: str
    chain: bool = False

    @property
    def output(self) -> str:
        """Path of what it makes first, with the rule's wildcards."""
        return f"results/{self.name}/{self.made}"

    @property
    def glob(self) -> str:
        """The same with a star in the place of every wildcard."""
        return re.sub(r"\{\w+\}", "*", self.output)

    @property
    def per(self) -> tuple[str, ...]:
        """What it has a job for each of, by its wildcards; empty for a rule with one job."""
        return tuple(re.findall(r"\{(\w+)\}", self.made))

    @property
    def makes_outcomes(self) -> bool:
        """Whether it makes one outcome document a movie."""
        return self.made.endswith("{movie}.json")


PREPARE_TRANSCRIPT = Rule("prepare_transcript", "trailers", "{movie}.json", chain=True)
SUMMARISE_MOVIE = Rule("summarise_movie", "summaries", "{model}/{way}/{movie}.json", chain=True)
MERGE_SUMMARIES = Rule("merge_summaries", "summaries", "summaries.parquet")
PREDICT_GENRES = Rule("predict_genres", "genres", "{model}/{way}.parquet")
MAKE_REPORT = Rule("make_report", "reports", "index.html")
SPLIT_RATINGS = Rule("split_ratings", "recommendations", "{split}/train.parquet")
RANK_FILMS = Rule("rank_films", "recommendations", "{split}/{ranker}.parquet")

RULES: tuple[Rule, ...] = (
    Rule("fetch_catalogue", "catalogue", "movies.parquet"),
    Rule("select_movies", "catalogue", "movies.parquet"),
    Rule("fetch_model", "models", ""),
    Rule("match_trailer_table", "trailers", "trailers.json"),
    Rule("find_trailer", "trailers", "{movie}.json", chain=True),
    Rule("fetch_captions", "trailers", "{movie}.json", chain=True),
    Rule("fetch_audio", "trailers", "{movie}.json", chain=True),
    Rule("transcribe_trailer", "trailers", "{movie}.json", chain=True),
    Rule("translate_transcript", "trailers", "{movie}.json", chain=True),
    PREPARE_TRANSCRIPT,
    Rule("remove_audio", "trailers", "{movie}.json"),
    Rule("merge_transcripts", "trailers", "transcripts.parquet"),
    Rule("fetch_synopsis", "synopses", "{movie}.json"),
    Rule("ask_summaries", "summaries", "{model}.json"),
    SUMMARISE_MOVIE,
    MERGE_SUMMARIES,
    Rule("score_summaries", "summaries", "scores.parquet"),
    Rule("judge_summaries", "judging", "judgements.parquet"),
    Rule("make_rating_kit", "judging", "kit.html"),
    Rule("read_ratings", "judging", "ratings.parquet"),
    Rule("score_ratings", "judging", "ratings.csv"),
    Rule("split_movies", "genres", "splits.csv"),
    Rule("gather_extra_texts", "genres", "texts.parquet"),
    Rule("embed_texts", "genres", "{embedder}.npz"),
    PREDICT_GENRES,
    Rule("probe_memory", "genres", "{model}.parquet"),
    Rule("search_encoder", "genres", "best.json"),
    Rule("train_genres", "genres", "{system}"),
    Rule("score_genres", "genres", "metrics.csv"),
    SPLIT_RATINGS,
    Rule("audit_splits", "recommendations", "audit.csv"),
    Rule("search_rankers", "recommendations", "{split}/{protocol}/{ranker}.yaml"),
    Rule("gather_film_texts", "recommendations", "texts.parquet"),
    Rule("embed_titles", "recommendations", "vectors.parquet"),
    RANK_FILMS,
    Rule("rank_pool", "recommendations", "{split}/{ranker}.parquet"),
    Rule("score_rankings", "recommendations", "metrics.csv"),
    Rule("diagnose_rankers", "recommendations", "diagnosis.csv"),
    Rule("export_rankings", "recommendations", "{split}"),
    Rule("fit_rankers", "recommendations", "{ranker}"),
    Rule("retrain_rankers", "recommendations", "{ranker}"),
    Rule("estimate_costs", "costs", "estimate.csv"),
    Rule("account_costs", "costs", "costs.csv"),
    MAKE_REPORT,
)

BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}

STAGES: dict[str, tuple[str, ...]] = {
    stage: tuple(rule.name for rule in RULES if rule.stage == stage)
    for stage in dict.fromkeys(rule.stage for rule in RULES)
}
"""The names of each stage's rules."""

CHAIN: tuple[str, ...] = tuple(rule.name for rule in RULES if rule.chain)
"""The rules that a movie goes through one after another."""

OUTCOMES: tuple[str, ...] = tuple(rule.name for rule in RULES if rule.makes_outcomes)
"""The rules that make one outcome document a movie."""

_PLACES = {rule.name: place for place, rule in enumerate(RULES)}


def in_order_of_data(rule: str) -> tuple[int, str]:
    """Sort key of a rule's name: its place in the register, names outside it last and by the alphabet."""
    return _PLACES.get(rule, len(_PLACES)), rule
