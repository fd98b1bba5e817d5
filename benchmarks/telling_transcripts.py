"""How well rules find the transcripts that no plot can be told from, by readers' labels (benchmarks/labels/README.md).

    python benchmarks/telling_transcripts.py --transcripts TABLE --labels benchmarks/labels/transcripts*.csv

Each rule is a number of a transcript. Its AUC tells good transcripts from poor ones, and its share of the poor is that below
the value under which a tenth, or a twentieth, of the good lie. --summaries are tables of ``summary_systems.py ask``: then
it is also told what share of each kind a way abstained from, by the rule and by its filter. Intervals are 95 % bootstrap
intervals over transcripts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from summary_tables import prepared_transcript

from trailerflow.program import run
from trailerflow.statistics import bootstrap_interval, bootstrap_statistic
from trailerflow.summaries.support.worth import auc
from trailerflow.summaries.telling import LEAST, telling, why_not_asked
from trailerflow.tables import read_table
from trailerflow.text import compared_words, word_count

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LOST = (0.1, 0.05)
"""Shares of the good transcripts that may be lost."""


RULES: dict[str, Callable[[str], float]] = {
    "words": lambda text: float(word_count(text)),
    "different words": lambda text: float(len(set(compared_words(text)))),
    "who is spoken of, and words (the rule)": lambda text: telling(prepared_transcript(text)),
}


def poor_below(values: Floats, good: Flags, lost: float) -> float:
    """Share of the poor that lie below the value under which at most a share of the good lie."""
    threshold = np.sort(values[good])[int(lost * good.sum())]
    return float((values[~good] < threshold).mean())


def rule_lines(labels: pd.DataFrame, seed: int) -> list[str]:
    """A Markdown table, a rule a row.

    Args:
        labels: Columns transcript and good.
        seed: Seed of the bootstrap.
    """
    good = labels["good"].to_numpy()
    heads = [f"poor found, {share:.0%} of the good lost" for share in LOST]
    lines = [f"| rule | AUC | {' | '.join(heads)} |", "|---" * (2 + len(LOST)) + "|"]
    for name, rule in RULES.items():
        values = np.array([rule(text) for text in labels["transcript"]])

        def figure(of: Callable[[Floats, Flags], float], values: Floats = values) -> str:
            low, high = bootstrap_statistic(
                len(good), lambda drawn: of(values[drawn], good[drawn]), seed=seed
            )
            return f"{of(values, good):.2f} [{low:.2f}, {high:.2f}]"

        found = [figure(lambda v, g, share=share: poor_below(v, g, share)) for share in LOST]  # type: ignore[misc]
        lines.append(f"| {name} | {figure(auc)} | {' | '.join(found)} |")
    return lines


def abstained_lines(labels: pd.DataFrame, abstained: Flags, seed: int) -> list[str]:
    """A Markdown table of the share abstained from: of good and poor transcripts, the short ones apart.

    Args:
        labels: Columns good and short.
        abstained: Of each transcript, whether no summary is given.
        seed: Seed of the bootstrap.
    """
    lines = ["| transcripts | labelled | abstained from |", "|---|---|---|"]
    groups = {
        "poor": ~labels["good"],
        "poor and short": ~labels["good"] & labels["short"],
        "poor, not short": ~labels["good"] & ~labels["short"],
        "good": labels["good"],
    }
    for name, group in groups.items():
        own = abstained[group.to_numpy()]
        low, high = bootstrap_interval(own.astype(float), seed=seed)
        lines.append(f"| {name} | {len(own)} | {own.mean():.2f} [{low:.2f}, {high:.2f}] |")
    return lines


def main() -> None:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--transcripts", type=Path, required=True, help="item_id, transcript")
    parser.add_argument(
        "--labels", type=Path, nargs="+", required=True, help="tables of item_id, telling and short"
    )
    parser.add_argument("--summaries", type=Path, nargs="*", default=[], help="tables of movie and status")
    parser.add_argument("--seed", type=int, default=0, help="seed of the bootstrap")
    arguments = parser.parse_args()
    labels = pd.concat([pd.read_csv(path) for path in arguments.labels]).merge(
        read_table(arguments.transcripts)[["item_id", "transcript"]], on="item_id", validate="one_to_one"
    )
    labels["transcript"] = labels["transcript"].fillna("")
    labels["good"] = labels["telling"] == "good"
    print("\n".join(rule_lines(labels, arguments.seed)))
    by_rule = np.array(
        [why_not_asked(prepared_transcript(text)) is not None for text in labels["transcript"]]
    )
    print(f"\nThe rule alone, least {LEAST}:", *abstained_lines(labels, by_rule, arguments.seed), sep="\n")
    for path in arguments.summaries:
        summaries = read_table(path).set_index("movie")["status"]
        asked = labels["item_id"].astype(str).isin(summaries.index)
        known, status = labels[asked], summaries[labels.loc[asked, "item_id"].astype(str)]
        print(
            f"\n{path.stem}, rule and filter:",
            *abstained_lines(known, (status == "absent").to_numpy(), arguments.seed),
            sep="\n",
        )


if __name__ == "__main__":
    run(main)
