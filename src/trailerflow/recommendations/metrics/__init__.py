"""The metrics of rankings, a file a family, each behind `trailerflow.recommendations.metrics.contract`."""
