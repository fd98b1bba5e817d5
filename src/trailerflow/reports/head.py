"""The head of the page: what run this is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.section import Reader, table
from trailerflow.reports.values import counted, listed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Head(Reader):
    """Whose trailers, and who summarised them."""

    movies: pd.DataFrame = table("select_movies/movies.parquet", "movie")
    summaries: pd.DataFrame = table("merge_summaries/summaries.parquet", "model", "prompt")

    def introduction(self) -> str:
        """What the page is about, in a sentence."""
        models = sorted({str(model) for model in self.summaries["model"].dropna()})
        prompts = sorted({str(prompt) for prompt in self.summaries["prompt"].dropna()})
        noun = "prompt" if len(prompts) == 1 else "prompts"
        made = f", summarised by {listed(models)} with the {noun} {listed(prompts)}" if models else ""
        movies = counted(len(self.movies), "movie")
        return (
            "A trailerflow run on the trailers of "
            f"{movies}{made}: what became of each movie, how "
            "good the summaries, genres and rankings are and against what, and what it cost."
        )
