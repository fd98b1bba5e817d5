"""The page: from the tables to the view, from the view to HTML."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from trailerflow.redaction import redact_values
from trailerflow.reports.findings import facts, findings
from trailerflow.reports.inputs import Inputs
from trailerflow.reports.sections.costs import costs_section
from trailerflow.reports.sections.genres import genres_section
from trailerflow.reports.sections.judging import judging_section
from trailerflow.reports.sections.outcomes import later_sentences, outcomes_section
from trailerflow.reports.sections.provenance import methods_section, provenance_section
from trailerflow.reports.sections.recommendations import recommendations_section
from trailerflow.reports.sections.summaries import summaries_section
from trailerflow.reports.sections.summary_quality import summary_quality_section
from trailerflow.reports.sections.transcripts import transcripts_section
from trailerflow.reports.values import counted, listed
from trailerflow.reports.view import Page


def build_page(inputs: Inputs) -> Page:
    """All that the page says, ready to print.

    Args:
        inputs: The tables of the run; each may be empty or hold movies that are later, absent or failed.
    """
    return Page(
        title="From trailers to summaries, genres and recommendations",
        introduction=_introduction(inputs),
        facts=facts(inputs),
        findings=findings(inputs),
        warnings=tuple(later_sentences(inputs)),
        sections=(
            outcomes_section(inputs),
            transcripts_section(inputs),
            summaries_section(inputs),
            summary_quality_section(inputs),
            judging_section(inputs),
            genres_section(inputs),
            recommendations_section(inputs),
            costs_section(inputs),
            provenance_section(inputs),
            methods_section(inputs),
        ),
    )


def render(page: Page) -> str:
    """The page as one HTML file that needs neither network nor scripts, and holds no value of a secret variable.

    Every text is escaped; only the drawings, which escape their own texts, go in as they are.
    """
    environment = Environment(
        loader=PackageLoader("trailerflow.reports", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return str(redact_values(environment.get_template("page.html.jinja").render(page=page)))


def _introduction(inputs: Inputs) -> str:
    models = sorted({str(model) for model in inputs.summaries["model"].dropna()})
    prompts = sorted({str(prompt) for prompt in inputs.summaries["prompt"].dropna()})
    noun = "prompt" if len(prompts) == 1 else "prompts"
    made = f", summarised by {listed(models)} with the {noun} {listed(prompts)}" if models else ""
    movies = counted(len(inputs.movies), "movie")
    return (
        "A trailerflow run on the trailers of "
        f"{movies}{made}: what became of each movie, how "
        "good the summaries, genres and rankings are and against what, and what it cost."
    )
