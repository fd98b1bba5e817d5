"""A model and measures that answer by rule, for the benches of summaries."""

from __future__ import annotations

import numpy as np

from trailerflow.embedding import Embedder
from trailerflow.errors import LaterError
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Answer
from trailerflow.row_kinds import CONSTANT_SENTENCE
from trailerflow.summaries.measures import Measures
from trailerflow.summaries.metrics import METRICS, REFERENCE_METRICS, STATISTICS


class Stub:
    """Answers with the film's title and what it was told, NOTHING to a short text, and not at all to the film X."""

    model = LanguageModel(name="stub", kind="embedded", model="stub", context=100, slots=2)

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request):
        told = request.messages[-1]["content"]
        title = told.split("Title: ")[1].splitlines()[0]
        if title == "X":
            raise LaterError("the server asks for a pause", None)
        spoken = told.split("Spoken words:\n")[1].split("\n\nSummary")[0]
        text = "NOTHING" if len(spoken.split()) < 25 else f"{title}: {spoken}."
        return Answer(text, "stop", 10, 10, 0.1, False, [])


class ByEquality:
    """1 where the texts are the same or one holds the other, 0 elsewhere."""

    def names(self):
        return dict.fromkeys(METRICS, "by equality")

    def score(self, summaries, references):
        values = [float(one == other) for one, other in zip(summaries, references, strict=True)]
        return {metric: dict.fromkeys(STATISTICS, values) for metric in REFERENCE_METRICS}

    def support(self, sentences, sources):
        return [float(source in sentence) for sentence, source in zip(sentences, sources, strict=True)]


class ByLetters(Embedder):
    """How often each letter is in a text."""

    weights = "none"

    def __init__(self):
        pass

    def embed(self, texts):
        return [np.array([text.count(letter) for letter in "mw0123456789"]) + 0.01 for text in texts]


def measures() -> Measures:
    """What scores by the rules above."""
    return Measures(
        scorer=ByEquality(),
        embedder=ByLetters(),
        constants={CONSTANT_SENTENCE: "A man meets a woman."},
        words=30,
        shifts=2,
        seed=0,
    )
