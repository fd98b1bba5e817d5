"""ROUGE, BERTScore and support of summaries, through the `evaluate` modules that the project ships."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError

ROUGE: tuple[str, ...] = ("rouge1", "rouge2", "rougeL")
REFERENCE_METRICS: tuple[str, ...] = (*ROUGE, "bertscore")
FAITHFULNESS = "faithfulness"
FOUND = "found"
METRICS: tuple[str, ...] = (*REFERENCE_METRICS, FAITHFULNESS, FOUND)
STATISTICS: tuple[str, ...] = ("precision", "recall", "f1")
SHARE = "share"
"""The statistic of `FOUND`; that of `FAITHFULNESS` is precision."""

FULL, EQUAL = LENGTHS = "full", "equal"
"""Lengths at which texts are scored: as they are, or cut to as many words as the movie's reference has."""

ROUGE_TOKENIZERS: tuple[str, ...] = ("unicode", "rouge_score")
"""What a word is to ROUGE: `trailerflow.letters` knows all scripts; rouge-score itself a to z and 0 to 9."""

_BATCH_SIZE = 32

Scores = dict[str, dict[str, list[float]]]
"""Metric, then statistic, to one value for each pair of summary and reference."""


@dataclass(frozen=True)
class Scorer:
    """The two modules and the encoder.

    Attributes:
        modules: Folder that holds the module folders ``trailer_rouge`` and ``trailer_bertscore``.
        encoder: Folder of the encoder for BERTScore.
        encoder_name: What the encoder is called in tables.
        layer: Layer of the encoder whose token vectors are compared, counted from 1.
        rouge_tokenizer: One of `ROUGE_TOKENIZERS`.
    """

    modules: Path
    encoder: Path
    encoder_name: str
    layer: int
    rouge_tokenizer: str = ROUGE_TOKENIZERS[0]

    def check(self) -> None:
        """Refuse a layer that the encoder does not have, before any text is scored.

        Raises:
            TrailerflowError: It has fewer; how many is taken from its ``config.json``, where that tells it.
        """
        path = self.encoder / "config.json"
        told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        layers = told.get("num_hidden_layers", told.get("n_layers"))  # the second is DistilBERT's word
        if layers is not None and self.layer > layers:
            raise TrailerflowError(
                f"The encoder {self.encoder_name} has {layers} layers, and BERTScore is to compare layer {self.layer}; "
                f"set summaries.bertscore_layer to a number from 1 to {layers}."
            )

    def names(self) -> dict[str, str]:
        """What each metric was computed with, for the table's column ``scorer``."""
        rouge = f"rouge-score {version('rouge-score')}, tokenizer {self.rouge_tokenizer}, stemmed"
        bertscore = f"bert-score {version('bert-score')}, {self.encoder_name}, layer {self.layer}"
        names = {metric: bertscore if metric == "bertscore" else rouge for metric in REFERENCE_METRICS}
        return names | {
            FAITHFULNESS: f"{bertscore}, precision against windows of the transcript",
            FOUND: f"cosine of mean token vectors, {self.encoder_name}, last three layers",
        }

    def score(self, summaries: Sequence[str], references: Sequence[str]) -> Scores:
        """Score summaries against references, pair by pair.

        ROUGE (Lin, Text Summarization Branches Out, 2004) compares stemmed words; BERTScore (Zhang et al.,
        ICLR 2020) compares token vectors, without a baseline, as many of a text as the encoder takes.

        Args:
            summaries: Texts with at least one letter or digit each.
            references: As many, with the same condition.

        Returns:
            One value for each pair, by metric and statistic; NaN for ROUGE where one of the two has no word that the
            tokenizer knows. Empty lists for no pairs.
        """
        if not summaries:
            return {metric: {statistic: [] for statistic in STATISTICS} for metric in REFERENCE_METRICS}
        pairs = {"predictions": list(summaries), "references": list(references)}
        scores: Scores = self.load("trailer_rouge").compute(
            **pairs, tokenizer=self.rouge_tokenizer, use_stemmer=True
        )
        return {**scores, "bertscore": self._bertscore(summaries, references)}

    def support(self, sentences: Sequence[str], sources: Sequence[str]) -> list[float]:
        """How well each sentence's tokens are found in a source: BERTScore's precision, pair by pair.

        Each distinct text is encoded once, however many pairs it is in.

        Args:
            sentences: Texts with at least one letter or digit each.
            sources: As many, with the same condition.

        Returns:
            One value for each pair; an empty list for no pairs.
        """
        return self._bertscore(sentences, sources)["precision"] if sentences else []

    def _bertscore(self, texts: Sequence[str], references: Sequence[str]) -> dict[str, list[float]]:
        scores: dict[str, list[float]] = self.load("trailer_bertscore").compute(
            predictions=list(texts),
            references=list(references),
            encoder=str(self.encoder),
            layer=self.layer,
            batch_size=_BATCH_SIZE,
        )
        return scores

    def load(self, name: str) -> Any:
        """Load a shipped module; no hub is asked, whether there is a network or not."""
        os.environ["HF_HUB_OFFLINE"] = os.environ["HF_EVALUATE_OFFLINE"] = "1"
        import evaluate  # takes seconds, and reads the two variables when first imported

        folder = self.modules / name
        if not (folder / f"{name}.py").is_file():
            raise TrailerflowError(
                f"{folder} holds no evaluate module {name}.py; restore it from the project."
            )
        return evaluate.load(str(folder), keep_in_memory=True)
