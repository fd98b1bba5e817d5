"""What to read first: the findings, each worded by its interval and not by its hopes."""

from __future__ import annotations

import pandas as pd

from trailerflow.outcomes import STATUSES
from trailerflow.reports.inputs import Inputs
from trailerflow.reports.sections.costs import ALL, money
from trailerflow.reports.sections.metrics import groups, of_kind
from trailerflow.reports.sections.recommendations import SETS
from trailerflow.reports.values import counted, estimate, is_missing, listed, score, text
from trailerflow.reports.view import Fact
from trailerflow.row_kinds import CONSTANT, FLOOR, LEAD, REFERENCE, SYSTEM

_FEW = 100
"""Movies below which a finding says how few they are."""


def findings(inputs: Inputs) -> tuple[str, ...]:
    """One sentence a stage, best first where there are several systems; none for a stage without figures."""
    return (
        _transcripts(inputs),
        *_summaries(inputs.summary_metrics),
        *_genres(inputs.genre_metrics),
        *_rankings(inputs),
    )


def facts(inputs: Inputs) -> tuple[Fact, ...]:
    """The figures of the head."""
    written = inputs.summaries[inputs.summaries["status"] == "ok"]
    requests = sum(row["requests"] for about in inputs.abouts for row in about["usage"])
    paid = inputs.costs.loc[inputs.costs["stage"] == ALL, "usd"]
    return (
        Fact(f"{len(inputs.movies):,}", "movies"),
        Fact(f"{(inputs.transcripts['status'] == 'ok').sum():,}", "transcripts"),
        Fact(f"{len(written):,}", "summaries"),
        Fact(f"{inputs.llm_rankings['user'].nunique():,}", "users ranked for by an LLM"),
        *((Fact(f"{requests:,.0f}", "LLM requests"),) if requests else ()),
        *((Fact(money(paid.iloc[-1]), "for their answers"),) if len(paid) and paid.iloc[-1] else ()),
    )


def compared(low: float, high: float, below: float, above: float) -> str:
    """How an interval lies to the range of what it is compared with.

    Args:
        low: Lower bound of the system's interval, NaN where it has none.
        high: Upper bound.
        below: Lower bound of the reference; equal to ``above`` where the reference is a single figure.
        above: Upper bound of the reference.

    >>> compared(0.5, 0.7, 0.4, 0.4), compared(0.3, 0.7, 0.4, 0.4)
    ('lies above', 'cannot be told from')
    """
    if is_missing(low) or is_missing(high):
        return "has no interval to be compared with"
    if low > above:
        return "lies above"
    return "lies below" if high < below else "cannot be told from"


def _transcripts(inputs: Inputs) -> str:
    statuses = inputs.transcripts["status"].value_counts()
    total = len(inputs.movies)
    found = int(statuses.get("ok", 0))
    others = [f"{statuses[name]} {name}" for name in STATUSES if name != "ok" and name in statuses]
    verb = "has" if found == 1 else "have"
    return "; ".join([f"{found:,} of {counted(total, 'movie')} {verb} a transcript", *others]) + "."


def _summaries(metrics: pd.DataFrame) -> list[str]:
    f1 = metrics[(metrics["metric"] == "rougeL") & (metrics["statistic"] == "f1")]
    references = of_kind(f1, REFERENCE)
    floors, leads = (references[references["system"] == name] for name in (FLOOR, LEAD))
    sentences = []
    for (system, prompt), group in groups(pd.concat([of_kind(f1, SYSTEM), leads]), ("system", "prompt")):
        row = group.iloc[0]
        own = f"{system} ({prompt or 'no summary'}): ROUGE-L F1 {estimate(row['value'], row['low'], row['high'])}"
        floor = floors[floors["prompt"].map(text) == prompt]
        sentences.append(own + _against(row, floor, ("value", "low", "high"), "the mismatch floor"))
    return sentences


def _genres(metrics: pd.DataFrame) -> list[str]:
    micro = metrics[metrics["label"] == "micro"]
    references = of_kind(micro, REFERENCE)
    constants = references[references["system"].str.startswith(CONSTANT, na=False)]
    sentences = []
    for (system, part), group in groups(of_kind(micro, SYSTEM), ("system", "part")):
        row = group.iloc[0]
        own = f"{system} ({part}): micro-F1 {estimate(row['f1'], row['f1_low'], row['f1_high'])}"
        if row["movies"] < _FEW:
            own += f", on only {counted(int(row['movies']), 'movie')}"
        constant = constants[constants["part"].map(text) == part]  # it saw the same movies
        columns = ("f1", "f1_low", "f1_high")
        sentences.append(own + _against(row, constant, columns, "giving every movie the same genres"))
    return sentences


def _rankings(inputs: Inputs) -> list[str]:
    metrics = inputs.ranking_metrics
    ndcg = metrics[metrics["metric"] == "ndcg"]
    if ndcg.empty:
        return []
    ndcg = ndcg[ndcg["k"] == ndcg["k"].max()]
    llms = set(inputs.llm_rankings["ranker"])
    sentences = []
    for (ranker, users_set), group in groups(
        of_kind(ndcg[ndcg["ranker"].isin(llms)], SYSTEM), ("ranker", "users_set")
    ):
        row = group.iloc[0]
        same = ndcg[ndcg["users_set"].map(text) == users_set]
        low, high = row["difference_low"], row["difference_high"]
        sentences.append(
            f"{ranker}: NDCG@{int(row['k'])} {estimate(row['value'], row['low'], row['high'])} for "
            f"{SETS.get(users_set, users_set)}; less chance {estimate(row['difference'], low, high)}, so it "
            f"{compared(low, high, 0, 0)} chance.{_better(same, row)}"
        )
    return sentences


def _better(same: pd.DataFrame, row: pd.Series) -> str:
    """Which other rankers scored higher for the same users."""
    others = of_kind(same, SYSTEM)
    others = others[(others["ranker"] != row["ranker"]) & (others["value"] > row["value"])]
    named = [f"{name} {score(value)}" for name, value in zip(others["ranker"], others["value"], strict=True)]
    return f" Higher for the same users: {listed(named)}." if named else ""


def _against(row: pd.Series, references: pd.DataFrame, columns: tuple[str, str, str], name: str) -> str:
    """The rest of a finding: how a row's interval lies to that of the first reference.

    Args:
        row: The system's figures.
        references: Rows to compare with; with none, nothing is said.
        columns: Names of the figure's and the bounds' columns.
        name: What the reference is, for the sentence.
    """
    if references.empty:
        return "."
    figure, *bounds = (references.iloc[0][column] for column in columns)
    below, above = (figure if is_missing(bound) else bound for bound in bounds)
    relation = compared(row[columns[1]], row[columns[2]], below, above)
    return f", which {relation} {name}, {estimate(figure, *bounds)}."
