"""The head of the page."""

from __future__ import annotations

import pandas as pd

from trailerflow.reports.head import Head


def test_it_says_whose_trailers_and_who_summarised_them() -> None:
    movies = pd.DataFrame({"movie": ["1", "2"]})
    assert (
        Head(movies=movies[:1])
        .introduction()
        .startswith("A trailerflow run on the trailers of 1 movie: what")
    )
    summaries = pd.DataFrame({"model": ["b", "a", None], "prompt": ["short", "short", None]})
    made = Head(movies=movies, summaries=summaries).introduction()
    assert "the trailers of 2 movies, summarised by a and b with the prompt short: what became" in made
