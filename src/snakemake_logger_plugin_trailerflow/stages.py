"""Which stage each rule belongs to, in the order of the data: the table that progress and summary go by."""

from __future__ import annotations

STAGES: dict[str, tuple[str, ...]] = {
    "catalogue": ("fetch_catalogue", "select_movies"),
    "models": ("fetch_model",),
    "trailers": (
        "match_trailer_table",
        "find_trailer",
        "fetch_captions",
        "fetch_audio",
        "transcribe_trailer",
        "translate_transcript",
        "prepare_transcript",
        "merge_transcripts",
    ),
    "summaries": (
        "fetch_synopsis",
        "summarise_movie",
        "merge_summaries",
        "score_summaries",
        "judge_summaries",
        "make_rating_kit",
        "read_ratings",
        "score_ratings",
    ),
    "genres": ("split_movies", "predict_genres", "tune_encoder", "score_genres"),
    "recommendations": ("split_ratings", "rank_baselines", "rank_llm", "score_rankings"),
    "costs": ("estimate_costs", "account_costs"),
    "reports": ("report",),
}

STAGE_OF_RULE: dict[str, str] = {rule: stage for stage, rules in STAGES.items() for rule in rules}
_PLACES = {rule: place for place, rule in enumerate(STAGE_OF_RULE)}


def in_order_of_data(rule: str) -> tuple[int, str]:
    """Sort key of a rule: its place in the way of the data, rules outside the table last and by name."""
    return _PLACES.get(rule, len(_PLACES)), rule
