"""ROUGE-1, ROUGE-2 and ROUGE-L of each summary: a thin `evaluate` module over rouge-score.

`evaluate`'s own "rouge" is fetched from a hub and gives F1 alone; this one is loaded from its folder
and gives precision and recall too. Its own tokenizer knows the words of every script; rouge-score's leaves
nothing but a to z and 0 to 9.
"""

from functools import cache
from types import SimpleNamespace

import datasets
import evaluate
from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer
from rouge_score.scoring import Score
from rouge_score.tokenizers import DefaultTokenizer

from trailerflow.letters import folded, words

ROUGE_TYPES = ("rouge1", "rouge2", "rougeL")

_CITATION = """\
@inproceedings{lin-2004-rouge,
    title = {{ROUGE}: A Package for Automatic Evaluation of Summaries},
    author = {Lin, Chin-Yew},
    booktitle = {Text Summarization Branches Out},
    pages = {74--81},
    year = {2004},
    publisher = {Association for Computational Linguistics}
}
"""

_INPUTS = """\
Args:
    predictions: Summaries, one text each.
    references: Reference texts, one for each summary.
    tokenizer: "unicode", words of every script without accents, or "rouge_score", that of the package.
    use_stemmer: Whether English words are compared by their Porter stems.
Returns:
    For rouge1, rouge2 and rougeL: lists of precision, recall and f1, one value for each summary, in [0, 1],
    or NaN where the tokenizer finds no word in the summary or none in the reference.
"""

NO_SCORES = dict.fromkeys(ROUGE_TYPES, Score(*[float("nan")] * 3))


class UnicodeTokenizer:
    """Words of every script; those of unaccented Latin letters are stemmed as rouge-score stems all of its own.

    For a text of ASCII letters, digits and any punctuation the words are those of rouge-score.
    """

    def __init__(self, use_stemmer):
        self._stemmer = PorterStemmer() if use_stemmer else None

    def tokenize(self, text):
        """The words of a text, in order."""
        return [self._stem(word) for word in words(folded(text))]

    def _stem(self, word):
        stemmed = self._stemmer and word.isascii() and len(word) > SHORTEST_STEMMED
        return self._stemmer.stem(word) if stemmed else word


TOKENIZERS = {"unicode": UnicodeTokenizer, "rouge_score": DefaultTokenizer}
SHORTEST_STEMMED = 3
"""Words up to this length stay as they are, in rouge-score too."""


class TrailerRouge(evaluate.Metric):
    """ROUGE for each item."""

    def _info(self):
        return evaluate.MetricInfo(
            description="ROUGE-1/2/L precision, recall and F1 of each item, by rouge-score.",
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=datasets.Features(
                {"predictions": datasets.Value("string"), "references": datasets.Value("string")}
            ),
        )

    def _compute(self, predictions, references, tokenizer="unicode", use_stemmer=True):
        tokens = cache(TOKENIZERS[tokenizer](use_stemmer).tokenize)
        scorer = rouge_scorer.RougeScorer(ROUGE_TYPES, tokenizer=SimpleNamespace(tokenize=tokens))
        scores = [
            scorer.score(reference, prediction) if tokens(prediction) and tokens(reference) else NO_SCORES
            for prediction, reference in zip(predictions, references, strict=True)
        ]
        return {
            rouge_type: {
                "precision": [score[rouge_type].precision for score in scores],
                "recall": [score[rouge_type].recall for score in scores],
                "f1": [score[rouge_type].fmeasure for score in scores],
            }
            for rouge_type in ROUGE_TYPES
        }
