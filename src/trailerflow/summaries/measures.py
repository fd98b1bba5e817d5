"""All scores of a run's summaries and of their company: by the references, and by the transcripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from trailerflow.embedding import Embedder
from trailerflow.summaries.baselines import at_both_lengths, constant_rows, lead_rows
from trailerflow.summaries.faithfulness import faithfulness_scores
from trailerflow.summaries.found import found_scores
from trailerflow.summaries.metrics import Scorer
from trailerflow.summaries.score_summaries import score_summaries


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What scores, and what the summaries are compared with.

    Attributes:
        scorer: ROUGE, BERTScore and support.
        embedder: Vectors of whole texts.
        constants: Texts that are the same for every film, by the names of their rows.
        words: Words of the lead of a transcript.
        shifts: Other movies that each summary is scored against, for the floors.
        seed: Seed of all draws.
    """

    scorer: Scorer
    embedder: Embedder
    constants: Mapping[str, str]
    words: int
    shifts: int
    seed: int

    def by_reference(
        self,
        summaries: pd.DataFrame,
        synopses: pd.DataFrame,
        transcripts: pd.DataFrame,
        *,
        plots: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """ROUGE, BERTScore and own plots found, at both lengths.

        Args:
            summaries: Table of ``merge_summaries``.
            synopses: Table of ``merge_summaries``: the references.
            transcripts: Table of ``merge_transcripts``.
            plots: Rows of `trailerflow.summaries.baselines.human_rows`, by other people than the references; none
                where there are none.
        """
        rows = [
            summaries,
            plots,
            constant_rows(summaries, self.constants),
            lead_rows(summaries, transcripts, length=self.words),
        ]
        texts = at_both_lengths(pd.concat(rows), synopses)
        return pd.concat(
            [
                score_summaries(texts, synopses, scorer=self.scorer, shifts=self.shifts, seed=self.seed),
                found_scores(texts, synopses, embedder=self.embedder, seed=self.seed),
            ],
            ignore_index=True,
        )

    def by_transcript(
        self,
        summaries: pd.DataFrame,
        synopses: pd.DataFrame,
        transcripts: pd.DataFrame,
        *,
        plots: pd.DataFrame,
    ) -> pd.DataFrame:
        """Faithfulness, at both lengths.

        Args:
            summaries: Table of ``merge_summaries``.
            synopses: Table of ``merge_summaries``; they give the equal length.
            transcripts: Table of ``merge_transcripts``.
            plots: Rows of `trailerflow.summaries.baselines.human_rows`.
        """
        rows = [summaries, plots, constant_rows(summaries, self.constants)]
        return faithfulness_scores(
            at_both_lengths(pd.concat(rows), synopses),
            transcripts,
            scorer=self.scorer,
            shifts=self.shifts,
            seed=self.seed,
        )
