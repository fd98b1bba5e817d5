"""Tables of rankings, made by hand, for the tests of the report.

Two rankers and a fusion seek films in two arms of ties (`full`), and two rankers and a language model put films into an
order (`temporal`), the model for drawn users alone.
"""

from __future__ import annotations

from typing import Any

from trailerflow.row_kinds import CHANCE, ORACLE, PUBLISHED, REFERENCE, SYSTEM
from unit.report_scores import MODEL

Rows = list[dict[str, Any]]

FUSION = "fusion"
WITHOUT = "fusion_without_sequence"

_TEMPORAL = {
    ("map", 3): 0.55, ("mrr", 3): 0.62, ("ndcg", 3): 0.78, ("map", 5): 0.6, ("mrr", 5): 0.63, ("ndcg", 5): 0.852,
    ("pair_accuracy", None): 0.5,
}  # fmt: skip
_FULL = {
    ("ndcg", 10): 0.01,
    ("recall", 10): 0.012,
    ("distinct_films", 10): 1500.0,
    ("candidate_recall", None): 0.1,
}
"""What chance gets, by metric and cut-off."""


def _metric_rows(
    place: dict[str, Any],
    chances: dict[tuple[str, int | None], float],
    lifts: dict[str, float],
    *,
    users: int,
    half: float,
) -> Rows:
    """Each ranker is above chance by its lift."""
    return [
        {
            "ranker": ranker,
            "row_kind": REFERENCE if ranker in (CHANCE, ORACLE) else SYSTEM,
            **place,
            "metric": metric,
            "k": k,
            "value": chance + lift,
            "low": chance + lift - half,
            "high": chance + lift + half,
            "difference": lift,
            "difference_low": lift - half,
            "difference_high": lift + half,
            "users": users,
            "folds": 1,
            "seeds": 5 if place["ties"] == "random" else 1,
        }
        for (metric, k), chance in chances.items()
        for ranker, lift in lifts.items()
    ]


def _place(split: str, protocol: str, ties: str = "random", users_set: str = "all") -> dict[str, Any]:
    return {"split": split, "protocol": protocol, "ties": ties, "users_set": users_set}


_OF_RUN = {CHANCE: 0.0, ORACLE: 0.15, "popularity": 0.03, "item_knn": 0.05}
_OF_ARCHIVE = {CHANCE: 0.0, ORACLE: 0.9, "popularity": 0.05, WITHOUT: 0.15, FUSION: 0.17}


def ranking_metrics() -> Rows:
    """The table of scores."""
    rows = _metric_rows(_place("this_run", "temporal"), _TEMPORAL, _OF_RUN, users=120, half=0.012)
    drawn = _place("this_run", "temporal", users_set="llm")
    rows += _metric_rows(drawn, _TEMPORAL, _OF_RUN | {MODEL: 0.02}, users=10, half=0.06)
    for ties in ("random", "by_id"):
        rows += _metric_rows(_place("leave_last", "full", ties), _FULL, _OF_ARCHIVE, users=943, half=0.012)
    published = {"row_kind": PUBLISHED, "users_set": "all", "k": 10, "note": "of another archive"}
    rows += [
        published | {"ranker": name, "protocol": protocol, "metric": "ndcg", "value": value, "users": 610}
        for name, protocol, value in (
            ("published (inside)", "full", 0.185), ("published (above)", "full", 0.3), ("published (apart)", "report", 0.861),
        )
    ]  # fmt: skip
    return rows


def ranking_comparisons() -> Rows:
    """The fusion is better than all, but for the one without a part in recall."""
    rows = []
    for ties in ("random", "by_id"):
        for metric in ("ndcg", "recall"):
            pairs = [(FUSION, "popularity", 0.12), (FUSION, WITHOUT, 0.02), (WITHOUT, "popularity", 0.1)]
            for ranker, other, difference in pairs:
                close = other == WITHOUT and metric == "recall"
                half = 0.03 if close else 0.01
                rows.append(
                    {
                        **_place("leave_last", "full", ties),
                        **{
                            "metric": metric,
                            "k": 10,
                            "ranker": ranker,
                            "other": other,
                            "difference": difference,
                        },
                        **{"difference_low": difference - half, "difference_high": difference + half},
                        **{
                            "effect_size": difference * 2,
                            "p_corrected": 0.3 if close else 0.0001,
                            "smallest": half,
                        },
                        "verdict": "cannot be told apart" if close else "better",
                    }
                )
    return rows


def ranking_breakdowns() -> Rows:
    """The fusion by the time to the test and by the age of the films."""
    place = {"split": "leave_last", "protocol": "full", "ties": "random", "k": 10}
    groups = [
        ("gap", "at most one second", "ndcg", 0.2, 480), ("gap", "more than an hour", "ndcg", 0.09, 42),
        ("sex", "F", "ndcg", 0.18, 273), ("film age", "2 to 5 years", "recall", 0.15, 700),
    ]  # fmt: skip
    return [
        place
        | {"by": by, "group": group, "metric": metric, "ranker": ranker, "row_kind": kind, "users": users}
        | {"value": value * share, "low": value * share - 0.02, "high": value * share + 0.02}
        for by, group, metric, value, users in groups
        for ranker, kind, share in ((FUSION, SYSTEM, 1.0), (CHANCE, REFERENCE, 0.05))
    ]


def ranking_later_ratings() -> Rows:
    """Without others' later ratings the fusion is .02 lower."""
    names = {**_place("leave_last", "full"), "metric": "ndcg", "k": 10}
    figures = {
        "value": 0.18,
        "past_value": 0.16,
        "difference": -0.02,
        "difference_low": -0.03,
        "difference_high": -0.01,
    }
    own = names | {"ranker": FUSION, "row_kind": SYSTEM, **figures, "p_corrected": 0.001, "users": 940}
    nothing = dict.fromkeys(("difference", "difference_low", "difference_high"), 0.0)
    chance = own | {"ranker": CHANCE, "row_kind": REFERENCE, "value": 0.01, "past_value": 0.01, **nothing}
    return [own, chance | {"p_corrected": 1.0}]


def ranking_unranked() -> Rows:
    """The language model waits for one of ten users."""
    return [
        {"split": "this_run", "ranker": MODEL, "asked": 10, "unranked": 1, "later": 1},
        {"split": "this_run", "ranker": "popularity", "asked": 120, "unranked": 0, "later": 0},
    ]


def ranking_diagnosis() -> Rows:
    """A language model that was shown two shuffled orders, and one that was asked film by film."""
    place = {"split": "this_run", "protocol": "temporal", "users": 10, "ndcg": 0.872, "smallest": 0.05}
    answers = {
        "unreadable_before": 0.2,
        "unreadable_after": 0.0,
        "prompt_tokens": 900.0,
        "completion_tokens": 40.0,
    }
    lists = {
        "orders": 2,
        "spread": 0.012,
        "user_spread": 0.06,
        "echo": 0.4,
        "echo_low": 0.3,
        "echo_high": 0.5,
    }
    lists |= {"first_less_last": 0.3, "first_less_last_low": 0.1, "first_less_last_high": 0.5}
    one_by_one = {"orders": 0, "spread": 0.0, "user_spread": 0.0}
    both = place | answers | {"popularity": 0.2, "seconds": 83.0, "usd": 0.0, "memory_year": 0.7}
    return [both | lists | {"ranker": MODEL}, both | one_by_one | {"ranker": f"{MODEL}/yes_no"}]


def ranking_by_place() -> Rows:
    """Films shown first are put higher."""
    place = {"split": "this_run", "protocol": "temporal", "ranker": MODEL, "films": "all"}
    return [
        place | {"place": number, "put": put, "low": put - 0.1, "high": put + 0.1}
        for number, put in ((1, 0.65), (2, 0.5), (3, 0.35))
    ]
