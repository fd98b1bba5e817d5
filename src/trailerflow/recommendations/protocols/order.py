"""The protocol ``order``: put each user's held-out films into an order, whatever their times."""

from __future__ import annotations

from trailerflow.recommendations.protocols.temporal import Temporal


class Order(Temporal):
    """As ``temporal``, of ratings that were not held out by time."""

    name = "order"
