"""One ranker on one split: all parts and protocols in one process, finished parts kept through a kill.

Importing LensKit takes 3.7 s of CPU, so a job for each seed, fold and block would be hours of imports.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from trailerflow.kept_parts import KeptParts
from trailerflow.progress import Progress
from trailerflow.recommendations.pools import FILM, ReadFilms, at_part
from trailerflow.recommendations.protocols.contract import CATALOGUE, DRAWN, LISTED, Asked
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import FoldsIn, Ranker, Side
from trailerflow.recommendations.ranking_rows import COLUMN_TYPES, ranking_rows
from trailerflow.recommendations.split_tables import Key, SplitTables
from trailerflow.recommendations.splits.contract import TEST, Part


def rank_films(
    ranker: Ranker,
    tables: SplitTables,
    side: Side,
    *,
    kept: KeptParts | None = None,
    pool: ReadFilms | None = None,
    scores: ReadFilms | None = None,
    test_alone: bool = False,
) -> pd.DataFrame:
    """Fit a ranker on every part of a split and let it rank what each protocol asks.

    Args:
        ranker: The ranker.
        tables: The split.
        side: The tables that the ranker needs beside it.
        kept: Where finished parts are kept; the caller removes them once the table is written. None keeps none.
        pool: What is to be ranked in place of a catalogue: the second pass, see `trailerflow.recommendations.pools`.
        scores: What the rankers say that this one reads; their films are its pool.
        test_alone: Whether it is asked about the test alone, and not about the blocks before it.

    Returns:
        See `trailerflow.recommendations.ranking_rows.COLUMN_TYPES`, and the further columns of the ranker.
    """
    if scores is not None:
        scores = pool = lru_cache(maxsize=1)(scores)  # the parts of a fold and seed come one after another
    elif pool is not None:
        pool = lru_cache(maxsize=1)(pool)
    kept = kept if ranker.keeps_parts else None
    frames = []
    asked = [key for key in tables.keys if key.part == TEST or not test_alone]
    progress = Progress("rank_films", len(asked), "parts")
    try:
        for key in asked:
            name = f"{key.part}-{key.fold}-{key.seed}"
            frame = kept.read(name) if kept else None
            if frame is None:
                read = {} if scores is None else _scores_for(scores(key.fold, key.seed), tables, key)
                part = _pooled(tables.part(key), key, pool)
                frame = _typed(rank_part(ranker, part, key, {**side, **read}), ranker)
                if kept and not (frame["status"] == "later").any():
                    kept.write(name, frame)
            frames.append(frame)
            progress.advance()
    finally:
        progress.close()
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return _typed(whole.reindex(columns=[*COLUMN_TYPES, *ranker.tells]), ranker)


def _typed(frame: pd.DataFrame, ranker: Ranker) -> pd.DataFrame:
    types = COLUMN_TYPES | dict(ranker.tells)
    return frame.reindex(columns=list(types)).astype(types)


def _scores_for(scores: pd.DataFrame, tables: SplitTables, key: Key) -> Side:
    """The scores for a part, and of the blocks before it, which are of the same fold and seed, all that was asked."""
    blocks = [each for each in tables.keys[: tables.keys.index(key)] if each[1:] == key[1:]]
    own = [at_part(scores, each) for each in blocks]
    told = {
        "scores": at_part(scores, key),
        "block_scores": pd.concat(own, ignore_index=True) if own else scores.head(0),
    }
    before = [each.part for each in blocks]
    for name in ("truth", "train", "questions"):
        rows = tables.read(name, fold=key.fold, seed=key.seed)
        told[f"block_{name}"] = rows[rows["part"].isin(before)].reset_index(drop=True)
    return told


def _pooled(part: Part, key: Key, pool: ReadFilms | None) -> Part:
    """A part whose questions about the catalogue are about the films of a pool."""
    if pool is None:
        return part
    own = at_part(pool(key.fold, key.seed), key)[FILM].drop_duplicates(ignore_index=True)
    ids = {column: part.train[column].dtype for column in ("user", "movie")}
    return replace(part, asked=tuple(_asked_of_pool(asked, own, ids) for asked in part.asked))


def _asked_of_pool(asked: Asked, pool: pd.DataFrame, ids: dict[str, Any]) -> Asked:
    by_rule = asked.questions.loc[asked.questions["rule"] == CATALOGUE, "user"]
    films = pool.loc[pool["protocol"] == asked.protocol, ["user", "movie"]]
    listed = asked.candidates[asked.candidates["user"].notna()]
    candidates = pd.concat([listed, films[films["user"].isin(by_rule)].astype(ids)], ignore_index=True)
    return replace(asked, questions=asked.questions.assign(rule=LISTED), candidates=candidates)


def rank_part(ranker: Ranker, part: Part, key: Key, side: Side) -> pd.DataFrame:
    """Fit a ranker on one part and let it rank what each protocol asks; the columns of `rank_films`."""
    fitted = ranker.fit(part.train, part.validation, side)
    if len(part.known) and isinstance(fitted, FoldsIn):
        fitted = fitted.fold_in(part.known)
    frames = []
    for asked in part.asked:
        if asked.task not in ranker.tasks or (ranker.drawn_users_only and _of_catalogue(asked)):
            continue
        questions = asked_questions(part, asked, drawn_users_only=ranker.drawn_users_only)
        rows = ranking_rows(
            questions,
            fitted.score(questions),
            asked,
            seed=[abs(key.seed), key.fold],
            tells=list(ranker.tells),
        )
        frames.append(rows.assign(protocol=asked.protocol, **key._asdict()))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _of_catalogue(asked: Asked) -> bool:
    """Whether a whole catalogue is asked about: by a ranker that is asked for each film, that would take days."""
    return bool((asked.questions["rule"] == CATALOGUE).any())


def asked_questions(part: Part, asked: Asked, *, drawn_users_only: bool) -> Questions:
    """What one protocol asks a ranker about a part."""
    known = pd.concat([part.train, part.known], ignore_index=True)
    numbers = None
    if drawn_users_only:
        drawn = asked.users.loc[asked.users["set"] == DRAWN, "user"]
        numbers = asked.questions["user"].isin(drawn).to_numpy().nonzero()[0]
    return Questions(asked.questions, asked.candidates, known, numbers)
