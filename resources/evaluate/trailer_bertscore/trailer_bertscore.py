"""BERTScore of each summary by an encoder in a local folder: a thin `evaluate` module over bert-score.

`evaluate`'s own "bertscore" is fetched from a hub, and so is its encoder; this one takes both from folders.
No baseline is subtracted. Empty texts must be left out beforehand: bert-score 0.3.13 crashes on them.
"""

import bert_score
import datasets
import evaluate

_CITATION = """\
@inproceedings{bert-score,
    title = {{BERTScore}: Evaluating Text Generation with {BERT}},
    author = {Zhang, Tianyi and Kishore, Varsha and Wu, Felix and Weinberger, Kilian Q. and Artzi, Yoav},
    booktitle = {International Conference on Learning Representations},
    year = {2020}
}
"""

_INPUTS = """\
Args:
    predictions: Summaries, one text each, none empty.
    references: Reference texts, one for each summary, none empty.
    encoder: Folder of a transformers encoder with its tokenizer.
    layer: Layer whose token vectors are compared, counted from 1.
    batch_size: Texts encoded at a time.
Returns:
    Lists of precision, recall and f1, one value for each summary.
"""


class TrailerBertScore(evaluate.Metric):
    """BERTScore for each item."""

    def _info(self):
        return evaluate.MetricInfo(
            description="BERTScore precision, recall and F1 of each item, by bert-score.",
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=datasets.Features(
                {"predictions": datasets.Value("string"), "references": datasets.Value("string")}
            ),
        )

    def _compute(self, predictions, references, encoder, layer, batch_size):
        scorer = bert_score.BERTScorer(model_type=encoder, num_layers=layer, batch_size=batch_size)
        precision, recall, f1 = scorer.score(predictions, references, batch_size=batch_size)
        return {"precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist()}
