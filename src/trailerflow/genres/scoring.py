"""The table of scores: every system's genres against the catalogue's, beside a constant, chance and an oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.contenders import Contender, contenders
from trailerflow.genres.drawn import Figure, figures
from trailerflow.genres.judged import Judged
from trailerflow.genres.metrics import METRICS
from trailerflow.genres.metrics.contract import AVERAGES, DECISIONS, FEWEST_POSITIVES, MACRO, MICRO
from trailerflow.published import published_rows

_OF_METRICS = {
    column: float
    for metric in METRICS
    for column in (metric.name, *((f"{metric.name}_low", f"{metric.name}_high") if metric.bounded else ()))
}

COLUMN_TYPES = {
    "system": str,
    "row_kind": str,
    "family": str,
    "arm": str,
    "seed": "Int64",
    "seeds": "Int64",
    "operating_point": str,
    "part": str,
    "label": str,
    **_OF_METRICS,
    "positives": "Int64",
    "predicted": float,
    "movies": "Int64",
    "left_out": "Int64",
    "note": str,
}
"""One row a system, arm, seed, operating point, part and label (an average or a genre). ``seeds`` is the number of seeds
that the figures are the mean of: a system with several has a row for each, and one for all, without a seed."""

NOTES = (
    (
        "Intervals are 95 % bootstrap intervals over films, centred on the figure; the ids of one film are drawn together."
    ),
    f"A genre with fewer than {FEWEST_POSITIVES} positives in a part shows a count, not a score.",
    (
        "Micro pools the decisions on all 18 genres, sample is the mean over films. Macro F1 is the mean over the genres "
        f"with at least {FEWEST_POSITIVES} positives in that part, macro average precision over those with any; a "
        "published macro is over all genres of its data."
    ),
    (
        "A system that gives probabilities stands there at two operating points: with one threshold for all "
        "genres, and with one for each. Either was chosen without the films that it is scored on."
    ),
    (
        "Average precision, ranking loss and coverage error need no threshold: they go by the probabilities, or by "
        "the scores of a system that gives none. Average precision within folds is the mean of each fold's."
    ),
    (
        "The constant, chance and oracle rows are of the films of that part that at least one system "
        "predicted. Chance names each genre as often as the films have it, whatever the film: "
        "its scores are those of the expected counts. The constant ranks the genres by how frequent they are."
    ),
)


def score(
    judged: Sequence[Judged], seed: int, published: Sequence[Mapping[str, object]] = ()
) -> pd.DataFrame:
    """Score every system in every part that it predicts.

    Args:
        judged: From `trailerflow.genres.judged.judge`.
        seed: Seed of the draws of films.
        published: Rows of published figures, by the names of these columns (`published_scores`).

    Returns:
        See `COLUMN_TYPES`: the systems, the rows to compare with, part by part, and the published ones.
    """
    rows: list[Mapping[str, object]] = []
    for one in contenders(judged):
        alone = [Contender((run,)) for run in one.runs]
        for each in (*alone, *((one,) if len(alone) > 1 else ())):
            rows += _of_system(each, seed)
    table = pd.DataFrame([*rows, *published], columns=list(COLUMN_TYPES))
    empty = dict.fromkeys(("family", "arm", "operating_point", "note"), "")
    return table.fillna(empty).astype(COLUMN_TYPES)


def published_scores(path: Path) -> list[dict[str, object]]:
    """Published figures of predicted genres as rows of the table of scores.

    Raises:
        TrailerflowError: The table of published figures is missing or damaged.
    """
    rows = published_rows(path, "genres", {"cases": "movies"})
    return [{**row, str(row["metric"]): row["value"]} for row in rows]


def _of_system(one: Contender, seed: int) -> list[dict[str, object]]:
    """The rows of a system at each of its operating points."""
    first = one.runs[0]
    of_scores = figures(one.runs, "", [metric for metric in METRICS if metric.reads != DECISIONS], seed)
    rows = []
    for point in first.decisions:
        own = figures(one.runs, point, [metric for metric in METRICS if metric.reads == DECISIONS], seed)
        rows += [_row(one, point, label, own | of_scores) for label in (*AVERAGES, *GENRES)]
    return rows


def _row(
    one: Contender, point: str, label: str, found: Mapping[tuple[str, str], Figure]
) -> dict[str, object]:
    first = one.runs[0]
    several = len(one.runs) > 1
    row: dict[str, object] = {
        **first.names,
        "seed": pd.NA if several else first.names["seed"],
        "seeds": len(one.runs),
        "row_kind": first.row_kind,
        "operating_point": point,
        "label": label,
        "movies": len(first.movies),
        "left_out": first.left_out,
        "note": _note(first, label),
    }
    columns = slice(None) if label in AVERAGES else slice(GENRES.index(label), GENRES.index(label) + 1)
    row["positives"] = int(first.truth[:, columns].sum())
    row["predicted"] = sum(float(run.decisions[point][:, columns].sum()) for run in one.runs) / len(one.runs)
    for metric in METRICS:
        if (figure := found.get((metric.name, label))) is not None:
            row[metric.name] = figure.value
            if metric.bounded:
                row[f"{metric.name}_low"], row[f"{metric.name}_high"] = figure.interval
    return row


def _note(one: Judged, label: str) -> str:
    """What a reader of a row should know."""
    positives = one.truth.sum(axis=0)
    if label == MICRO and one.left_out:
        return f"left out, because they have no prediction: {one.left_out}"
    if label == MACRO:
        genres = int((positives >= FEWEST_POSITIVES).sum())
        if not genres:
            return f"no macro F1, since no genre has {FEWEST_POSITIVES} positives or more"
        if genres < len(GENRES):
            return f"macro F1 over the {genres} genre{'s' * (genres > 1)} with {FEWEST_POSITIVES} positives or more"
    if label in GENRES and (count := int(positives[GENRES.index(label)])) < FEWEST_POSITIVES:
        return f"{count} {'positive' if count == 1 else 'positives'}: too few for a score"
    return ""
