"""Metrics of films that are relevant or not."""

from __future__ import annotations

import numpy as np

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.metrics.arrays import Flags, Floats, sums
from trailerflow.recommendations.metrics.contract import Placed, PlaceMetric
from trailerflow.recommendations.metrics.ties import Groups, chances_within, groups_with_hits


class RelevanceMetric(PlaceMetric):
    """A metric of relevant films.

    Args:
        liked: Whether only the held-out films that the user liked are relevant, `LIKED_RATING` or more, and not all.
    """

    def __init__(self, *, liked: bool) -> None:
        self._liked = liked

    def relevant(self, placed: Placed) -> Flags:
        """Which films are relevant, shape (m,)."""
        return placed.rating >= LIKED_RATING if self._liked else np.ones(len(placed.rating), dtype=bool)

    def _where_it_matters(self, placed: Placed, figures: Floats) -> Floats:
        """The figures, NaN where all or none of the candidates are relevant, since no order is then better."""
        count = placed.sums(self.relevant(placed))
        matters: Floats = np.where((count > 0) & (count < placed.candidates), figures, np.nan)
        return matters


class AveragePrecision(RelevanceMetric):
    """The precisions at the ranks of the relevant films up to k, summed and divided by min(relevant films, k)."""

    name = "map"
    source = "McSherry & Najork, Computing Information Retrieval Performance Measures Efficiently in the Presence of Tied Scores, ECIR 2008"  # noqa: E501

    def figures(self, placed: Placed, k: int) -> Floats:
        """The average precision of each question."""
        relevant = self.relevant(placed)
        most = np.minimum(placed.sums(relevant), k)
        groups = groups_with_hits(placed, relevant)
        total = sums(groups.question, _precisions(groups, k), len(most))
        return self._where_it_matters(placed, total / np.maximum(most, 1))


def _precisions(groups: Groups, k: int) -> Floats:
    """The expected sum of the precisions at the ranks of each group's relevant films, shape (groups,)."""
    before = np.minimum(groups.before, k)
    places = np.minimum(groups.size, k - before)
    # Given a relevant film at one place of the group, any other of its places holds one this often.
    others = (groups.hits - 1) / np.maximum(groups.size - 1, 1)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, k + 1))])
    inverse = harmonic[before + places] - harmonic[before]
    # At place p of the group the precision is (earlier + 1 + (p - 1) * others) / (before + p).
    precisions = (groups.earlier + 1 - others) * inverse + others * (places - before * inverse)
    expected: Floats = groups.hits / groups.size * precisions
    return expected


class ReciprocalRank(RelevanceMetric):
    """1 over the rank of the first relevant film, 0 when it comes after k."""

    name = "mrr"
    source = "Voorhees, The TREC-8 Question Answering Track Report, 1999"

    def figures(self, placed: Placed, k: int) -> Floats:
        """The reciprocal rank of each question."""
        groups = groups_with_hits(placed, self.relevant(placed))
        first = groups.earlier == 0
        before, size, hits = groups.before[first], groups.size[first], groups.hits[first]
        # The chance that the first relevant film stands at a place of its group: hits / size at the first of them.
        chance, found = hits / size, np.zeros(len(size))
        for place in range(1, k + 1):
            found += np.where(before + place <= k, chance / (before + place), 0.0)
            left = size - place
            chance = chance * np.clip(left - hits + 1, 0, None) / np.maximum(left, 1)
        by_question = sums(groups.question[first], found, len(placed.candidates))
        return self._where_it_matters(placed, by_question)


class Recall(RelevanceMetric):
    """Share of the relevant films that are among the first k."""

    name = "recall"
    source = "Herlocker et al., Evaluating Collaborative Filtering Recommender Systems, TOIS 2004"

    def figures(self, placed: Placed, k: int) -> Floats:
        """The recall of each question."""
        relevant = self.relevant(placed)
        found = placed.sums(chances_within(placed, k) * relevant)
        return self._where_it_matters(placed, found / np.maximum(placed.sums(relevant), 1))


class Precision(RelevanceMetric):
    """Share of the first k that are relevant films."""

    name = "precision"
    source = "Herlocker et al., Evaluating Collaborative Filtering Recommender Systems, TOIS 2004"

    def figures(self, placed: Placed, k: int) -> Floats:
        """The precision of each question."""
        found = placed.sums(chances_within(placed, k) * self.relevant(placed))
        return self._where_it_matters(placed, found / k)


class HitRate(RelevanceMetric):
    """1 where a relevant film is among the first k."""

    name = "hit_rate"
    source = "Deshpande & Karypis, Item-Based Top-N Recommendation Algorithms, TOIS 2004"

    def figures(self, placed: Placed, k: int) -> Floats:
        """The chance of a hit of each question."""
        groups = groups_with_hits(placed, self.relevant(placed))
        places = np.clip(k - groups.before, 0, groups.size)
        missed = np.ones(len(places))
        for hit in range(int(groups.hits.max(initial=0))):
            left = np.clip(groups.size - places - hit, 0, None) / np.maximum(groups.size - hit, 1)
            missed *= np.where(hit < groups.hits, left, 1.0)
        by_question = np.ones(len(placed.candidates))
        np.multiply.at(by_question, groups.question, missed)
        return self._where_it_matters(placed, 1 - by_question)


class CandidateRecall(RelevanceMetric):
    """Share of the relevant films that the ranker's list holds at all: what a reranker of that list can find.

    A retriever's list holds its best films of a catalogue, that of a fusion all that its retrievers found.
    """

    name = "candidate_recall"
    source = "Covington et al., Deep Neural Networks for YouTube Recommendations, RecSys 2016 (candidate generation)"

    def figures(self, placed: Placed, k: int) -> Floats:
        """The recall of each question, whatever ``k``."""
        relevant = self.relevant(placed)
        found = placed.sums(placed.retrieved * relevant)
        return self._where_it_matters(placed, found / np.maximum(placed.sums(relevant), 1))
