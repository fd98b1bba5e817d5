"""A paragraph ready for a paper, with the names and versions of this run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.abouts import model_rows, versions
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import listed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Methods(Section):
    """What was done, in the words of a paper."""

    identifier = "methods"
    title = "Methods, ready to adapt"

    movies: pd.DataFrame = table("select_movies/movies.parquet", "movie")

    def paragraphs(self) -> tuple[str, ...]:
        """The paragraph."""
        found = versions(self.run.abouts)
        tools = listed([f"{name} {found[name]}" for name in sorted(found)])
        models = listed(sorted({name for name, _, _, _ in model_rows(self.run.abouts)}))
        return (
            f"Trailer transcripts of {len(self.movies):,} movies were taken from captions or, where there "
            f"were none, from speech recognition, and summarised by language models. Models: {models}. "
            "Summaries were scored against reference synopses by ROUGE-1/2/L and BERTScore, at full and at equal "
            "length, beside mismatched synopses and constant texts; genres by precision, recall and F1, micro and "
            "macro averaged; rankings of each user's last films by MAP, MRR and NDCG beside chance and an oracle. All "
            "intervals are 95 % percentile bootstrap intervals over movies or users. Software: trailerflow "
            f"and Snakemake; {tools}.",
        )
