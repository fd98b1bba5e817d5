"""The configuration as the page shows it."""

from __future__ import annotations

from trailerflow.reports.shown_configuration import shown_configuration


def test_a_contact_that_is_not_set_is_shown_as_such() -> None:
    assert shown_configuration({"web": {"contact": None}}) == {"web": {"contact": None}}
    assert shown_configuration(shown_configuration({"web": {"contact": "x"}})) == {"web": {"contact": "set"}}
