"""Every system's genres against the catalogue's, beside a constant, chance and an oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.decisions import DECISIONS
from trailerflow.genres.films import Flags, Floats
from trailerflow.genres.metrics import Counts, count
from trailerflow.genres.predictions import ALL, CROSS_VALIDATION, HELD_OUT, as_matrix
from trailerflow.genres.references import references
from trailerflow.row_kinds import GLOBAL, OWN, PER_GENRE, REFERENCE, SYSTEM, RowKind
from trailerflow.statistics import bootstrap_statistic

FEWEST_POSITIVES = 5
"""Positives that a genre needs for a score."""

COLUMN_TYPES = {
    "system": str,
    "row_kind": str,
    "family": str,
    "arm": str,
    "seed": "Int64",
    "operating_point": str,
    "part": str,
    "label": str,
    "precision": float,
    "recall": float,
    "f1": float,
    "f1_low": float,
    "f1_high": float,
    "positives": "Int64",
    "predicted": float,
    "movies": "Int64",
    "left_out": "Int64",
    "note": str,
}

NOTES = (
    "Intervals are 95 % bootstrap intervals over films; the ids of one film are drawn together.",
    f"A genre with fewer than {FEWEST_POSITIVES} positives in a part shows a count, not a score.",
    (
        "Micro pools the decisions on all 18 genres. Macro is the mean over the genres with at least "
        f"{FEWEST_POSITIVES} positives in that part; a published macro is over all 18."
    ),
    (
        "A system that gives probabilities stands there at two operating points: with one threshold for all "
        "genres, and with one for each. Either was chosen without the films that it is scored on."
    ),
    (
        "The constant, chance and oracle rows are of the films of that part that at least one system "
        "predicted. Chance names each genre as often as all films of this run have it, whatever the film: "
        "its scores are those of the expected counts."
    ),
)


@dataclass(frozen=True)
class _Scored:
    """What one system says of the films of one part, at one operating point.

    Attributes:
        names: system, family, arm, seed, operating_point and part, as in the table of scores.
        movies: Their ids, n of them.
        predicted: 0 or 1, or a probability, shape (n, 18).
        left_out: Films of that part without a prediction.
        note: What a reader of its averages should know.
        row_kind: Whether it is a system of this run, or there to be compared with.
    """

    names: Mapping[str, object]
    movies: list[str]
    predicted: Floats
    left_out: int | None = None
    note: str = ""
    row_kind: RowKind = SYSTEM


def score_genres(
    movies: pd.DataFrame,
    split: pd.DataFrame,
    predictions: Sequence[pd.DataFrame],
    *,
    seed: int,
    published: Sequence[dict[str, object]] = (),
) -> pd.DataFrame:
    """Make the classification report of every system in every part that it predicts.

    Args:
        movies: movie and one bool column per genre; films without any genre are not scored.
        split: movie, group and held_out.
        predictions: Each system's table (`trailerflow.genres.predictions.COLUMN_TYPES`). One that learnt from no film is
            scored on all films, and again on the held-out ones; the others on the parts of their out-of-fold loop.
        seed: Seed of the bootstrap.
        published: Rows of published figures, by the names of these columns.

    Returns:
        One row per system, arm, seed, operating point, part and label: "micro", "macro" and each genre (see
        `COLUMN_TYPES`). Then the rows to compare with, part by part, and the published ones.
    """
    table = movies[["movie", *GENRES]].merge(
        split[["movie", "group", "held_out"]], on="movie", validate="one_to_one"
    )
    table = table[table[list(GENRES)].any(axis=1)].set_index("movie")
    systems = [scored for one in predictions for scored in _of_system(one, table) if scored.movies]
    rows: list[dict[str, object]] = []
    for scored in [*systems, *_references(systems, table)]:
        truth = table.loc[scored.movies, list(GENRES)].to_numpy(dtype=bool)
        rows += _rows(scored, truth, table.loc[scored.movies, "group"].to_numpy(), seed)
    report = pd.DataFrame([*rows, *published], columns=list(COLUMN_TYPES))
    return report.fillna(dict.fromkeys(("family", "arm", "operating_point"), "")).astype(COLUMN_TYPES)


def _of_system(predictions: pd.DataFrame, table: pd.DataFrame) -> list[_Scored]:
    """Every arm, seed, part and operating point of one system; inner folds are there to learn from, not to be scored."""
    rows = predictions[predictions["part"].isin([ALL, CROSS_VALIDATION, HELD_OUT])]
    rows = rows[rows["movie"].isin(table.index)]
    held_out = set(table.index[table["held_out"]])
    found = []
    keys = ["system", "family", "arm", "seed", "part"]
    for values, own in rows.groupby(keys, sort=False, observed=True, dropna=False):
        names = dict(zip(keys, values, strict=True))
        found += _of_part(names, own)
        if names["part"] == ALL:
            found += _of_part(names | {"part": HELD_OUT}, own[own["movie"].isin(held_out)])
    return found


def _of_part(names: Mapping[str, object], rows: pd.DataFrame) -> list[_Scored]:
    answered = rows[rows["status"] == "ok"]
    missing = (len(rows) - len(answered)) // len(GENRES)
    learnt = answered["probability"].notna().any()
    note = f"left out, because they have no prediction: {missing}" if missing and not learnt else ""
    decisions = dict(zip((GLOBAL, PER_GENRE), DECISIONS, strict=True)) if learnt else {OWN: DECISIONS[1]}
    found = []
    for point, column in reversed(decisions.items()):
        flags = as_matrix(answered, column)
        found.append(
            _Scored(
                {**names, "operating_point": point},
                list(flags.index),
                flags.to_numpy(dtype=float),
                missing,
                note,
            )
        )
    return found


def _references(systems: list[_Scored], table: pd.DataFrame) -> list[_Scored]:
    """Constant, chance and oracle for the films of each part."""
    found = []
    for part in dict.fromkeys(scored.names["part"] for scored in systems):
        predicted = {movie for scored in systems if scored.names["part"] == part for movie in scored.movies}
        movies = [movie for movie in table.index if movie in predicted]
        found += [
            _Scored({"system": name, "part": part}, movies, said, row_kind=REFERENCE)
            for name, said in references(movies, table).items()
        ]
    return found


def _rows(
    scored: _Scored, truth: Flags, films: npt.NDArray[np.object_], seed: int
) -> list[dict[str, object]]:
    """Micro, macro and every genre of one system."""
    counts = count(truth, scored.predicted, films)
    total = counts.summed()
    enough = total.positives >= FEWEST_POSITIVES
    common = {
        **scored.names,
        "row_kind": scored.row_kind,
        "movies": len(scored.movies),
        "left_out": scored.left_out,
    }
    all_counts = {"positives": total.positives.sum(), "predicted": total.predicted.sum()}
    genres = int(enough.sum())
    said = (
        f"macro over the {genres} genre{'s' * (genres > 1)} with"
        if genres
        else "no macro, since no genre has"
    )
    averages: dict[str, tuple[tuple[float, float, float], Callable[[Counts], float], str]] = {
        "micro": (total.micro(), lambda drawn: drawn.micro()[2], scored.note),
        "macro": (
            total.macro(enough),
            lambda drawn: drawn.macro(enough)[2],
            f"{said} {FEWEST_POSITIVES} positives or more" if genres < len(GENRES) else "",
        ),
    }
    rows: list[dict[str, object]] = [
        common | {"label": label, "note": note} | all_counts | _figures(scores, counts, statistic, seed)
        for label, (scores, statistic, note) in averages.items()
    ]
    precision, recall, f1 = total.scores()
    for number, genre in enumerate(GENRES):
        positives = int(total.positives[number])
        row = common | {
            "label": genre,
            "positives": positives,
            "predicted": total.predicted[number],
            "note": "",
        }
        if enough[number]:
            scores = (float(precision[number]), float(recall[number]), float(f1[number]))
            row |= _figures(scores, counts.of_genre(number), lambda drawn: drawn.micro()[2], seed)
        else:
            row["note"] = f"{positives} {'positive' if positives == 1 else 'positives'}: too few for a score"
        rows.append(row)
    return rows


def _figures(
    scores: tuple[float, float, float], counts: Counts, statistic: Callable[[Counts], float], seed: int
) -> dict[str, object]:
    """Precision, recall and F1 with the F1's interval over films."""
    precision, recall, f1 = scores
    low, high = bootstrap_statistic(
        len(counts.hits), lambda index: statistic(counts.summed(index)), seed=seed
    )
    return {"precision": precision, "recall": recall, "f1": f1, "f1_low": low, "f1_high": high}
