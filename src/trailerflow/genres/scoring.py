"""Every system's genres against the catalogue's, beside a constant, chance and an oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.metrics import Counts, count
from trailerflow.row_kinds import CHANCE, CONSTANT, ORACLE, REFERENCE, SYSTEM, RowKind
from trailerflow.statistics import bootstrap_statistic

ALL = "all"
HELD_OUT = "held-out"

FEWEST_POSITIVES = 5
"""Positives that a genre needs for a score."""

CONSTANT_GENRES = ("Drama", "Comedy")
"""The two most frequent genres of MovieLens-100K, said of every film."""

COLUMN_TYPES = {
    "system": str,
    "row_kind": str,
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
        "The constant, chance and oracle rows are of the films of that part that at least one system "
        "predicted. Chance names each genre as often as all films of this run have it, whatever the film: "
        "its scores are those of the expected counts."
    ),
)

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Prediction:
    """What one system says of the films of one part.

    Attributes:
        system: Its name.
        part: Which films.
        movies: Their ids, n of them.
        predicted: 0 or 1, or a probability, shape (n, 18).
        note: What a reader of its averages should know.
        row_kind: Whether it is a system of this run, or there to be compared with.
    """

    system: str
    part: str
    movies: list[str]
    predicted: Floats
    note: str = ""
    row_kind: RowKind = SYSTEM


def score_genres(
    movies: pd.DataFrame,
    split: pd.DataFrame,
    llm: Mapping[str, pd.DataFrame],
    encoder: pd.DataFrame,
    *,
    encoder_name: str,
    seed: int,
    published: Sequence[dict[str, object]] = (),
) -> pd.DataFrame:
    """Make the classification report of every system in every part that it predicts.

    Args:
        movies: movie and one bool column per genre; films without any genre are not scored.
        split: movie, group and held_out.
        llm: For each language model movie, status and genres; scored on all films, and again on the held-out
            ones.
        encoder: movie, part and ``predicted_<genre>``; scored on each part.
        encoder_name: Name of the encoder.
        seed: Seed of the bootstrap.
        published: Rows of published figures, by the names of these columns.

    Returns:
        One row per system, part and label: "micro", "macro" and each genre (see `COLUMN_TYPES`). Then the
        rows to compare with, part by part, and the published ones.
    """
    table = movies[["movie", *GENRES]].merge(
        split[["movie", "group", "held_out"]], on="movie", validate="one_to_one"
    )
    table = table[table[list(GENRES)].any(axis=1)].set_index("movie")
    held_out = set(table.index[table["held_out"]])
    systems: list[_Prediction] = []
    for name, predictions in llm.items():
        systems += _of_llm(name, predictions, list(table.index), held_out)
    systems += _of_encoder(encoder_name, encoder, set(table.index))
    systems = [system for system in systems if system.movies]
    rows: list[dict[str, object]] = []
    for system in [*systems, *_references(systems, table)]:
        truth = table.loc[system.movies, list(GENRES)].to_numpy(dtype=bool)
        rows += _rows(system, truth, table.loc[system.movies, "group"].to_numpy(), seed)
    return pd.DataFrame([*rows, *published], columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _of_llm(name: str, predictions: pd.DataFrame, scored: list[str], held_out: set[str]) -> list[_Prediction]:
    answered = predictions.loc[predictions["status"] == "ok"].set_index("movie")["genres"]
    found = []
    for part, films in ((ALL, scored), (HELD_OUT, [movie for movie in scored if movie in held_out])):
        movies = [movie for movie in films if movie in answered.index]
        flags = [[genre in set(answered[movie]) for genre in GENRES] for movie in movies]
        missing = len(films) - len(movies)
        note = f"left out, because they have no prediction: {missing}" if missing else ""
        found.append(_Prediction(name, part, movies, np.array(flags, dtype=float), note))
    return found


def _of_encoder(name: str, predictions: pd.DataFrame, scored: set[str]) -> list[_Prediction]:
    mine = predictions[predictions["movie"].isin(scored)]
    columns = [f"predicted_{genre}" for genre in GENRES]
    return [
        _Prediction(name, str(part), list(rows["movie"]), rows[columns].to_numpy(dtype=float))
        for part, rows in mine.groupby("part", sort=False)
    ]


def _references(systems: list[_Prediction], table: pd.DataFrame) -> list[_Prediction]:
    """Constant, chance and oracle for the films of each part."""
    constant = np.array([float(genre in CONSTANT_GENRES) for genre in GENRES])
    frequency = table[list(GENRES)].to_numpy(dtype=float).mean(axis=0)
    found = []
    for part in dict.fromkeys(system.part for system in systems):
        predicted = {movie for system in systems if system.part == part for movie in system.movies}
        movies = [movie for movie in table.index if movie in predicted]
        truth = table.loc[movies, list(GENRES)].to_numpy(dtype=float)
        found += [
            _Prediction(name, part, movies, predicted_of_all, row_kind=REFERENCE)
            for name, predicted_of_all in (
                (f"{CONSTANT} ({', '.join(CONSTANT_GENRES)})", np.tile(constant, (len(movies), 1))),
                (CHANCE, np.tile(frequency, (len(movies), 1))),
                (ORACLE, truth),
            )
        ]
    return found


def _rows(
    system: _Prediction, truth: Flags, films: npt.NDArray[np.object_], seed: int
) -> list[dict[str, object]]:
    """Micro, macro and every genre of one system."""
    counts = count(truth, system.predicted, films)
    total = counts.summed()
    enough = total.positives >= FEWEST_POSITIVES
    common = {
        "system": system.system,
        "row_kind": system.row_kind,
        "part": system.part,
        "movies": len(system.movies),
    }
    all_counts = {"positives": total.positives.sum(), "predicted": total.predicted.sum()}
    genres = int(enough.sum())
    said = (
        f"macro over the {genres} genre{'s' * (genres > 1)} with"
        if genres
        else "no macro, since no genre has"
    )
    averages: dict[str, tuple[tuple[float, float, float], Callable[[Counts], float], str]] = {
        "micro": (total.micro(), lambda drawn: drawn.micro()[2], system.note),
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
