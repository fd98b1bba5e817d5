"""The metrics of other work that judge by the true order of the candidates, and not by the ratings."""

from __future__ import annotations

import numpy as np

from trailerflow.recommendations.metrics.arrays import Flags, Floats
from trailerflow.recommendations.metrics.contract import Placed, PlaceMetric
from trailerflow.recommendations.metrics.gains import GainMetric
from trailerflow.recommendations.metrics.relevance import ReciprocalRank

REPORT = "the student report's code"
PAPER = "Raj et al., IEEE Access 2024, the released code"


class PlaceNdcg(GainMetric):
    """The gain of the first of n films in the true order is n, of the next one n - 1, and so on: 5 to 1."""

    name = "ndcg"
    source = REPORT

    def gains(self, placed: Placed) -> Floats:
        """n less the place from 0 on."""
        gains: Floats = placed.films[placed.question] - placed.place
        return gains


class FirstReciprocalRank(ReciprocalRank):
    """1 over the rank of the film that is the first in the true order, 0 when it comes after k."""

    source = REPORT

    def __init__(self) -> None:
        super().__init__(liked=False)

    def relevant(self, placed: Placed) -> Flags:
        """The first film of each question, shape (m,)."""
        first: Flags = placed.place == 0
        return first


class ReportPrecision(PlaceMetric):
    """The mean over the first k ranks of rank / n: what the report calls MAP, in which every film is relevant.

    It is the same for all orders, .6 of five films.
    """

    name = "map"
    source = REPORT

    def figures(self, placed: Placed, k: int) -> Floats:
        """(k + 1) / 2n for each question."""
        films = placed.films
        return (np.minimum(films, k) + 1) / (2 * films)


class PaperPrecision(PlaceMetric):
    """MAP of films that are all relevant: 1 for every order."""

    name = "map"
    source = PAPER

    def figures(self, placed: Placed, k: int) -> Floats:
        """1 for each question."""
        return np.ones(len(placed.candidates))


class PaperReciprocalRank(PaperPrecision):
    """MRR of films that are all relevant: 1 for every order."""

    name = "mrr"
