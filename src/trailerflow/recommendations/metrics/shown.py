"""What is shown, whether it is right or not: how new, how different, how popular it is, and how much of the catalogue."""

from __future__ import annotations

import numpy as np

from trailerflow.recommendations.metrics.arrays import Flags, Floats, ratios, sums
from trailerflow.recommendations.metrics.contract import CatalogueMetric, Shown, ShownMetric


def _mean(shown: Shown, values: Floats, k: int) -> Floats:
    """The mean of a value over the films that are shown, by question, shape (n,); ``values`` has the shape (films,)."""
    chances = shown.chances(k)
    total, films = shown.sums(chances * values[shown.film]), shown.sums(chances)
    return ratios(total, films)


class Novelty(ShownMetric):
    """Mean self-information of the films that are shown, in bits: -log2 of the share of users who have rated the film.

    A film that nobody has rated counts as one with a single rating.
    """

    name = "novelty"
    source = "Zhou et al., Solving the apparent diversity-accuracy dilemma of recommender systems, PNAS 2010"

    def figures(self, shown: Shown, k: int) -> Floats:
        """Bits, by question."""
        return _mean(shown, -np.log2(np.maximum(shown.popularity, shown.least)), k)


class Popularity(ShownMetric):
    """Mean share of the users who have rated the films that are shown."""

    name = "popularity"
    source = "Abdollahpouri et al., The Unfairness of Popularity Bias in Recommendation, RMSE at RecSys 2019"

    def figures(self, shown: Shown, k: int) -> Floats:
        """The share, by question."""
        return _mean(shown, shown.popularity, k)


class PopularityBias(ShownMetric):
    """How much more popular the films that are shown are than those that the user has rated, in shares of users."""

    name = "popularity_bias"
    source = "Abdollahpouri et al., The Unfairness of Popularity Bias in Recommendation, RMSE at RecSys 2019"

    def figures(self, shown: Shown, k: int) -> Floats:
        """The difference, by question; NaN for a user without a history."""
        return _mean(shown, shown.popularity, k) - shown.history_popularity


class Diversity(ShownMetric):
    """1 less the mean cosine of the genres of two films that are shown; films without a genre are like no other."""

    name = "diversity"
    source = "Ziegler et al., Improving Recommendation Lists Through Topic Diversification, WWW 2005"

    def figures(self, shown: Shown, k: int) -> Floats:
        """The diversity, by question; NaN where fewer than two films are shown."""
        norms = np.linalg.norm(shown.genres, axis=1, keepdims=True)
        unit = np.divide(shown.genres, norms, out=np.zeros(shown.genres.shape), where=norms > 0)
        free = np.clip(k + 1 - shown.order, 0, shown.listed)
        cut = (free > 0) & (free < shown.listed)  # the one group of a question that the end of the list cuts
        whole, part = (self._sums(shown, unit, rows) for rows in (free == shown.listed, cut))
        chance, both = np.zeros(shown.questions), np.zeros(shown.questions)
        places, size = free[cut], shown.listed[cut]
        chance[shown.question[cut]] = places / size
        both[shown.question[cut]] = places * (places - 1) / (size * (size - 1))
        alike = whole[1] + 2 * chance * (whole[0] * part[0]).sum(axis=1) + both * part[1]
        films = np.rint(shown.sums(shown.chances(k)))
        return 1.0 - ratios(alike, films * (films - 1))

    @staticmethod
    def _sums(shown: Shown, unit: Floats, rows: Flags) -> tuple[Floats, Floats]:
        """The sum of the genre vectors of some rows, shape (n, genres), and that of the cosines of their pairs, (n,)."""
        question, vectors = shown.question[rows], unit[shown.film[rows]]
        columns = [sums(question, column, shown.questions) for column in vectors.T]
        total = np.stack(columns, axis=1) if columns else np.zeros((shown.questions, 0))
        own = sums(question, (vectors**2).sum(axis=1), shown.questions)
        return total, (total**2).sum(axis=1) - own


class DistinctFilms(CatalogueMetric):
    """How many different films are shown to all users together: few, where a ranker shows everybody the same.

    Films with equal scores are drawn for each user apart.
    """

    name = "distinct_films"
    source = (
        "Ge et al., Beyond Accuracy: Evaluating Recommender Systems by Coverage and Serendipity, RecSys 2010"
    )

    def figure(self, shown: Shown, k: int) -> float:
        """The expected number."""
        left_out = np.ones(len(shown.popularity))
        np.multiply.at(left_out, shown.film, 1 - shown.chances(k))
        return float((1 - left_out).sum())


class Coverage(CatalogueMetric):
    """Share of the candidates of all users that are shown to any."""

    name = "coverage"
    source = (
        "Ge et al., Beyond Accuracy: Evaluating Recommender Systems by Coverage and Serendipity, RecSys 2010"
    )

    def figure(self, shown: Shown, k: int) -> float:
        """The expected share."""
        return DistinctFilms().figure(shown, k) / shown.catalogue if shown.catalogue else float("nan")
