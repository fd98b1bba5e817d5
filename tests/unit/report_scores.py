"""Tables of scores, made by hand, for the tests of the report: one model, two prompts, company for every figure."""

from __future__ import annotations

from typing import Any

from trailerflow.row_kinds import (
    BETTER,
    CHANCE,
    CONSTANT_SENTENCE,
    FLOOR,
    LEAD,
    NOT_TOLD_APART,
    PUBLISHED,
    REFERENCE,
    SYSTEM,
)

MODEL = "tiny-model-1.5b"
PROMPTS = ("zero_shot", "few_shot")


def summary_metrics() -> list[dict[str, Any]]:
    rows = []
    for system, lift in ((MODEL, 0.08), (LEAD, 0.04), (FLOOR, 0.0)):
        for prompt in {MODEL: PROMPTS, LEAD: ("",), FLOOR: (*PROMPTS, "")}[system]:
            for metric, base in (("rouge1", 0.2), ("rouge2", 0.012), ("rougeL", 0.122), ("bertscore", 0.55)):
                for shift, statistic in enumerate(("precision", "recall", "f1")):
                    value = base + lift + 0.01 * shift
                    scorer = "all-minilm-l6-v2" if metric == "bertscore" else "rouge-score, tokenizer unicode"
                    rows.append(
                        {
                            "system": system,
                            "row_kind": SYSTEM if system == MODEL else REFERENCE,
                            "prompt": prompt,
                            "length": "full",
                            "metric": metric,
                            "statistic": statistic,
                            "value": value,
                        }
                        | {"low": value - 0.03, "high": value + 0.03, "movies": 10}
                        | {"empty": 0 if system == MODEL else None, "scorer": scorer}
                    )
    for system, kind, value in ((MODEL, SYSTEM, 0.64), (FLOOR, REFERENCE, 0.55)):
        own = {"system": system, "row_kind": kind, "prompt": "zero_shot", "length": "full"}
        bounds = {"low": value - 0.03, "high": value + 0.03, "movies": 10}
        own |= {"metric": "faithfulness", "statistic": "precision", "scorer": "all-minilm-l6-v2, windows"}
        rows.append(own | bounds | {"value": value})
    for system, kind, prompt, metric, value in (
        (MODEL, SYSTEM, "zero_shot", "rougeL", 0.15),
        (MODEL, SYSTEM, "few_shot", "rougeL", 0.14),
        (CONSTANT_SENTENCE, REFERENCE, "", "rougeL", 0.14),
        (MODEL, SYSTEM, "zero_shot", "found", 0.55),
        (CHANCE, REFERENCE, "", "found", 0.05),
    ):
        own = {"system": system, "row_kind": kind, "prompt": prompt, "length": "equal", "metric": metric}
        own |= {"statistic": "share" if metric == "found" else "f1", "scorer": "as above"}
        rows.append(own | {"value": value, "low": value - 0.03, "high": value + 0.03, "movies": 10})
    published = {
        "system": "published (student report, Llama-3.1-8B)",
        "row_kind": PUBLISHED,
        "prompt": "zero_shot",
        "length": "full",
        "statistic": "f1",
    }
    values = {"rouge1": 0.277, "rouge2": 0.04, "rougeL": 0.159, "bertscore": 0.578}
    rows += [
        published | {"metric": metric, "value": value, "movies": 1633, "scorer": "deberta-xlarge-mnli"}
        for metric, value in values.items()
    ]
    return rows


def summary_comparisons() -> list[dict[str, Any]]:
    rows = []
    for prompt, other, other_prompt, difference, verdict in (
        ("zero_shot", FLOOR, "zero_shot", 0.03, BETTER),
        ("zero_shot", CONSTANT_SENTENCE, "", 0.01, NOT_TOLD_APART),
        ("few_shot", MODEL, "zero_shot", -0.01, NOT_TOLD_APART),
    ):
        own = {"length": "equal", "metric": "rougeL", "system": MODEL, "prompt": prompt, "other": other}
        bounds = {"difference_low": difference - 0.02, "difference_high": difference + 0.02, "movies": 10}
        own |= {"other_prompt": other_prompt, "difference": difference, "verdict": verdict}
        rows.append(own | bounds)
    return rows


def compliance(prompt: str) -> dict[str, Any]:
    shares = {
        "within": 0.8,
        "shorter": 0.2,
        "longer": 0.0,
        "cut": 0.1,
        "cast": 0.1,
        "invented_name": 0.2,
        "meta": 0.0,
    }
    row: dict[str, Any] = {"model": MODEL, "prompt": prompt, "movies": 11, "abstained": 1, "failed": 0}
    row["words_asked"] = 100
    for share, value in (shares | {"echo": 0.0, "copied": 0.3, "coverage": 0.62}).items():
        row |= {share: value, f"{share}_low": max(0.0, value - 0.1), f"{share}_high": value + 0.1}
    names = {
        "names": "Ann Lee; Tom Hanks",
        "invented_names": "Jack; Sarah Connor",
        "echoed_words": "tinsmith",
    }
    return row | (names if prompt == "zero_shot" else dict.fromkeys(names))


def support_worth() -> list[dict[str, Any]]:
    """What two measures are worth by one reader, and on other films' plots."""
    rows = []
    for measure, model, value in (("yes_no", MODEL, 0.82), ("coverage", None, 0.71)):
        for comparison, reader in (("supported, invented", "Ada"), ("own film's plot, another's", None)):
            own = {"measure": measure, "model": model, "comparison": comparison, "reader": reader}
            for figure, middle in (("auc", value), ("kappa", value - 0.4)):
                own |= {figure: middle, f"{figure}_low": middle - 0.1, f"{figure}_high": middle + 0.1}
            rows.append(own | {"claims": 113, "films": 14})
    return rows


def kept_claims() -> list[dict[str, Any]]:
    """What the check kept of the summaries of one way."""
    row: dict[str, Any] = {
        "model": MODEL,
        "prompt": "zero_shot",
        "measure": "yes_no",
        "movies": 10,
        "claims": 42,
        "kept_a_film": 2.1,
    }
    for share, value in (("kept", 0.5), ("invented_name", 0.1), ("nothing_left", 0.2)):
        row |= {share: value, f"{share}_low": value - 0.1, f"{share}_high": value + 0.1}
    return [row]
