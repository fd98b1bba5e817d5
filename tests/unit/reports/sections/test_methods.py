"""A paragraph for a paper."""

from __future__ import annotations

from trailerflow.reports.sections.methods import Methods
from unit.report_frames import MODEL, section_of


def test_the_paragraph_names_movies_models_and_versions() -> None:
    (said,) = section_of(Methods).paragraphs()
    assert said.startswith("Trailer transcripts of 12 movies")
    assert f"Models: minilm-distilbert and {MODEL}." in said
    assert said.endswith("Software: trailerflow and Snakemake; pandas 2.3.3.")
