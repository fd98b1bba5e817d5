"""Labels of claims: what is read, and the one sentence for each way in which a table can be wrong."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.claim_labels import COLUMNS, LABELS, check_texts, read_claim_labels
from trailerflow.errors import TrailerflowError

ROW = {
    "movie": "12",
    "system": "zero_shot",
    "sentence": "1",
    "claim": "2",
    "text": "He robs a bank.",
    "label": "S",
    "reader": "Ann",
}
SENTENCES = {("12", "zero_shot"): ["It rains.", "He robs a bank, and flees."]}


def table(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(ROW | row for row in rows)
    return path


@given(
    label=st.sampled_from(list(LABELS)), claim=st.integers(0, 9999), text=st.text("ab .,\"'é我", min_size=1)
)
def test_what_was_written_is_read(tmp_path_factory, label, claim, text):
    path = tmp_path_factory.mktemp("labels") / "labels.csv"
    text = text.strip() or "a"
    rows = [{"label": label, "claim": claim, "text": text}, {"reader": "Bo", "claim": claim, "text": text}]
    ann, bo = read_claim_labels(table(path, *rows, rows[0]))
    assert (ann.label, ann.claim, ann.text, ann.sentence, ann.movie) == (label, claim, text, 1, "12")
    assert (bo.label, bo.reader, bo.row) == ("S", "Bo", 3)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"label": "s"}, "row 3: the label is 's'; it must be one of S, P, N, O"),
        ({"label": "N"}, "row 3: Ann gives claim 2 of movie 12 by zero_shot the label N and in row 2 S"),
        ({"reader": "Bo", "text": "He robs."}, "row 3: claim 2 of movie 12 .* than in row 2"),
        ({"reader": "Bo", "sentence": "0"}, "row 3: claim 2 of movie 12 .* than in row 2"),
        ({"claim": "-1"}, "row 3: claim is '-1'"),
        ({"sentence": "1.0"}, r"row 3: sentence is '1\.0'"),
        ({"claim": "²"}, "row 3: claim is '²'"),
        ({"reader": " "}, "row 3: reader is empty"),
        ({"claim": "3", "text": "a" * 2001}, "row 3: the claim has 2001 characters"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, row, problem):
    with pytest.raises(TrailerflowError, match=problem):
        read_claim_labels(table(tmp_path / "labels.csv", {}, row))


def test_a_table_without_labels_is_refused(tmp_path):
    with pytest.raises(TrailerflowError, match="has no labels"):
        read_claim_labels(table(tmp_path / "labels.csv"))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"movie": "13"}, "row 2: 13 is no movie with a summary here"),
        ({"system": "few_shot"}, "row 2: there is no summary of movie 12 by few_shot"),
        ({"text": "He robs a train."}, "row 2: the claim 'He robs a train.' is not of sentence 1"),
        ({"sentence": "2"}, "row 2: .* is not of sentence 2"),
    ],
)
def test_labels_of_other_summaries_are_refused(tmp_path, row, problem):
    path = tmp_path / "labels.csv"
    check_texts(path, read_claim_labels(table(path, {})), SENTENCES)
    with pytest.raises(TrailerflowError, match=problem):
        check_texts(path, read_claim_labels(table(path, row)), SENTENCES)
