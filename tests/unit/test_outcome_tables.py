"""Outcomes as rows: what each says of its movie, whose model and prompt are told, and how long the work took."""

from __future__ import annotations

from trailerflow.outcome_tables import (
    OUTCOME_TYPES,
    data_of_outcomes,
    outcome_columns,
    outcomes_table,
    typed_table,
    work_rows,
)
from trailerflow.outcomes import Outcome, write_outcome

MODEL = {"model": "small", "prompt": "short", "prompt_hash": "abc"}
OUTCOMES = [
    Outcome.ok("transcribe_trailer", "1", {"segments": []}, made_by={"model": "whisper"}, seconds=1.25),
    Outcome.failed("transcribe_trailer", "2", "damaged", "no sound", seconds=0.5),
    Outcome.ok("summarise_movie", "1", {"summary": "War."}, made_by=MODEL, seconds=2.0),
    Outcome.absent("summarise_movie", "2", "no story", made_by=MODEL | {"prompt": "long"}, seconds=1.0),
    Outcome.ok("summarise_movie", "3", {"summary": "Sea."}, made_by=MODEL, seconds=0.1004),
]


def test_what_every_outcome_says():
    assert outcome_columns(OUTCOMES[0]) == {"movie": "1", "status": "ok", "reason": None}
    assert outcome_columns(OUTCOMES[1]) == {"movie": "2", "status": "failed", "reason": "damaged; no sound"}


def test_a_row_an_outcome_with_the_model_and_the_prompt_of_summaries_alone():
    table = outcomes_table(OUTCOMES)
    assert table.columns.tolist() == ["movie", "rule", "model", "prompt", "status", "reason"]
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    assert rows == [
        ["1", "transcribe_trailer", None, None, "ok", None],
        ["2", "transcribe_trailer", None, None, "failed", "damaged; no sound"],
        ["1", "summarise_movie", "small", "short", "ok", None],
        ["2", "summarise_movie", "small", "long", "absent", "no story"],
        ["3", "summarise_movie", "small", "short", "ok", None],
    ]


def test_a_table_of_no_rows_has_the_same_types():
    assert outcomes_table([]).dtypes.equals(outcomes_table(OUTCOMES).dtypes)
    assert typed_table([{"a": 1, "c": 2}], {"a": "Int64", "b": "string"}).dtypes.astype(str).to_dict() == {
        "a": "Int64",
        "b": "string",
    }
    assert set(OUTCOME_TYPES.values()) == {"string"}


def test_the_seconds_of_the_work_are_added_up_by_rule_and_for_summaries_by_model_and_prompt():
    whole = {"rule": "transcribe_trailer", "model": "", "prompt": "", "outcomes": 2, "seconds": 1.75}
    summary = {"rule": "summarise_movie", "model": "small"}
    assert work_rows(OUTCOMES) == [
        whole,
        summary | {"prompt": "short", "outcomes": 2, "seconds": 2.1},
        summary | {"prompt": "long", "outcomes": 1, "seconds": 1.0},
    ]


def test_documents_are_read_as_a_table_of_the_data_that_are_asked_for(tmp_path):
    paths = [tmp_path / f"{number}.json" for number in range(2)]
    for outcome, path in zip(OUTCOMES[2:4], paths, strict=True):
        write_outcome(outcome, path)
    table = data_of_outcomes(paths, ["summary", "words"])
    assert table.columns.tolist() == ["movie", "status", "reason", "summary", "words"]
    assert table["summary"].where(table["summary"].notna(), None).tolist() == ["War.", None]
    assert table["words"].isna().all()
    assert table["reason"].tolist() == [None, "no story"]
    assert data_of_outcomes([], ["summary"]).empty
