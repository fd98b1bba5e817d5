"""The training: from a linear head, with frozen layers, in parts of a batch, stopped by validation, cut short by a GPU."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder import fitting, training
from trailerflow.genres.encoder.examples import Examples, drawn_batches, filled, no_examples
from trailerflow.genres.encoder.fitting import Start, fitted
from trailerflow.genres.encoder.frozen import Frozen
from trailerflow.genres.encoder.linear_start import linear_head
from trailerflow.genres.encoder.losses import loss_of
from trailerflow.genres.encoder.network import GenreNetwork
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.encoder.training import logits_of, parameter_groups
from trailerflow.genres.systems.pretrained import Encoder, load_encoder
from trailerflow.torch_threads import use_threads
from unit.genres.tiny_encoder import fetched_minilm, told_films

pytestmark = pytest.mark.slow

FILMS = told_films()
SETTINGS = Settings(3, 0.01, 8, 4, 0, precision="float32")


@pytest.fixture
def encoder(tmp_path) -> Encoder:
    use_threads(1)
    fetched_minilm(tmp_path)
    return load_encoder("minilm-distilbert", tmp_path)


def texts(encoder: Encoder, films: object = FILMS) -> Examples:
    labels = torch.tensor(films[list(GENRES)].to_numpy(dtype=float), dtype=torch.float32)
    return Examples(encoder.tokens(list(films["text"]), 8), labels, torch.ones(len(films)))


def fit(
    encoder: Encoder,
    learnt: Examples | None = None,
    validation: Examples | None = None,
    **choices: object,
) -> fitting.Fitted:
    settings = replace(SETTINGS, **choices)
    torch.manual_seed(settings.seed)
    start = Start(lambda: encoder.network(settings.pooling), Frozen())
    return fitted(start, learnt or texts(encoder), validation or no_examples(), settings, lambda: None)


def weights_of(network: torch.nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


@pytest.mark.parametrize("pooling", ["first", "mean"])
def test_the_linear_start_is_the_linear_head_on_the_frozen_vectors_in_transformers_form_too(encoder, pooling):
    network = encoder.network(pooling).eval()
    examples = texts(encoder)
    vectors = Frozen().vectors(network, examples.tokens, 0, half=False)
    weights, bias = linear_head(vectors, examples.labels, examples.weights, loss_of("plain", examples.labels))
    expected = vectors @ weights.T + bias
    assert expected.std() > 0.1
    network.straighten(weights, bias)
    torch.testing.assert_close(logits_of(network, examples.tokens, 5), expected, atol=1e-5, rtol=0)
    network.fold()
    assert not network.straight
    torch.testing.assert_close(logits_of(network, examples.tokens, 5), expected, atol=1e-4, rtol=0)
    for found, told in zip(network.linear_head(), (weights, bias), strict=True):
        torch.testing.assert_close(found, told, atol=1e-4, rtol=0)


def test_the_mean_of_the_tokens_is_that_of_sentence_transformers(encoder):
    (numbers, mask) = filled(encoder.tokens(["war of the song", "love"], 8))
    network = encoder.network("mean").eval()
    with torch.inference_mode():
        hidden = network.distilbert(numbers, mask).last_hidden_state
        expected = torch.stack([hidden[0].mean(dim=0), hidden[1, :1].mean(dim=0)])
        found = network.upper(network.lower(numbers, mask, 1), mask, 1)
    expected = torch.nn.functional.normalize(expected) * 24**0.5
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)


def test_with_the_first_token_it_is_transformers_own_classifier(encoder):
    from transformers import DistilBertForSequenceClassification

    network = encoder.network("first").eval()
    (numbers, mask) = filled(encoder.tokens(["war of the song", "love"], 8))
    with torch.inference_mode():
        theirs = DistilBertForSequenceClassification.forward(network, numbers, mask).logits
        torch.testing.assert_close(network.logits(numbers, mask), theirs, atol=1e-6, rtol=0)


def test_frozen_layers_keep_their_weights_and_the_others_learn_as_if_nothing_had_been_kept(
    encoder, monkeypatch
):
    network = fit(encoder, frozen_layers=1, epochs=1).network
    fresh = encoder.network("first")
    for name, value in network.distilbert.state_dict().items():
        frozen = not name.startswith("transformer.layer.1")
        assert torch.equal(value, fresh.distilbert.state_dict()[name]) == frozen, name
    rows: list[int] = []
    lower = GenreNetwork.lower

    def counted(self: GenreNetwork, tokens: torch.Tensor, *more: object) -> torch.Tensor:
        rows.append(len(tokens))
        return lower(self, tokens, *more)

    monkeypatch.setattr(GenreNetwork, "lower", counted)
    fit(encoder, frozen_layers=1, epochs=3, linear_start=True)
    assert sum(rows) == 16


def test_vectors_are_the_same_from_the_hidden_states_of_any_layer(encoder):
    network, tokens = encoder.network("mean"), texts(encoder).tokens
    whole, upper = (Frozen().vectors(network, tokens, layers, half=False) for layers in (0, 1))
    torch.testing.assert_close(upper, whole, atol=1e-5, rtol=0)


def test_a_batch_in_parts_is_the_same_batch(encoder):
    whole, parts, halves = (
        fit(encoder, linear_start=True, **how) for how in ({}, {"at_once": 3}, {"batch": 2})
    )
    tokens = texts(encoder).tokens
    expected = logits_of(whole.network, tokens, 4)
    torch.testing.assert_close(logits_of(parts.network, tokens, 4), expected, atol=1e-2, rtol=0)
    assert (logits_of(halves.network, tokens, 4) - expected).abs().max() > 0.1


def test_the_weights_of_texts_count(encoder):
    examples = texts(encoder)
    half = replace(examples, weights=torch.tensor([1.0] * 8 + [0.0] * 8))
    assert not torch.equal(weights_of(fit(encoder, half).network), weights_of(fit(encoder).network))


def test_training_ends_after_an_epoch_without_gain_and_keeps_the_best(encoder, monkeypatch):
    found = iter([0.5, 0.6, 0.4, 0.9])
    kept: list[torch.Tensor] = []

    def precision(labels: torch.Tensor, logits: torch.Tensor) -> float:
        kept.append(logits)
        return next(found)

    monkeypatch.setattr(fitting, "mean_average_precision", precision)
    result = fit(encoder, validation=texts(encoder), epochs=9, linear_start=True)
    assert result.precisions == (0.5, 0.6, 0.4)
    torch.testing.assert_close(logits_of(result.network, texts(encoder).tokens, 4), kept[1])


def test_a_further_training_starts_from_the_network_and_the_head_of_the_one_before(encoder):
    gentle = {"linear_start": True, "learning_rate": 0.001}
    before = fit(encoder, **gentle)
    settings = replace(SETTINGS, epochs=0, **gentle)
    one = replace(texts(encoder), weights=torch.tensor([1.0] + [1e-9] * 15))

    def apart(network: GenreNetwork) -> torch.Tensor:
        """What tells the texts apart: the bias is free to go where the one text wants it."""
        logits = logits_of(network, texts(encoder).tokens, 4)
        return logits - logits.mean(dim=0)

    further = fitted(before.as_start(settings), one, no_examples(), settings, lambda: None).network
    told = apart(before.network)
    torch.testing.assert_close(apart(further), told, atol=0.1, rtol=0)
    assert (apart(fit(encoder, one, epochs=0, **gentle).network) - told).abs().max() > 5


def test_a_share_of_the_start_lies_between_start_and_end(encoder):
    end, mixed = fit(encoder, linear_start=True), fit(encoder, linear_start=True, start_share=0.25)
    start = fit(encoder, linear_start=True, start_share=1.0)
    ours, last, first = (weights_of(one.network.distilbert) for one in (mixed, end, start))
    torch.testing.assert_close(ours, 0.75 * last + 0.25 * first, atol=1e-5, rtol=0)
    assert not torch.allclose(first, last)


def test_a_loss_that_is_no_number_ends_the_training(encoder):
    with pytest.raises(
        TrailerflowError, match=r"The loss of the training is no number any more; lower learning_rate"
    ):
        fit(encoder, replace(texts(encoder), labels=torch.full((16, 18), torch.nan)))


def test_a_gpu_without_room_halves_what_passes_at_once_and_says_so(encoder, monkeypatch):
    backward = training.Training._backward

    def too_small(self: training.Training, part: torch.Tensor, batch: torch.Tensor) -> float:
        if len(part) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return backward(self, part, batch)

    monkeypatch.setattr(training.Training, "_backward", too_small)
    result = fit(encoder)
    assert result.notes == (
        "The GPU had no memory for more: 2 texts pass the network at once; a step still takes 4.",
        "The GPU had no memory for more: 1 texts pass the network at once; a step still takes 4.",
    )
    monkeypatch.undo()
    torch.testing.assert_close(
        weights_of(result.network), weights_of(fit(encoder, at_once=1).network), atol=1e-6, rtol=0
    )


def test_a_gpu_without_room_for_one_text_and_one_that_is_gone_end_in_a_sentence(encoder, monkeypatch):
    def failing(error: Exception) -> object:
        def backward(self: training.Training, part: torch.Tensor, batch: torch.Tensor) -> float:
            raise error

        return backward

    monkeypatch.setattr(training.Training, "_backward", failing(torch.OutOfMemoryError("out of memory")))
    with pytest.raises(TrailerflowError, match="no memory for the training on one text; choose fewer tokens"):
        fit(encoder)
    gone = torch.AcceleratorError("CUDA error: device lost\nmore")
    monkeypatch.setattr(training.Training, "_backward", failing(gone))
    with pytest.raises(
        TrailerflowError, match=r"The GPU failed in mid-training \(.*device lost\); what is finished was kept"
    ):
        fit(encoder)


def test_lower_layers_take_smaller_steps_and_norms_have_no_decay(encoder):
    network = encoder.network("first")
    groups = list(parameter_groups(network, replace(SETTINGS, layer_decay=0.5, weight_decay=0.2)))
    assert [group["lr"] for group in groups] == [0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025, 0.00125, 0.00125]
    assert [group["weight_decay"] for group in groups] == [0.2, 0.0] * 4
    assert sum(len(group["params"]) for group in groups) == len(list(network.parameters()))


def test_every_text_is_in_one_batch_of_about_its_length():
    torch.manual_seed(1)
    tokens = [torch.zeros(number % 40 + 1) for number in range(100)]
    batches = drawn_batches(tokens, 8)
    assert sorted(row for batch in batches for row in batch.tolist()) == list(range(100))
    assert max(len(batch) for batch in batches) == 8
    filled_up = sum(len(batch) * max(len(tokens[row]) for row in batch.tolist()) for batch in batches)
    assert filled_up < 1.2 * sum(len(row) for row in tokens)
