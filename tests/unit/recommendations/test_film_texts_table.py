"""The texts of films and their vectors as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.outcomes import Outcome, write_outcome
from trailerflow.recommendations.film_texts_table import film_texts, vectors_of_texts


class Lengths:
    """Vectors that tell a text's length."""

    def of(self, texts):
        return np.array([[len(text), 0.5] for text in texts], np.float32)


def test_texts_of_a_film_are_joined_in_the_order_of_their_names(tmp_path) -> None:
    told = [("fetch_synopsis", "1", "A shark."), ("prepare_transcript", "1", "Bigger boat."),
            ("prepare_transcript", "2", "Rosebud."), ("prepare_transcript", "9", "Not of this run.")]  # fmt: skip
    paths = []
    for rule, movie, text in told:
        paths.append(tmp_path / rule / f"{movie}.json")
        write_outcome(Outcome(movie, rule, "ok", data={"text": text}), paths[-1])
    paths.append(tmp_path / "fetch_synopsis" / "2.json")
    write_outcome(Outcome("2", "fetch_synopsis", "absent", reasons=("nobody tells it",)), paths[-1])
    movies = pd.Series(["1", "2", "3"])
    found = film_texts(movies, paths, ["synopsis", "transcript"])
    assert found.to_dict("list") == {"movie": ["1", "2"], "text": ["A shark. Bigger boat.", "Rosebud."]}
    vectors = vectors_of_texts(found, Lengths())
    assert vectors["movie"].tolist() == ["1", "2"]
    assert [list(vector) for vector in vectors["vector"]] == [[21, 0.5], [8, 0.5]]


def test_without_texts_both_tables_are_empty() -> None:
    found = film_texts(pd.Series(["1"]), [], [])
    assert found.empty and list(found.columns) == ["movie", "text"]
    assert list(vectors_of_texts(found, None).columns) == ["movie", "vector"]
