"""The genres: who names them best on films that nobody has seen, beside what, and where the errors lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from trailerflow.reports.section import Section, table
from trailerflow.reports.sections.genres import arms, drawings, errors, headline, sets
from trailerflow.reports.sections.genres.pairs import Pairs, against_the_best, in_other_metrics
from trailerflow.reports.sections.genres.scored import FEW, Part, parts_of
from trailerflow.reports.view import Plot, Table

if TYPE_CHECKING:
    import pandas as pd

_OF_SYSTEM = ("system", "arm", "seed", "part")


@dataclass(frozen=True, kw_only=True, eq=False)
class Genres(Section):
    """Scores of every system by part, which is better, sets that keep a promise, and errors to look at."""

    identifier = "genres"
    title = "Genres"
    abouts = (
        "split_movies/about.json",
        "gather_extra_texts/about.json",
        "predict_genres/{system}.about.json",
    )

    metrics: pd.DataFrame = table(
        "score_genres/metrics.csv",
        *_OF_SYSTEM, "row_kind", "seeds", "operating_point", "label",
        "precision", "recall", "f1", "f1_low", "f1_high",
        "average_precision", "average_precision_low", "average_precision_high",
        "average_precision_within_folds", "average_precision_within_folds_low", "average_precision_within_folds_high",
        "ranking_loss", "ranking_loss_low", "ranking_loss_high",
        "coverage_error", "coverage_error_low", "coverage_error_high", "calibration_error",
        "positives", "predicted", "movies", "note",
    )  # fmt: skip
    comparisons: pd.DataFrame = table(
        "score_genres/comparisons.csv",
        "part", "operating_point", "metric", "label", "system", "arm", "other", "other_arm",
        "difference", "difference_low", "difference_high", "p_corrected", "smallest", "verdict",
    )  # fmt: skip
    conformal: pd.DataFrame = table(
        "score_genres/conformal.csv",
        *_OF_SYSTEM, "promise", "coverage", "coverage_low", "coverage_high", "missing", "missing_low", "missing_high",
        "size", "size_low", "size_high", "constant_size", "constant_size_low", "constant_size_high",
        "smaller", "smaller_low", "smaller_high", "says_nothing", "movies", "calibrated_on",
    )  # fmt: skip
    calibration: pd.DataFrame = table("score_genres/calibration.csv", *_OF_SYSTEM, "probability", "share")
    by_text: pd.DataFrame = table(
        "score_genres/by_text.csv",
        *_OF_SYSTEM, "by", "group", "movies",
        "f1", "f1_low", "f1_high", "average_precision", "average_precision_low", "average_precision_high",
    )  # fmt: skip
    stand_ins: pd.DataFrame = table(
        "score_genres/stand_ins.csv", *_OF_SYSTEM, "missed", "named", "movies", "share"
    )
    worst: pd.DataFrame = table(
        "score_genres/worst.csv",
        *_OF_SYSTEM, "rank", "title", "year", "true", "predicted", "f1", "source", "beginning",
    )  # fmt: skip

    def findings(self) -> list[str]:
        """The best system of each part, beside what it must beat."""
        return [headline.finding(part, self._pairs) for part in self._parts]

    def paragraphs(self) -> tuple[str, ...]:
        """What the figures are, and what each part can say."""
        return (
            "Average precision needs no threshold: µAP pools all decisions on the 18 genres, mAP is the mean over genres, "
            "sAP the mean over films. F1 is of decisions: micro pools them, so that frequent genres weigh most, macro is "
            "the mean over genres. The constant row gives every film the same genres without reading a word, chance names "
            "genres as often as films have them, and the oracle is always right. Brackets hold 95 % bootstrap intervals "
            "over films.",
            "No figure is of a film that a system was trained on, or that its thresholds were chosen on.",
            *self._few_sentences(),
            *self._extra_sentences(),
        )

    def plots(self) -> tuple[Plot, ...]:
        """All systems of each part against chance, then genres and calibration of the part with most films."""
        drawn = [plot for part in self._parts for plot in drawings.against_chance(part)]
        for part in self._parts[:1]:
            drawn += [*drawings.by_genre(part), *drawings.calibration(part, self.calibration)]
        return tuple(drawn)

    def tables(self) -> tuple[Table, ...]:
        """Scores, pairs, sets and errors, part by part."""
        parts = self._parts
        systems = self.run.config.get("genres", {}).get("systems", ())
        of_parts: list[Callable[[Part], Table]] = [
            headline.headline,
            lambda part: against_the_best(part, self._pairs),
            lambda part: in_other_metrics(part, self._pairs),
            headline.further,
            lambda part: headline.by_genre(part, folded=part is not parts[0]),
            headline.every_system_by_genre,
            lambda part: sets.sets_of_all(part, self.conformal),
        ]
        if not parts:
            nothing = "No system's genres could be scored."
            return (Table(caption="Genres by system", columns=(), rows=(), nothing=nothing),)
        return (
            *(make(part) for part in parts for make in of_parts),
            sets.sets_of_the_best(parts, self.conformal),
            arms.titled_against_masked(parts, self._pairs, systems),
            arms.with_extra_texts(parts, self._pairs, systems),
            errors.by_text(parts, self.by_text),
            errors.stand_ins(parts, self.stand_ins),
            errors.worst_films(parts, self.worst),
            headline.published(self.metrics),
        )

    @cached_property
    def _parts(self) -> list[Part]:
        return parts_of(self.metrics)

    @cached_property
    def _pairs(self) -> Pairs:
        return Pairs(self.comparisons)

    def _few_sentences(self) -> list[str]:
        """Which parts are too small to say how good a system is."""
        return [
            f"Part {part.title}. So few films show that the way from text to genres is whole; they do not say how good a "
            "system is."
            for part in self._parts
            if part.movies < FEW
        ]

    def _extra_sentences(self) -> list[str]:
        """Whose the extra texts are, and what of them was left out."""
        return [
            f"Extra texts, from {note}"
            for about in self.run.abouts
            if about["rule"] == "gather_extra_texts"
            for note in about["notes"]
        ]
