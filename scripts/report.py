"""Make the report, one self-contained HTML page, from the tables of a run."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.files import write_text
from trailerflow.program import run
from trailerflow.reports.inputs import load_inputs
from trailerflow.reports.pages import build_page, render

TABLES = {
    "movies": "movies of this run (select_movies)",
    "transcripts": "transcripts (merge_transcripts)",
    "transcript_outcomes": "outcomes of the trailer rules (merge_transcripts)",
    "summaries": "summaries (merge_summaries)",
    "synopses": "reference synopses (merge_summaries)",
    "summary_outcomes": "outcomes of synopses and summaries (merge_summaries)",
    "summary_scores": "scores of single summaries (score_summaries)",
    "summary_metrics": "metrics by system and prompt (score_summaries)",
    "summary_compliance": "rules kept by model and prompt (score_summaries)",
    "ratings": "mean ratings of the judge and of people (score_ratings)",
    "agreement": "agreement of raters (score_ratings)",
    "genre_metrics": "metrics by system and genre (score_genres)",
    "encoder_predictions": "predictions of the encoder (tune_encoder)",
    "ranking_metrics": "metrics by ranker (score_rankings)",
    "costs": "costs by stage, model and prompt (account_costs)",
}


def main() -> None:
    """Read the tables, make the page, write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, what in TABLES.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=Path, required=True, help=f"table of the {what}"
        )
    parser.add_argument(
        "--genre-predictions",
        type=Path,
        nargs="*",
        required=True,
        help="tables of predict_genres, one a model",
    )
    parser.add_argument(
        "--llm-rankings", type=Path, nargs="*", required=True, help="tables of rank_llm, one a model"
    )
    parser.add_argument(
        "--abouts", type=Path, nargs="*", required=True, help="notes on how the tables were made"
    )
    parser.add_argument("--prompts", type=Path, nargs="*", required=True, help="prompt files of the run")
    parser.add_argument("--examples", type=int, required=True, help="movies whose texts are shown")
    parser.add_argument("--config", type=json.loads, required=True, help="configuration of the run, as JSON")
    parser.add_argument("--output", type=Path, required=True, help="page to write")
    arguments = parser.parse_args()
    inputs = load_inputs(
        config=arguments.config,
        examples=arguments.examples,
        tables={name: getattr(arguments, name) for name in TABLES},
        genre_predictions=arguments.genre_predictions,
        llm_rankings=arguments.llm_rankings,
        abouts=arguments.abouts,
        prompts=arguments.prompts,
    )
    write_text(arguments.output, render(build_page(inputs)))


if __name__ == "__main__":
    run(main)
