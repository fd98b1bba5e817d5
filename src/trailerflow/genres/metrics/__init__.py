"""The metrics of predicted genres, each a class behind `trailerflow.genres.metrics.contract.Metric`."""

from __future__ import annotations

from trailerflow.genres.metrics.calibration import CalibrationError
from trailerflow.genres.metrics.contract import Metric
from trailerflow.genres.metrics.decisions import F1, Precision, Recall
from trailerflow.genres.metrics.ranking import (
    AveragePrecision,
    AveragePrecisionWithinFolds,
    CoverageError,
    RankingLoss,
)

METRICS: tuple[Metric, ...] = (
    Precision(),
    Recall(),
    F1(),
    AveragePrecision(),
    AveragePrecisionWithinFolds(),
    RankingLoss(),
    CoverageError(),
    CalibrationError(),
)
"""All metrics of the table of scores. A metric joins by its class and its line here."""
