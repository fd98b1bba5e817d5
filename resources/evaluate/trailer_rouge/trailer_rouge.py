"""ROUGE-1, ROUGE-2 and ROUGE-L of each summary: a thin `evaluate` module over rouge-score.

`evaluate`'s own "rouge" is fetched from a hub and gives F1 alone; this one is loaded from its folder
and gives precision and recall too.
"""

import datasets
import evaluate
from rouge_score import rouge_scorer

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
    use_stemmer: Whether words are compared by their Porter stems.
Returns:
    For rouge1, rouge2 and rougeL: lists of precision, recall and f1, one value for each summary, in [0, 1].
"""


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

    def _compute(self, predictions, references, use_stemmer):
        scorer = rouge_scorer.RougeScorer(ROUGE_TYPES, use_stemmer=use_stemmer)
        scores = [
            scorer.score(reference, prediction)
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
