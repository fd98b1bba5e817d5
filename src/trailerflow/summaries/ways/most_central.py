"""The way ``most_central``: several samples of one sentence, of which the one that is most like the others is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from trailerflow.llm.prompts import render
from trailerflow.llm.types import Asks, Request
from trailerflow.summaries.ways.contract import TOKENS_PER_WORD, Prompts, Told, Way, Written
from trailerflow.text import compared_words

SAMPLES = 4
_WORDS = 40


class MostCentral(Way):
    """Minimum Bayes risk over samples: what a model says often is likelier meant than what it says once.

    Kumar & Byrne, Minimum Bayes-Risk Decoding for Statistical Machine Translation, NAACL 2004, with the F1 of words as the
    gain. Of equals the first counts. A model that takes no temperature gives one answer.
    """

    prompts = ("one_sentence",)

    def requests(self, told: Told, prompts: Prompts) -> list[Request]:
        """A request a sample."""
        messages = render(prompts["one_sentence"], {"transcript": told.transcript["text"]})
        return [
            Request(messages, round(TOKENS_PER_WORD * _WORDS), sample=number)
            for number in range(1, SAMPLES + 1)
        ]

    def write(self, told: Told, prompts: Prompts, client: Asks) -> Written:
        """The most central sample."""
        answers = [client.ask(request) for request in self.requests(told, prompts)]
        place = most_central([answer.text for answer in answers])
        return Written(answers[place], others=tuple(answers[:place] + answers[place + 1 :]))


def most_central(texts: Sequence[str]) -> int:
    """Place of the text with the highest mean F1 of words against the others.

    >>> most_central(["a cat runs", "the dog sleeps", "a cat sleeps"])
    2
    """
    bags = [Counter(compared_words(text)) for text in texts]
    gains = [sum(word_f1(one, other) for other in bags if other is not one) for one in bags]
    return gains.index(max(gains))


def word_f1(one: Counter[str], other: Counter[str]) -> float:
    """Twice the shared words by the words of both; 0 for two empty texts.

    >>> word_f1(Counter("aab"), Counter("abc"))
    0.6666666666666666
    """
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 0.0
