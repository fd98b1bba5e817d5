"""Stand-ins for what measures of support need: no weights are loaded."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from trailerflow.llm.types import Answer, Request
from trailerflow.summaries.support.contract import Surroundings
from trailerflow.text import compared_words
from unit.scripted_model import ScriptedModel, said

ROOT = Path(__file__).parents[4]


def share(claim: str, text: str) -> float:
    """Of a claim's words those that a text has."""
    words = compared_words(claim)
    return sum(word in set(compared_words(text)) for word in words) / len(words)


class ByWords:
    """Stands for BERTScore."""

    def support(self, sentences, sources):
        return [share(sentence, source) for sentence, source in zip(sentences, sources, strict=True)]


class BagsOfWords:
    """Stands for sentence vectors."""

    def of(self, texts):
        vectors = np.full((len(texts), 64), 0.01, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in compared_words(text):
                vectors[row, sum(word.encode()) % 64] += 1
        return vectors


class Reader(ScriptedModel):
    """A model that says how much of a claim stands in the transcript."""

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        spoken, _, asked = request.messages[-1]["content"].partition("\n\nStatement: ")
        yes = 0.1 + 0.8 * share(asked.partition("\n")[0], spoken)
        answer = said("Yes." if yes > 0.5 else " No, it does not")
        odds = {"Yes": math.log(yes), "No": math.log(1 - yes)}
        return replace(
            answer, top_logprobs=[odds] if request.top_logprobs and self.model.log_probabilities else []
        )


def surroundings(*transcripts: str, model: ScriptedModel | None = None) -> Surroundings:
    return Surroundings(
        encoder=ByWords,
        vectors=BagsOfWords,
        model=lambda: model or Reader(),
        transcripts=transcripts,
        prompts={"supported": ROOT / "resources/prompts/support/supported.txt"},
        weights=ROOT / "resources/support/combination.json",
    )
