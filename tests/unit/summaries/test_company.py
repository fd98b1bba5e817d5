"""What summaries are compared with: baselines, equal lengths, own plots found, paired differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from trailerflow.embedding import Embedder
from trailerflow.errors import TrailerflowError
from trailerflow.row_kinds import CHANCE, CONSTANT_SENTENCE, FLOOR, HUMAN, LEAD
from trailerflow.summaries.baselines import (
    at_both_lengths,
    constant_rows,
    human_rows,
    lead_rows,
    read_constant,
)
from trailerflow.summaries.comparisons import compare
from trailerflow.summaries.found import AMONG, found_scores
from trailerflow.summaries.score_summaries import score_summaries

KEYS = ["movie", "model", "prompt", "summary"]


def written(*summaries: str | None) -> pd.DataFrame:
    movies = [str(number) for number in range(len(summaries))]
    return pd.DataFrame({"movie": movies, "model": "m", "prompt": "zero_shot", "summary": summaries})


def plots(*texts: str | None) -> pd.DataFrame:
    return pd.DataFrame({"movie": [str(number) for number in range(len(texts))], "text": texts})


class ByLetters(Embedder):
    """How often each letter is in a text; the last value keeps a text without any from having no length."""

    weights = "none"

    def __init__(self) -> None:
        self.read: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[np.ndarray]:
        self.read += texts
        return [np.array([*(text.count(letter) for letter in "abcd"), 0.01]) for text in texts]


def test_the_lead_is_the_first_words_of_each_summarised_movie() -> None:
    transcripts = plots("Once  upon\na time", "b", None, "d").assign(status=["ok", "ok", "absent", "ok"])
    lead = lead_rows(written("x", None, "y"), transcripts, length=3)
    assert lead[KEYS].values.tolist() == [["0", LEAD, "", "Once upon a"]]


def test_the_lead_of_a_script_without_blanks_is_its_first_letters() -> None:
    transcripts = plots("他独自回到小镇，OK。").assign(status="ok")
    assert lead_rows(written("x"), transcripts, length=4)["summary"].tolist() == ["他独自回"]


def test_constants_and_human_plots_stand_for_the_summarised_movies_alone() -> None:
    summaries = written("x", None, "y")
    constant = constant_rows(summaries, {CONSTANT_SENTENCE: "A man."})
    assert constant[KEYS].values.tolist() == [
        ["0", CONSTANT_SENTENCE, "", "A man."],
        ["2", CONSTANT_SENTENCE, "", "A man."],
    ]
    human = human_rows(summaries, plots("first", "second", None), name="long")
    assert human[KEYS].values.tolist() == [["0", HUMAN, "long", "first"]]


def test_texts_are_cut_to_the_words_of_their_own_reference() -> None:
    both = at_both_lengths(written("one two three", "one", None, "one two"), plots("a b", "a b", "a", None))
    assert both[["movie", "length", "summary"]].dropna().values.tolist() == [
        ["0", "full", "one two three"],
        ["1", "full", "one"],
        ["3", "full", "one two"],
        ["0", "equal", "one two"],
        ["1", "equal", "one"],
    ]


@pytest.mark.parametrize("content", [None, b"", b" ...\n", b"\xff\xfe"], ids=str)
def test_a_constant_without_a_word_is_refused(tmp_path, content) -> None:
    path = tmp_path / "constant.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrailerflowError, match=r"cannot be read|holds no word"):
        read_constant(path)


def test_own_plots_are_found_and_equally_near_ones_share() -> None:
    texts = at_both_lengths(
        pd.concat([written("aa", "b", "c"), constant_rows(written("x", "x", "x"), {CONSTANT_SENTENCE: "a"})]),
        plots("a", "b", "b"),
    )
    embedder = ByLetters()
    scores = found_scores(texts, plots("a", "b", "b"), embedder=embedder, seed=0)
    found = scores[scores["length"] == "full"].set_index(["system", "movie"])["value"]
    assert found["m"].tolist() == [1, 1 / 2, pytest.approx(1 / 3)]  # "c" is as far from all
    assert found[CONSTANT_SENTENCE].tolist() == [1, 0, 0]
    assert found[CHANCE].tolist() == [pytest.approx(1 / 3)] * 3
    assert set(scores["length"]) == {"full", "equal"}


def test_a_plot_is_sought_among_twenty() -> None:
    references = plots(*(f"a{'b' * number}" for number in range(AMONG + 5)))
    scores = found_scores(at_both_lengths(written("a"), references), references, embedder=ByLetters(), seed=0)
    assert scores.loc[scores["system"] == CHANCE, "value"].unique().tolist() == [1 / AMONG]
    assert scores.loc[scores["system"] == "m", "value"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("summaries", "references"), [(written("a"), plots("a")), (written(None, None), plots("a", "b"))], ids=str
)
def test_one_reference_alone_or_no_summary_has_nothing_to_find(summaries, references) -> None:
    texts = at_both_lengths(summaries, references)
    assert found_scores(texts, references, embedder=ByLetters(), seed=0).empty


class ByEquality:
    """Scores 1 where both texts are the same."""

    def score(self, summaries, references):
        values = [float(one == other) for one, other in zip(summaries, references, strict=True)]
        names = ("rouge1", "rouge2", "rougeL", "bertscore")
        return {metric: dict.fromkeys(("precision", "recall", "f1"), values) for metric in names}


def test_a_constant_has_no_floor() -> None:
    summaries = written("x", "y", "z")
    texts = at_both_lengths(constant_rows(summaries, {CONSTANT_SENTENCE: "a"}), plots("a", "b", "c"))
    scores = score_summaries(texts, plots("a", "b", "c"), scorer=ByEquality(), shifts=2, seed=0)
    assert set(scores["system"]) == {CONSTANT_SENTENCE}


def scores_of(**values: list[float]) -> pd.DataFrame:
    """Scores of movies 0, 1, …; a name with two underscores in a row has a prompt."""
    names = {"floor": FLOOR, "constant": CONSTANT_SENTENCE}
    rows = [
        {
            "movie": str(movie),
            "system": names.get(name.partition("__")[0], name.partition("__")[0]),
            "prompt": name.partition("__")[2],
            "length": "equal",
            "metric": "rougeL",
            "statistic": "f1",
            "value": value,
        }
        for name, own in values.items()
        for movie, value in enumerate(own)
    ]
    columns = ["movie", "system", "prompt", "length", "metric", "statistic", "value"]
    return pd.DataFrame(rows, columns=columns)


def test_differences_are_paired_signed_and_corrected() -> None:
    rng = np.random.default_rng(0)
    base = rng.random(60)
    noise = rng.normal(0, 0.01, 60)
    scores = scores_of(
        m__zero_shot=list(base + 0.1),
        m__few_shot=list(base + 0.1 + noise),
        floor__zero_shot=list(base),
        constant=list(base + 0.3 + noise),
    )
    pairs = compare(scores, seed=0).set_index(["prompt", "other"])
    assert pairs.index.tolist() == [
        ("zero_shot", FLOOR),
        ("zero_shot", CONSTANT_SENTENCE),
        ("few_shot", "m"),
        ("few_shot", CONSTANT_SENTENCE),
    ]
    assert pairs["difference"].tolist() == pytest.approx([0.1, -0.2 - noise.mean(), noise.mean(), -0.2])
    assert pairs["verdict"].tolist() == ["better", "worse", "cannot be told apart", "worse"]
    assert (pairs["p_corrected"] >= pairs["p_value"]).all()
    assert set(pairs["movies"]) == {60}


def test_only_movies_of_both_count_and_one_movie_has_no_interval() -> None:
    scores = scores_of(m__zero_shot=[0.5, 0.7], floor__zero_shot=[0.4])
    (row,) = compare(scores, seed=0).to_dict("records")
    assert (row["value"], row["other_value"], row["movies"]) == (0.5, 0.4, 1)
    assert pd.isna(row["difference_low"]) and row["verdict"] == ""


def test_without_scores_there_is_nothing_to_compare() -> None:
    assert compare(scores_of(m__zero_shot=[]), seed=0).empty
