from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from transformers import BertModel, DistilBertModel

from trailerflow.errors import TrailerflowError
from trailerflow.genres.configured import ENCODER_WEIGHTS
from trailerflow.genres.systems.pretrained import (
    ENCODERS,
    load_encoder,
    load_saved_encoder,
    minilm_as_distilbert,
    save_encoder,
)
from unit.genres.tiny_encoder import WORDS, fetched, fetched_minilm, save_bert, save_tokenizer

pytestmark = pytest.mark.slow


@pytest.fixture
def models_folder(tmp_path):
    fetched_minilm(tmp_path)
    return tmp_path


def largest_difference(bert: BertModel, distilbert: DistilBertModel, tokens: torch.Tensor) -> float:
    with torch.inference_mode():
        theirs = bert(input_ids=tokens, output_hidden_states=True).hidden_states
        ours = distilbert(input_ids=tokens, output_hidden_states=True).hidden_states
    assert len(ours) == len(theirs) > 2
    return max(float((one - other).abs().max()) for one, other in zip(ours, theirs, strict=True))


def test_the_distilbert_form_gives_berts_hidden_states(tmp_path):
    bert = save_bert(tmp_path)
    config, weights = minilm_as_distilbert(tmp_path)
    distilbert = DistilBertModel(config).eval()
    distilbert.load_state_dict(weights, strict=True)
    assert largest_difference(bert, distilbert, torch.arange(16).reshape(2, 8) % len(WORDS)) < 1e-5


@pytest.mark.slow
def test_the_real_minilm_gives_berts_hidden_states(encoder_models):
    encoder = load_encoder("minilm-distilbert", encoder_models)
    network = encoder.network("first").eval()
    bert = BertModel.from_pretrained(encoder_models / "all-minilm-l6-v2").eval()
    (tokens,) = encoder.tokens(["Two sisters search for their father in a city at war, and find a song."], 64)
    assert largest_difference(bert, network.distilbert, tokens.unsqueeze(0)) < 1e-5


@pytest.mark.parametrize(
    ("settings", "key"),
    [({"hidden_act": "relu"}, "hidden_act"), ({"layer_norm_eps": 1e-5}, "layer_norm_eps")],
)
def test_a_bert_that_is_no_distilbert_in_all_but_name_is_refused(tmp_path, settings, key):
    save_bert(tmp_path, **settings)
    with pytest.raises(TrailerflowError, match=key):
        minilm_as_distilbert(tmp_path)


def test_cut_weights_are_refused(tmp_path):
    save_bert(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(TrailerflowError, match=r"model\.safetensors"):
        minilm_as_distilbert(tmp_path)


def test_an_encoder_is_the_named_one_or_none(models_folder):
    assert load_encoder("minilm-distilbert", models_folder).weights_name == "all-minilm-l6-v2"
    with pytest.raises(TrailerflowError, match="distilbert-base-uncased"):
        load_encoder("distilbert-base-uncased", models_folder)
    with pytest.raises(TrailerflowError, match=r"'bert'.*minilm-distilbert"):
        load_encoder("bert", models_folder)


def test_a_distilbert_is_read_whole_or_refused(tmp_path):
    config, weights = minilm_as_distilbert_of(tmp_path / "bert")
    network = DistilBertModel(config)
    network.load_state_dict(weights)
    folder = tmp_path / "distilbert-base-uncased"
    network.save_pretrained(folder)
    save_tokenizer(folder)
    fetched(tmp_path, "distilbert-base-uncased")
    encoder = load_encoder("distilbert-base-uncased", tmp_path)
    assert all(torch.equal(encoder.weights[name], value) for name, value in weights.items())
    network.save_pretrained(folder, state_dict=dict(list(weights.items())[:-1]))
    save_tokenizer(folder)
    fetched(tmp_path, "distilbert-base-uncased")
    with pytest.raises(TrailerflowError, match="lacks"):
        load_encoder("distilbert-base-uncased", tmp_path)


def minilm_as_distilbert_of(folder: Path):
    save_bert(folder)
    return minilm_as_distilbert(folder)


def test_the_names_are_those_of_the_configuration():
    assert [(name, weights) for name, (weights, _) in ENCODERS.items()] == list(ENCODER_WEIGHTS.items())


@pytest.fixture
def saved(models_folder):
    encoder = load_encoder("minilm-distilbert", models_folder)
    folder = models_folder / "saved"
    encoder.network("first").save_pretrained(folder)
    save_encoder(encoder, folder)
    return folder


def test_a_saved_network_comes_back_with_its_tokenizer_and_the_names_of_its_weights(saved):
    encoder, network = load_saved_encoder(saved)
    assert (encoder.name, encoder.weights_name) == ("minilm-distilbert", "all-minilm-l6-v2")
    assert not network.training
    (tokens,) = encoder.tokens(["war song"], 8)
    assert tokens.tolist() == [WORDS.index("war"), WORDS.index("song")]


def test_a_network_for_other_genres_is_refused(saved):
    config = json.loads((saved / "config.json").read_text())
    config["id2label"]["0"] = "Noir"
    (saved / "config.json").write_text(json.dumps(config))
    with pytest.raises(TrailerflowError, match="not for the 18 genres"):
        load_saved_encoder(saved)


@pytest.mark.parametrize("name", ["pretrained.json", "config.json", "tokenizer.json"])
def test_a_saved_network_without_one_of_its_files_is_refused(saved, name):
    (saved / name).unlink()
    with pytest.raises(TrailerflowError, match="holds no fine-tuned encoder"):
        load_saved_encoder(saved)


def test_saved_weights_that_were_cut_are_refused(saved):
    weights = saved / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(TrailerflowError, match="holds no fine-tuned encoder"):
        load_saved_encoder(saved)


def test_a_tokenizer_with_more_tokens_than_the_network_knows_is_refused(models_folder, saved):
    config = json.loads((models_folder / "all-minilm-l6-v2" / "tokenizer.json").read_text())
    config["model"]["vocab"]["dragon"] = len(WORDS)
    for folder in (models_folder / "all-minilm-l6-v2", saved):
        (folder / "tokenizer.json").write_text(json.dumps(config))
    said = rf"has {len(WORDS) + 1} tokens and the network knows {len(WORDS)}"
    with pytest.raises(TrailerflowError, match=said):
        load_saved_encoder(saved)
    fetched(models_folder, "all-minilm-l6-v2")
    with pytest.raises(TrailerflowError, match=said):
        load_encoder("minilm-distilbert", models_folder)
