"""The protocols ``first_1``, ``first_3`` and so on: ``full``, about users of whom the first ratings alone are known."""

from __future__ import annotations

from trailerflow.recommendations.protocols.full import Full


class FirstRatings(Full):
    """The whole catalogue is ranked for a user of whom so many ratings are known.

    Args:
        known: How many there are. The split says so in its known ratings; the protocol only bears the name.
    """

    source = "Lam et al., Addressing Cold-Start Problem in Recommendation Systems, ICUIMC 2008"

    def __init__(self, known: int) -> None:
        self.name = f"first_{known}"
