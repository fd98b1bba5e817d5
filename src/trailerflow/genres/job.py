"""One job a system: what it reads is gathered, it learns and predicts, thresholds decide, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trailerflow.film_texts import TITLE
from trailerflow.genre_names import GENRES
from trailerflow.genres.decisions import OperatingPoints, decide
from trailerflow.genres.films import NO_EXTRA, NO_FILMS, ExtraFilms, Films, Floats, Reads, together
from trailerflow.genres.others import predicted_films, scores_for_asking
from trailerflow.genres.out_of_fold import Corpus, Folds, folds_needed, plan_fits, run_fits
from trailerflow.genres.places import TEST_TEXT, UNLABELLED_TEXT, VALIDATION_TEXT, folds_of
from trailerflow.genres.predictions import (
    CROSS_VALIDATION,
    HELD_OUT,
    Place,
    Tables,
    in_order,
    tables_of,
)
from trailerflow.genres.split import NO_FOLD
from trailerflow.genres.systems.contract import Prediction, System, checked
from trailerflow.kept_parts import KeptParts
from trailerflow.movies.masking import masked


@dataclass(frozen=True)
class Gathered:
    """What there is to read of the films of a run.

    Attributes:
        films: Those that have all that a system reads, with their genres where they are known.
        unread: The others: movie, status and reason, of the first text that they lack.
        others: Predictions of other systems, by name.
    """

    films: Films
    unread: pd.DataFrame
    others: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Learnt:
    """What a job of a system that learns gives.

    Attributes:
        tables: Its predictions and what became of every film.
        system: Fitted on all folds; None where there was too little to learn from.
        points: Its operating points for new films; None where it decides by itself.
        notes: Sentences for the reader.
    """

    tables: Tables
    system: System | None
    points: OperatingPoints | None
    notes: tuple[str, ...] = ()


def gather(
    movies: pd.DataFrame,
    texts: Mapping[str, pd.DataFrame],
    reads: Reads,
    vectors: Mapping[str, Mapping[str, Floats]] | None = None,
    others: Mapping[str, pd.DataFrame] | None = None,
) -> Gathered:
    """Put together what a system reads of every film; where it does not read the title, texts are masked.

    Args:
        movies: movie, title, and one bool column per genre where they are known.
        texts: Name of a text to movie, status, reason and text, one row per movie (`trailerflow.genres.texts.text_table`).
        reads: What the system reads.
        vectors: Name of a kind of vector to each movie's vector.
        others: Predictions of other systems, by name.

    Raises:
        TrailerflowError: There are no predictions of a system that is read.
    """
    known = movies.reset_index(drop=True)
    ids = known["movie"].astype(str)
    status = pd.Series("ok", index=known.index, dtype=object)
    reason = pd.Series(None, index=known.index, dtype=object)
    columns: dict[str, Sequence[str]] = {}
    for name in reads.texts:
        if name == TITLE:
            columns[name] = list(known["title"])
            continue
        table = texts[name].set_index("movie").loc[list(ids)].reset_index(drop=True)
        lacks = (status == "ok") & (table["status"] != "ok")
        status[lacks], reason[lacks] = table.loc[lacks, "status"], table.loc[lacks, "reason"]
        columns[name] = list(table["text"])
        if TITLE not in reads.texts:
            pairs = zip(table["text"], known["title"], strict=True)
            columns[name] = [masked(text, title) if isinstance(text, str) else text for text, title in pairs]
    for name in reads.vectors:
        lacks = (status == "ok") & ~ids.isin((vectors or {})[name].keys())
        status[lacks], reason[lacks] = "absent", f"there is no {name} vector of it"
    for name in reads.predictions:
        lacks = (status == "ok") & ~ids.isin(predicted_films(name, others or {}))
        status[lacks], reason[lacks] = "absent", f"{name} has no prediction of it"
    ok = (status == "ok").to_numpy()
    films = Films(
        movies=list(ids),
        texts=columns,
        genres=known[list(GENRES)].to_numpy(dtype=bool) if set(GENRES) <= set(known.columns) else None,
    ).at(ok)
    found = {
        name: np.array([(vectors or {})[name][movie] for movie in films.movies], dtype=float)
        for name in reads.vectors
    }
    films = Films(films.movies, films.texts, films.genres, vectors=found)
    lacking = pd.DataFrame({"movie": ids, "status": status, "reason": reason})[~ok]
    return Gathered(films, lacking.reset_index(drop=True), others or {})


def ask(system: System, gathered: Gathered, movies: Sequence[str], part: str) -> Tables:
    """Predict every film by a system that is ready to: it learns from none, or was saved.

    Args:
        system: Who predicts.
        gathered: What there is to read.
        movies: Ids of all films, in the order of the tables.
        part: What the predictions are of.
    """
    films = gathered.films.without_genres()
    read = {name: scores_for_asking(name, gathered.others, films.movies) for name in system.reads.predictions}
    films = replace(films, predictions=read)
    said = checked(system.predict(films), len(films), system.name)
    place = Place(part)
    parts = [tables_of(system, films.movies, said, place), _unread(system, gathered.unread, place)]
    return in_order(Tables.together(parts), movies)


def learn(
    make: Callable[[int], System],
    gathered: Gathered,
    split: pd.DataFrame,
    *,
    seeds: Sequence[int],
    kept: KeptParts | None,
    rule: str,
    inner: bool = False,
    extra: ExtraFilms = NO_EXTRA,
    unlabelled: Films = NO_FILMS,
    more: Films = NO_FILMS,
) -> Learnt:
    """Cross-validate a system on the folds, fit it on all of them, predict what is kept for a test.

    No film is predicted by a fit that was trained on it, or has a part in choosing its own thresholds. Where no film lies in
    a fold, the system learns from the extra texts alone.

    Args:
        make: Makes a fresh system from a seed.
        gathered: What there is to read.
        split: movie, fold and held_out, of every film of the run; films in neither are not used.
        seeds: Seeds of the systems.
        kept: Where finished fits are kept until the job is done; None keeps none.
        rule: Name of the rule, for the progress.
        inner: Whether inner folds are predicted too, for systems that learn from these predictions.
        extra: Texts of no film of the run, with genres and weights.
        unlabelled: Texts that every fit predicts, for a system that learns from these predictions, or that this system
            learns from by the predictions of another.
        more: Further texts of films of the run, with genres and sources, which may teach what is known of their films: the
            fits on the folds that their films lie in.

    Returns:
        Tables, system and operating points; no predictions where there is too little to learn from.
    """
    placed = split.set_index("movie").loc[list(gathered.films.movies)]
    used = (placed["held_out"] | (placed["fold"] >= 0)).to_numpy(dtype=bool)
    fold_of = dict(zip(split["movie"], split["fold"], strict=True))
    system = make(seeds[0])
    corpus = _corpus(gathered.films.at(used), placed["fold"].to_numpy()[used], extra, unlabelled)
    corpus = replace(
        corpus,
        others=gathered.others,
        more=more,
        more_fold=np.array([fold_of.get(movie, NO_FOLD) for movie in more.movies], dtype=int),
    )
    lacking = [_unread(system, rows, place) for rows, place in _places(gathered.unread, split)]
    needed = folds_needed(inner=inner, validation=system.reads.validation)
    if len(corpus.folds) < needed and (corpus.folds or not (extra.train and extra.validation)):
        note = (
            f"{system.name} was not trained: films with all that it reads lie in {len(corpus.folds)} folds, "
            f"and {needed} are needed, or extra texts and no folds."
        )
        return Learnt(Tables.together(lacking), None, None, (note,))
    fits = plan_fits(corpus.fold, seeds=seeds, inner=inner, validation=system.reads.validation)
    tables, system = run_fits(make, corpus, fits, kept=kept, rule=rule)
    truth = pd.DataFrame(corpus.films.labels, columns=list(GENRES)).assign(movie=list(corpus.films.movies))
    predictions, points = decide(tables.predictions, truth)
    whole = Tables.together([Tables(predictions, tables.films), *lacking])
    return Learnt(in_order(whole, list(split["movie"])), system, points)


def _corpus(films: Films, fold: Folds, extra: ExtraFilms, unlabelled: Films) -> Corpus:
    """Films of the run and extra texts, each with its fold or its code."""
    hidden = replace(unlabelled, genres=np.zeros((len(unlabelled), len(GENRES)), dtype=bool))
    learnt_from, coded = extra.train, [(extra.test, TEST_TEXT), (hidden, UNLABELLED_TEXT)]
    if folds_of(fold):
        learnt_from = together([extra.train, extra.validation])
    else:
        coded.append((extra.validation, VALIDATION_TEXT))
    codes = [fold, *(np.full(len(texts), code) for texts, code in coded)]
    return Corpus(together([films, *(texts for texts, _ in coded)]), np.concatenate(codes), learnt_from)


def _unread(system: System, films: pd.DataFrame, place: Place) -> Tables:
    """The rows of films that lack what a system reads.

    Args:
        system: Who would have predicted.
        films: movie, status and reason.
        place: Where the rows belong.
    """
    nothing = np.full((len(films), len(GENRES)), np.nan)
    told = films[["status", "reason"]].reset_index(drop=True)
    return tables_of(system, list(films["movie"]), Prediction(nothing, films=told), place)


def _places(films: pd.DataFrame, split: pd.DataFrame) -> list[tuple[pd.DataFrame, Place]]:
    """Films that cannot be read, by where their predictions would belong; those outside the split belong nowhere."""
    placed = films.merge(split[["movie", "fold", "held_out"]], on="movie")
    parts = [
        (rows, Place(CROSS_VALIDATION, int(fold)))
        for fold, rows in placed[placed["fold"] >= 0].groupby("fold")
    ]
    return [*parts, (placed[placed["held_out"]], Place(HELD_OUT))]
