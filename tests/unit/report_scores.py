"""Tables of scores, made by hand, for the tests of the report: one model, two prompts, company for every figure."""

from __future__ import annotations

from typing import Any

from trailerflow.row_kinds import (
    FLOOR,
    LEAD,
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
                            "metric": metric,
                            "statistic": statistic,
                            "value": value,
                        }
                        | {"low": value - 0.03, "high": value + 0.03, "movies": 10}
                        | {"empty": 0 if system == MODEL else None, "scorer": scorer}
                    )
    for system, kind, value in ((MODEL, SYSTEM, 0.64), (FLOOR, REFERENCE, 0.55)):
        own = {"system": system, "row_kind": kind, "prompt": "zero_shot"}
        bounds = {"low": value - 0.03, "high": value + 0.03, "movies": 10}
        own |= {"metric": "faithfulness", "statistic": "precision", "scorer": "all-minilm-l6-v2, windows"}
        rows.append(own | bounds | {"value": value})
    published = {
        "system": "published (student report, Llama-3.1-8B)",
        "row_kind": PUBLISHED,
        "prompt": "zero_shot",
        "statistic": "f1",
    }
    values = {"rouge1": 0.277, "rouge2": 0.04, "rougeL": 0.159, "bertscore": 0.578}
    rows += [
        published | {"metric": metric, "value": value, "movies": 1633, "scorer": "deberta-xlarge-mnli"}
        for metric, value in values.items()
    ]
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
    names = {"names": "Ann Lee; Tom Hanks", "invented_names": "Jack; Sarah Connor"}
    return row | (names if prompt == "zero_shot" else dict.fromkeys(names))
