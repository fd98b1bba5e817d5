"""Labelled texts of films that are not in the run, for systems that learn: where they come from and which may be used."""

from __future__ import annotations

REGISTER = "trailerflow.genres.extra:SOURCES"
"""Place of the register below; see `trailerflow.registers`."""

SOURCES: dict[str, str] = {
    "wikipedia-plots": "trailerflow.genres.extra.wikipedia_plots:WikipediaPlots",
}
"""Name of a source to its class; a source joins by its file and its line here. Any other name is the path of a user's own
table (`trailerflow.genres.extra.own_table`)."""
