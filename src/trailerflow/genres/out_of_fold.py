"""The out-of-fold loop: no film is predicted by a fit on it, whatever the system."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.genres.films import NO_FILMS, Films, Flags, Training, together
from trailerflow.genres.others import scores_for_fit
from trailerflow.genres.places import (
    PARTS_OF_THE_LAST_FIT,
    UNLABELLED_TEXT,
    VALIDATION_TEXT,
    folds_of,
)
from trailerflow.genres.predictions import (
    CROSS_VALIDATION,
    HELD_OUT,
    INNER,
    UNLABELLED,
    Place,
    Tables,
    tables_of,
)
from trailerflow.genres.systems.contract import System, checked
from trailerflow.kept_parts import KeptParts
from trailerflow.progress import Progress

Folds = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Target:
    """Films that a fit predicts.

    Attributes:
        place: Where the predictions belong.
        films: Which films, shape (n,).
    """

    place: Place
    films: Flags


@dataclass(frozen=True)
class Fit:
    """One fit of the loop.

    Attributes:
        name: Its name among the kept parts.
        seed: Seed of the system.
        left_out: Fold that it knows nothing of; None for the fit on all folds.
        train: Films that it is trained on, shape (n,).
        validation: Films to stop or to choose by, shape (n,).
        targets: What it predicts.
    """

    name: str
    seed: int
    left_out: int | None
    train: Flags
    validation: Flags
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Corpus:
    """What a job's system may read.

    Attributes:
        films: Films of the run that have every text and vector which the system reads, with their genres; behind them extra
            texts that are predicted, too.
        fold: Fold of each film, or one of the codes of `trailerflow.genres.places`, shape (n,).
        extra: Texts of no film of the run, with genres and weights, that every fit learns from.
        others: Predictions of other systems, by name.
        more: Further texts of films of the run, with genres and sources, to learn from alone: of films that lack what the
            system reads, or of another kind. A fit gets those of the folds that it is trained on.
        more_fold: Fold of each of these, `NO_FOLD` for those that no fit may know, shape (m,).
    """

    films: Films
    fold: Folds
    extra: Films = NO_FILMS
    others: Mapping[str, pd.DataFrame] | None = None
    more: Films = NO_FILMS
    more_fold: Folds = field(default_factory=lambda: np.empty(0, dtype=int))

    @property
    def folds(self) -> list[int]:
        """The folds that its films lie in."""
        return folds_of(self.fold)


def folds_needed(*, inner: bool, validation: bool) -> int:
    """Fewest folds of the loop: one is left out, one is learnt from, and one more for inner folds and for validation."""
    return 2 + inner + validation


def plan_fits(fold: Folds, *, seeds: Sequence[int], inner: bool, validation: bool) -> list[Fit]:
    """The fits of the loop, the one on all folds last.

    Each fold is left out once, and is predicted. With inner folds each pair of folds is left out too: then either is
    predicted as the inner fold of the other, by a fit that knows neither. A fit on all folds predicts the held-out films and
    the extra texts that are kept for a test. Texts that another system is to learn from are predicted by every fit. Where no
    film lies in a fold, one fit on the extra texts predicts those of the validation part, too.

    Args:
        fold: Fold or code of each film, shape (n,); see `Corpus`.
        seeds: Seeds of the systems; the fits of one seed have this number, the next, and so on.
        inner: Whether the inner folds are predicted too.
        validation: Whether a fold is kept from each training, to stop or to choose by: the one after those left out,
            in a circle.

    Raises:
        TrailerflowError: There are too few folds to train on what is left.
    """
    folds = folds_of(fold)
    needed = folds_needed(inner=inner, validation=validation)
    if folds and len(folds) < needed:
        raise TrailerflowError(
            f"Films with all that is read lie in {len(folds)} folds, and {needed} are needed."
        )
    fits = []
    for seed in seeds:
        for number, left in enumerate(folds):
            targets = _targets(fold, {CROSS_VALIDATION: left, UNLABELLED: UNLABELLED_TEXT}, left, seed)
            fits.append(_fit(fold, folds, (left,), seed, seed + number, targets, validation))
        if inner:
            for one, other in combinations(folds, 2):
                targets = tuple(
                    Target(Place(INNER, left, own, seed), fold == own)
                    for left, own in ((one, other), (other, one))
                )
                number = seed + len(folds) + len(fits)
                fits.append(_fit(fold, folds, (one, other), seed, number, targets, validation))
    for seed in seeds:
        targets = _targets(fold, PARTS_OF_THE_LAST_FIT, None, seed)
        fits.append(_fit(fold, folds, (), seed, seed + len(folds), targets, validation))
    return fits


def _targets(fold: Folds, parts: Mapping[str, int], left_out: int | None, seed: int) -> tuple[Target, ...]:
    """What a fit predicts of each part; held-out films always, though there be none."""
    targets = [Target(Place(part, left_out, seed=seed), fold == code) for part, code in parts.items()]
    return tuple(target for target in targets if target.films.any() or target.place.part == HELD_OUT)


def run_fits(
    make: Callable[[int], System], corpus: Corpus, fits: Sequence[Fit], *, kept: KeptParts | None, rule: str
) -> tuple[Tables, System]:
    """Make every fit and its predictions; those that an earlier process finished are taken as they are.

    Args:
        make: Makes a fresh system from a seed.
        corpus: What it may read.
        fits: From `plan_fits`.
        kept: Where finished parts are kept; None keeps none. The last fit is always made, for its system is what is saved.
        rule: Name of the rule, for the progress.

    Returns:
        The predictions without decisions, and the system of the last fit.
    """
    system = make(fits[-1].seed)
    if system.reads.predictions and any(target.place.part == INNER for fit in fits for target in fit.targets):
        raise ValueError(f"{system.name} reads predictions, and inner folds of inner folds are not made")
    # Where no film lies in a fold, the extra texts take their place.
    steps = [system.steps(int(fit.train.sum()) or len(corpus.extra)) for fit in fits]
    progress = Progress(rule, sum(steps), "steps")
    parts = []
    try:
        for fit, count in zip(fits, steps, strict=True):
            last = fit is fits[-1]
            part = None if last or kept is None else _kept(kept, fit.name)
            if part is None:
                system = make(fit.seed)
                system.advance = progress.advance
                before = progress.done
                part = _made(system, corpus, fit)
                progress.advance(count - (progress.done - before))
                if not last and kept is not None:
                    kept.write(f"{fit.name}.films", part.films)
                    kept.write(fit.name, part.predictions)
            else:
                progress.advance(count)
            parts.append(part)
    finally:
        progress.close()
    return Tables.together(parts), system


def _fit(
    fold: Folds,
    folds: Sequence[int],
    left: tuple[int, ...],
    seed: int,
    number: int,
    targets: tuple[Target, ...],
    validation: bool,
) -> Fit:
    train = (fold >= 0) & ~np.isin(fold, left)
    kept_back = fold == VALIDATION_TEXT
    if validation and folds:
        start = folds.index(left[-1]) + 1 if left else 0
        circle = [*folds[start:], *folds[:start]]
        kept_back = fold == next(one for one in circle if one not in left)
    name = "-".join(["seed", str(seed), *(f"without-{one}" for one in left)])
    return Fit(name, number, left[0] if left else None, train & ~kept_back, kept_back, targets)


def _made(system: System, corpus: Corpus, fit: Fit) -> Tables:
    films = corpus.films
    if system.reads.predictions:
        others = corpus.others or {}
        films = replace(
            films,
            predictions={
                name: scores_for_fit(name, others, films.movies, corpus.fold, fit.left_out)
                for name in system.reads.predictions
            },
        )
    system.fit(_training(system, corpus, films, fit), films.at(fit.validation))
    parts = []
    for target in fit.targets:
        asked = films.at(target.films).without_genres()
        said = checked(system.predict(asked), len(asked), system.name)
        parts.append(tables_of(system, asked.movies, said, target.place))
    return Tables.together(parts)


def _training(system: System, corpus: Corpus, films: Films, fit: Fit) -> Training:
    """What a fit learns from; where no film of the run lies in a fold, the extra texts take their place.

    What learns from predictions has none of the extra texts for training: it learns from those of the validation part.
    """
    unlabelled = films.at(corpus.fold == UNLABELLED_TEXT).without_genres()
    if corpus.folds:
        may_know = np.isin(corpus.more_fold, np.unique(corpus.fold[fit.train]))
        extra = together([corpus.extra, corpus.more.at(may_know)])
        return Training(films.at(fit.train), extra, unlabelled)
    learnt_from = films.at(fit.validation) if system.reads.predictions else corpus.extra
    return Training(learnt_from, unlabelled=unlabelled)


def _kept(kept: KeptParts, name: str) -> Tables | None:
    """The tables of a finished fit; the predictions are written last, so a part that has them is whole."""
    predictions, films = kept.read(name), kept.read(f"{name}.films")
    return None if predictions is None or films is None else Tables(predictions, films)
