"""Weighted words, or parts of words, and logistic regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from trailerflow.errors import TrailerflowError
from trailerflow.genres.films import Floats, Reads
from trailerflow.genres.systems.contract import Surroundings, Told
from trailerflow.genres.systems.logistic import fit_logistic
from trailerflow.genres.systems.text_system import Arrays, LabelledRows, TextSystem

COLUMNS = 2**18
"""Places of the counts: each word is counted in the place that a hash gives it (Weinberger et al., Feature Hashing for Large
Scale Multitask Learning, ICML 2009), so the counts of a text depend on nothing else."""

PARTS: dict[str, dict[str, Any]] = {
    "words": {"ngram_range": (1, 2), "stop_words": "english"},
    "characters": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}
"""What is counted: words and pairs of them, or runs of three to five letters within words."""


class TextCounts:
    """The counts of texts; a text is counted once in a process.

    Args:
        parts: What is counted, one of `PARTS`.
    """

    def __init__(self, parts: str) -> None:
        self._vectorizer = HashingVectorizer(
            n_features=COLUMNS, alternate_sign=False, norm=None, strip_accents="unicode", **PARTS[parts]
        )
        self._places: dict[str, int] = {}
        self._table = csr_matrix((0, COLUMNS))

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """The counts of n texts, shape (n, `COLUMNS`)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._places]
        if new:
            start = len(self._places)
            self._places |= {text: start + place for place, text in enumerate(new)}
            self._table = vstack([self._table, self._vectorizer.transform(new)], format="csr")
        return self._table[[self._places[text] for text in texts]]


_counts = cache(TextCounts)


class TfidfSystem(TextSystem):
    """Counts weighted by how few texts have them, and a logistic regression for each genre.

    Its settings are ``parts``, one of `PARTS`, ``least`` (rows in which what is counted must stand), and ``strength``, the
    inverse of the L2 penalty.
    """

    kind = "tfidf"
    family = "TF-IDF, logistic regression"
    defaults: ClassVar[Mapping[str, Any]] = {"parts": "words", "least": 2, "strength": 1.0}

    def __init__(
        self, name: str, reads: Reads, settings: Mapping[str, Any], surroundings: Surroundings, seed: int
    ) -> None:
        super().__init__(name, reads, settings, surroundings, seed)
        if self.settings["parts"] not in PARTS:
            raise TrailerflowError(
                f"The genre system {name} counts {self.settings['parts']!r}; choose one of {', '.join(PARTS)}."
            )

    def learn(self, rows: LabelledRows) -> Arrays:
        """Weigh the counts, and fit a regression for each genre."""
        counts = _counts(self.settings["parts"]).of(rows.texts)
        used = np.flatnonzero(counts.getnnz(axis=0) >= self.settings["least"])
        weighting = TfidfTransformer(sublinear_tf=True)
        features = weighting.fit_transform(counts[:, used])
        coefficients, offsets = fit_logistic(features, rows.labels, rows.weights, self.settings["strength"])
        return {
            "used": used,
            "rarity": weighting.idf_.astype(np.float32),
            "coefficients": coefficients.astype(np.float32),
            "offsets": offsets,
        }

    def score(self, learnt: Arrays, texts: Sequence[str], sources: Sequence[str]) -> Floats:
        """The logits of the regressions."""
        weighting = TfidfTransformer(sublinear_tf=True)
        weighting.idf_ = learnt["rarity"].astype(float)
        features = weighting.transform(_counts(self.settings["parts"]).of(texts)[:, learnt["used"]])
        scores: Floats = features @ learnt["coefficients"].astype(float) + learnt["offsets"]
        return scores

    def told(self) -> Told:
        """What computes it."""
        return Told(packages=("scikit-learn", "scipy"))
