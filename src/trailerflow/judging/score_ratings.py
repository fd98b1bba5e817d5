"""How ratings come out by system, and how far raters agree."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from trailerflow.claim_labels import LABELS
from trailerflow.judging.agreement import Scale, alpha_row, kappa_row
from trailerflow.judging.corrected_ratings import corrected_means
from trailerflow.judging.judge_bias import length_bias, position_bias, same_preference
from trailerflow.judging.pairs import RATINGS
from trailerflow.judging.rating_units import UNIT, by_criterion, in_both_orders
from trailerflow.statistics import bootstrap_interval

POINTS = Scale("ordinal", RATINGS, "Krippendorff's alpha", "Cohen's kappa, quadratic")

CLAIM_LABELS = Scale("nominal", range(len(LABELS)), "Krippendorff's alpha, nominal", "Cohen's kappa")
CLAIMS = "claims"
"""What stands in the place of a criterion for labels of claims."""

AGREEMENT_COLUMNS = ("who", "criterion", "measure", "value", "low", "high", "units", "raters", "note")
RATING_COLUMNS = ("kind", "model", "prompt", "criterion", "mean", "low", "high", "movies", "raters", "note")


def mean_ratings(ratings: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Mean rating of each system, by criterion and over all of them: by the judge, by people, and the judge corrected.

    Args:
        ratings: See `trailerflow.judging.pairs.RATING_TYPES`. What the judge rated in one order only is left out.
        seed: Seed of the bootstrap over movies.

    Returns:
        Columns kind (judge, person or corrected), model, prompt, criterion, mean, low, high (a 95 % interval over movies,
        missing for fewer than two: by bootstrap, and for ``corrected`` see `trailerflow.judging.corrected_ratings`),
        movies, raters and note, which says why a mean is missing.
    """
    rows: list[dict[str, object]] = []
    for criterion, group in by_criterion(in_both_orders(ratings)):
        for (kind, model, prompt), given in group.groupby(["kind", "model", "prompt"], sort=False):
            movies = given.groupby("movie")["rating"].mean().to_numpy(dtype=float)
            low, high = bootstrap_interval(movies, seed=seed)
            rows.append(
                {
                    "kind": kind, "model": model, "prompt": prompt, "criterion": criterion, "mean": movies.mean(),
                    "low": low, "high": high, "movies": len(movies), "raters": given["rater"].nunique(), "note": "",
                }
            )  # fmt: skip
    return pd.DataFrame([*rows, *corrected_means(ratings)], columns=list(RATING_COLUMNS))


def agreement_table(ratings: pd.DataFrame, claims: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """How far raters agree: people with each other, the judge with itself when the pair is swapped, and with people.

    Krippendorff's alpha for ordinal ratings, and for each two people Cohen's kappa with quadratic weights. For the judge
    also the position bias (the mean rating of the first place less that of the second), how often both orders prefer the
    same summary, and, beside people's, what ten words more are worth to it.

    Args:
        ratings: See `trailerflow.judging.pairs.RATING_TYPES`. What the judge rated in one order only is left out.
        claims: Labels of claims, see `trailerflow.claim_labels.COLUMNS`. They have no order, and so the alpha for nominal
            values and the kappa without weights.
        seed: Seed of the bootstrap over movies.

    Returns:
        Columns who, criterion, measure, value, low, high, units (what both or all rated), raters and note, which says why a
        value is missing. The criterion of labels is `CLAIMS`.
    """
    judged = ratings.loc[ratings["kind"] == "judge", "pair"].nunique()
    ratings = in_both_orders(ratings)
    judge, people = (ratings[ratings["kind"] == kind] for kind in ("judge", "person"))
    left_out = judged - judge["pair"].nunique()
    rows = []
    for criterion, group in by_criterion(ratings):
        by_person = _wide(group[group["kind"] == "person"], "rater")
        by_order = _wide(group[group["kind"] == "judge"], "order")
        rows += _people(criterion, by_person, POINTS, seed)
        rows.append(alpha_row("the judge with itself, swapped", criterion, by_order, POINTS, seed))
        both = pd.DataFrame({"judge": by_order.mean(axis=1), "people": by_person.mean(axis=1)})
        rows.append(alpha_row("the judge with people", criterion, both.dropna().round(), POINTS, seed))
    rows += _people(CLAIMS, _by_reader(claims), CLAIM_LABELS, seed)
    note = f"judged in one order only and left out: {left_out}" if left_out else ""
    rows += [row | {"note": note} for row in (*position_bias(judge, seed), *same_preference(judge, seed))]
    rows += [*length_bias(judge, "the judge", seed), *length_bias(people, "people beside the judge", seed)]
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))


def _people(criterion: str, by_person: pd.DataFrame, scale: Scale, seed: int) -> list[dict[str, object]]:
    """Alpha of all people, and kappa of each two."""
    return [
        alpha_row("people", criterion, by_person, scale, seed),
        *(
            kappa_row(f"{one} and {other}", criterion, by_person[[one, other]].dropna(), scale)
            for one, other in combinations(by_person.columns, 2)
        ),
    ]


def _by_reader(claims: pd.DataFrame) -> pd.DataFrame:
    """A row for each claim, a column for each reader: the place of the label among all labels."""
    numbered = claims.assign(label=claims["label"].map(list(LABELS).index))
    return numbered.pivot_table(
        index=["movie", "system", "claim"], columns="reader", values="label", aggfunc="first"
    ).astype(float)


def _wide(ratings: pd.DataFrame, raters: str) -> pd.DataFrame:
    """A row for what is rated, a column for each rater (or order)."""
    return ratings.pivot_table(index=UNIT, columns=raters, values="rating", aggfunc="mean").astype(float)
