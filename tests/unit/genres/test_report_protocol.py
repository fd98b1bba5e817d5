"""The report's protocol is what it says: trained and scored on the same rows, searched on from what it had learnt."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from sklearn.metrics import average_precision_score, f1_score

from trailerflow.genre_names import GENRES
from trailerflow.genres import report_protocol
from trailerflow.genres.encoder.examples import Examples
from trailerflow.genres.encoder.training import logits_of
from trailerflow.genres.report_protocol import SETTINGS, figures, search_as_report, train_as_report
from trailerflow.genres.systems.pretrained import load_encoder
from trailerflow.torch_threads import use_threads
from unit.genres.tiny_encoder import fetched_minilm, told_films

pytestmark = pytest.mark.slow

FILMS = told_films()
TINY = replace(SETTINGS, epochs=12, learning_rate=0.01, tokens=8, batch=4, precision="float32")


@pytest.fixture
def encoder(tmp_path):
    use_threads(1)
    fetched_minilm(tmp_path)
    torch.manual_seed(0)
    return load_encoder("minilm-distilbert", tmp_path)


def examples(encoder, films=FILMS) -> Examples:
    labels = torch.tensor(films[list(GENRES)].to_numpy(dtype=float), dtype=torch.float32)
    return Examples(encoder.tokens(list(films["text"]), 8), labels, torch.ones(len(films)))


def test_it_learns_the_rows_that_it_is_scored_on(encoder):
    texts = examples(encoder)
    network = train_as_report(encoder.network("first"), texts, replace(TINY, batch=2))
    told = figures(texts, logits_of(network, texts.tokens, 4))
    assert told["map"] == 1.0
    assert not network.training


def test_the_step_size_falls_to_a_tenth_every_five_epochs(encoder, monkeypatch):
    rates: list[float] = []

    class Watched(report_protocol.Training):
        def epoch(self) -> None:
            rates.append(self._optimizer.param_groups[0]["lr"])
            super().epoch()

    monkeypatch.setattr(report_protocol, "Training", Watched)
    train_as_report(encoder.network("first"), examples(encoder), TINY)
    assert rates == pytest.approx([0.01] * 5 + [0.001] * 5 + [0.0001] * 2)


def test_its_search_goes_on_from_the_network_that_saw_the_rows_it_is_judged_on(encoder, monkeypatch):
    starts: list[torch.Tensor] = []
    train = report_protocol.train_as_report

    def watched(network, *more):
        starts.append(network.classifier.weight.detach().clone())
        return train(network, *more)

    monkeypatch.setattr(report_protocol, "train_as_report", watched)
    texts = examples(encoder)
    network = encoder.network("first")
    first = network.classifier.weight.detach().clone()
    found = search_as_report(network, texts, examples(encoder, FILMS[:4]), TINY)
    assert len(found.trials) == len(starts) == 10
    assert torch.equal(starts[0], first)
    assert all(not torch.equal(one, first) for one in starts[1:])
    assert found.trials["learning_rate"].between(1e-5, 5e-5).all()
    assert set(found.trials["batch"]) <= {8, 16, 32}


def test_its_figures_are_taken_at_one_half():
    labels = torch.zeros(3, 18)
    labels[0, 0] = labels[1, 0] = labels[2, 1] = 1
    logits = torch.full((3, 18), -1.0)
    logits[0, 0], logits[2, 0] = 0.1, 0.2
    told = figures(Examples([torch.zeros(1)] * 3, labels, torch.ones(3)), logits)
    said = logits.numpy() > 0
    assert told["precision"] == 0.5
    assert told["micro_f1"] == pytest.approx(f1_score(labels.numpy() > 0, said, average="micro"))
    assert told["macro_f1"] == pytest.approx(0.25)
    theirs = average_precision_score(labels[:, :2].numpy(), logits[:, :2].numpy())
    assert told["map"] == pytest.approx(theirs)
