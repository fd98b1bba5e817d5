from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from torch.nn.functional import binary_cross_entropy_with_logits

from trailerflow.genres.encoder.linear_start import linear_head
from trailerflow.genres.encoder.losses import asymmetric_loss, loss_of, positive_weights
from trailerflow.genres.encoder.settings import ASYMMETRIC, PLAIN, WEIGHTED


def test_rare_positives_weigh_more_up_to_a_limit():
    labels = torch.zeros(40, 4)
    labels[:30, 0] = 1
    labels[:8, 1] = 1
    labels[:1, 2] = 1
    assert positive_weights(labels).tolist() == [1.0, 4.0, 10.0, 1.0]


def test_the_weighted_loss_counts_positives_by_these_weights():
    labels = torch.tensor([[1.0], [0.0], [0.0], [0.0]])
    loss = loss_of(WEIGHTED, labels)(torch.zeros(4, 1), labels)
    assert loss.flatten().tolist() == pytest.approx([3 * np.log(2), *[np.log(2)] * 3])


@given(st.floats(-8, 8), st.sampled_from([0.0, 1.0]))
def test_the_asymmetric_loss_is_as_its_paper_writes_it(logit, label):
    p = 1 / (1 + np.exp(-logit))
    shifted = max(p - 0.05, 0)
    expected = -np.log(p) if label else -(shifted**4) * np.log(1 - shifted)
    found = asymmetric_loss(torch.tensor([[logit]]), torch.tensor([[label]]))
    assert found.item() == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_a_soft_label_counts_as_both_by_its_share():
    logits = torch.tensor([[0.3]])
    for kind in (PLAIN, ASYMMETRIC):
        loss = loss_of(kind, torch.tensor([[0.25]]))
        one, zero, between = (loss(logits, torch.tensor([[label]])).item() for label in (1.0, 0.0, 0.25))
        assert between == pytest.approx(0.25 * one + 0.75 * zero)


def test_the_linear_head_is_a_logistic_regression():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(60, 5)).astype(np.float32)
    vectors = (vectors - vectors.mean(axis=0)) / vectors.std(axis=0, ddof=1)
    labels = (vectors[:, :2] + 0.3 * rng.normal(size=(60, 2)) > 0).astype(np.float32)
    counts = rng.integers(1, 4, 60)
    weights, bias = linear_head(
        torch.tensor(vectors),
        torch.tensor(labels),
        torch.tensor(counts, dtype=torch.float32),
        lambda logits, wanted: binary_cross_entropy_with_logits(logits, wanted, reduction="none"),
        penalty=0.05,
    )
    for genre in range(2):
        theirs = LogisticRegression(C=1 / (0.05 * counts.sum()), tol=1e-8, max_iter=1000)
        theirs.fit(vectors, labels[:, genre], sample_weight=counts)
        np.testing.assert_allclose(weights[genre], theirs.coef_[0], atol=2e-3)
        assert bias[genre].item() == pytest.approx(theirs.intercept_[0], abs=2e-3)
