"""The parts of the page. A section joins by its one line below, and the order of the lines is that of the page."""

# ruff: noqa: F401, I001

from __future__ import annotations

from trailerflow.reports.head import Head
from trailerflow.reports.section import Reader, Section
from trailerflow.reports.sections.outcomes import Outcomes
from trailerflow.reports.sections.transcripts import Transcripts
from trailerflow.reports.sections.summaries import Summaries
from trailerflow.reports.sections.summary_company import SummaryCompany
from trailerflow.reports.sections.summary_quality import SummaryQuality
from trailerflow.reports.sections.summary_support import SummarySupport
from trailerflow.reports.sections.judging import Judging
from trailerflow.reports.sections.genres.section import Genres
from trailerflow.reports.sections.memorisation import Memorisation
from trailerflow.reports.sections.recommendations.section import Recommendations
from trailerflow.reports.sections.split_audit import SplitAudit
from trailerflow.reports.sections.costs import Costs
from trailerflow.reports.sections.provenance import Provenance
from trailerflow.reports.sections.methods import Methods

SECTIONS: tuple[type[Section], ...] = tuple(
    each
    for each in list(globals().values())
    if isinstance(each, type) and issubclass(each, Section) and each is not Section
)
"""Every section that is imported above."""

READERS: tuple[type[Reader], ...] = (*SECTIONS, Head)
"""All that reads tables for the page."""
