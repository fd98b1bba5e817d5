"""The summaries: scores beside the floor, and samples."""

from __future__ import annotations

import pandas as pd

from trailerflow.reports.section import Run
from trailerflow.reports.sections.summaries import Summaries
from trailerflow.reports.values import score
from unit.report_frames import MODEL, PREDICTIONS, SUMMARIES, SUMMARY_METRICS, full_tables, section_of


def test_faithfulness_does_not_stand_among_the_scores() -> None:
    f1, full, _ = section_of(Summaries).tables()
    for table in (f1, full):
        assert "faithfulness" not in str(table)
        assert next(row.kind for row in table.rows if row.cells[0].text.startswith("lead")) == "reference"


def test_the_samples_show_what_language_models_named_the_best_fit_first() -> None:
    assert section_of(Summaries).samples()[0].predicted == (f"{MODEL}/zero_shot: Children's and Animation",)
    masked = full_tables()[PREDICTIONS].assign(arm="transcript, masked")
    both = pd.concat([full_tables()[PREDICTIONS], masked])
    assert section_of(Summaries, {PREDICTIONS: both}).samples()[0].predicted == (
        f"{MODEL}/zero_shot (transcript, titled): Children's and Animation",
        f"{MODEL}/zero_shot (transcript, masked): Children's and Animation",
    )


def test_the_tokenizer_of_rouge_is_named_and_a_missing_rouge_is_a_dash() -> None:
    assert (
        "Scored with rouge-score, tokenizer unicode; all-minilm-l6-v2." in section_of(Summaries).paragraphs()
    )
    metrics = full_tables()[SUMMARY_METRICS]
    without = metrics[~(metrics["metric"].str.startswith("rouge") & (metrics["system"] == MODEL))]
    table = section_of(Summaries, {SUMMARY_METRICS: without}).tables()[0]
    own = next(row for row in table.rows if row.cells[0].text == MODEL)
    figures = [cell.text for cell in own.cells[2:6]]
    assert figures[:3] == [score(None)] * 3 and figures[3] != score(None)


def test_as_many_movies_are_shown_as_the_configuration_says() -> None:
    section = section_of(Summaries, run=Run(config={"reports": {"examples": 2}}))
    assert [sample.title for sample in section.samples()] == ["Toy Story (1995)", "GoldenEye (1995)"]
    assert section.samples()[0].summaries[0].scores == "F1: ROUGE-1 .310"


def test_every_kind_of_row_stands_among_the_scores() -> None:
    rows = section_of(Summaries).tables()[0].rows
    assert list(dict.fromkeys(row.kind for row in rows)) == ["system", "reference", "published"]
    assert "not a contest" in section_of(Summaries).paragraphs()[-1]


def test_claims_of_a_checked_summary_have_their_windows_and_why_they_are_not_kept() -> None:
    checked, unchecked = section_of(Summaries).samples()[0].summaries
    assert [(claim.text, claim.fault) for claim in checked.claims] == [
        ("A stranger opens a door.", ""),
        ("He was told to run.", ""),
        ("Rosa follows.", "nobody says Rosa"),
        ("She sings.", "not supported"),
    ]
    assert checked.claims[0].window == "1:01 to 1:15: one stranger opens a door"
    assert checked.claims[3].window == "" and unchecked.claims == ()


def test_a_summary_of_which_nothing_is_left_shows_its_claims() -> None:
    summaries = full_tables()[SUMMARIES].copy()
    summaries.loc[summaries["movie"] == "1", ["status", "summary"]] = ["absent", None]
    summaries.loc[1, ["status", "summary"]] = ["ok", "A door opens."]
    checked, other = section_of(Summaries, {SUMMARIES: summaries}).samples()[0].summaries
    assert checked.text.startswith("Nothing is left") and checked.claims
    assert other.text == "A door opens."
