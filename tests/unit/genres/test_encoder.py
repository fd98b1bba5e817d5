from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, DistilBertModel, PreTrainedTokenizerFast

from trailerflow.configuration import ENCODER_WEIGHTS
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres import tuning
from trailerflow.genres.encoder import ENCODERS, Encoder, load_encoder, minilm_as_distilbert
from trailerflow.genres.tuned_model import save_model
from trailerflow.genres.tuning import Settings, films_with_texts, positive_weights, tune_encoder
from trailerflow.models.store import manifest_path

pytestmark = pytest.mark.slow

WORDS = ["[PAD]", "[UNK]", "war", "song", "gun", "love", "ghost", "the", "a", "of"]


def save_bert(folder: Path, noise: float = 0.3, **settings: object) -> BertModel:
    """A random BERT of MiniLM's kind, small; noise keeps any bias or norm from being 0 or 1."""
    torch.manual_seed(3)
    shape = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 40}
    config = BertConfig(vocab_size=len(WORDS), max_position_embeddings=16, **(shape | settings))
    bert = BertModel(config).eval()
    with torch.no_grad():
        for parameter in bert.parameters():
            parameter.add_(noise * torch.randn_like(parameter))
    bert.save_pretrained(folder)
    return bert


def save_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.WordLevel(dict(zip(WORDS, range(len(WORDS)), strict=True)), "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")
    fast.save_pretrained(folder)
    return fast


def fetched(models_folder: Path, name: str) -> None:
    """The manifest that says that a model is there."""
    files = {
        path.name: {"sha256": "0" * 64, "size": path.stat().st_size}
        for path in (models_folder / name).iterdir()
    }
    manifest_path(models_folder, name).write_text(json.dumps({"files": files}))


@pytest.fixture
def models_folder(tmp_path):
    learns = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "initializer_range": 0.2}
    save_bert(tmp_path / "all-minilm-l6-v2", noise=0.0, **learns)
    save_tokenizer(tmp_path / "all-minilm-l6-v2")
    fetched(tmp_path, "all-minilm-l6-v2")
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
    network = encoder.classifier().eval()
    bert = BertModel.from_pretrained(encoder_models / "all-minilm-l6-v2").eval()
    tokens = encoder.tokens(["Two sisters search for their father in a city at war, and find a song."], 64)
    assert largest_difference(bert, network.distilbert, tokens["input_ids"]) < 1e-5


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


def films() -> pd.DataFrame:
    """Sixteen films whose genre is their one telling word; the last four are held out."""
    words = ["war", "song", "ghost", "love"] * 4
    table = pd.DataFrame({"movie": [str(number) for number in range(16)]})
    table["summary"] = [f"{word} of the {word}" for word in words]
    for genre, word in {"War": "war", "Musical": "song", "Horror": "ghost", "Romance": "love"}.items():
        table[genre] = [word == own for own in words]
    table[[genre for genre in GENRES if genre not in table]] = False
    table["fold"] = [number // 4 if number < 12 else -1 for number in range(16)]
    table["held_out"] = table["fold"] == -1
    return table


SETTINGS = Settings(epochs=30, learning_rate=0.01, tokens=8, batch=4, seed=0)


def test_tuning_learns_the_telling_word_and_repeats_itself(models_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    encoder = load_encoder("minilm-distilbert", models_folder)
    tuned = tune_encoder(encoder, films(), SETTINGS)
    table = tuned.predictions
    assert list(table["movie"]) == [str(number) for number in range(16)]
    assert list(table["part"]) == ["cross-validation"] * 12 + ["held-out"] * 4
    for genre in ("War", "Musical", "Horror", "Romance"):
        assert list(table[f"predicted_{genre}"][12:]) == list(films()[genre][12:]), genre
    assert table[list(GENRES)].to_numpy().min() >= 0
    assert table[list(GENRES)].to_numpy().max() <= 1
    assert list((tmp_path / "run/progress").iterdir()) == []
    again = tune_encoder(encoder, films(), SETTINGS)
    pd.testing.assert_frame_equal(again.predictions, table)
    save_model(tuned, encoder, tmp_path / "model")
    save_model(tuned, encoder, tmp_path / "model")
    written = sorted(path.name for path in (tmp_path / "model").iterdir())
    assert {"config.json", "model.safetensors", "thresholds.json", "tokenizer.json"} <= set(written)
    assert [path.name for path in tmp_path.glob(".model*")] == []
    loaded = type(tuned.network).from_pretrained(tmp_path / "model").eval()
    held_out = list(films()["summary"][12:])
    np.testing.assert_allclose(
        tuning.predict(loaded, encoder, held_out, SETTINGS), table[list(GENRES)].to_numpy()[12:], atol=1e-6
    )


def test_no_network_and_no_threshold_sees_the_films_that_it_predicts(models_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    encoder = load_encoder("minilm-distilbert", models_folder)
    seen: list[list[str]] = []
    chosen: list[int] = []

    def train(
        encoder: Encoder, texts: list[str], truth: np.ndarray, settings: Settings, **more: object
    ) -> list[str]:
        seen.append(texts)
        return texts

    def predict(network: list[str], encoder: Encoder, texts: list[str], settings: Settings) -> np.ndarray:
        assert not set(network) & set(texts)
        return np.full((len(texts), len(GENRES)), 0.5)

    def choose(truth: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        chosen.append(len(truth))
        return np.full(len(GENRES), 0.5)

    monkeypatch.setattr(tuning, "train", train)
    monkeypatch.setattr(tuning, "predict", predict)
    monkeypatch.setattr(tuning, "choose_thresholds", choose)
    table = films().assign(summary=[f"text {number}" for number in range(16)])
    tune_encoder(encoder, table, SETTINGS)
    assert [len(texts) for texts in seen] == [8, 8, 8, 12]
    assert chosen == [8, 8, 8, 12]


def test_texts_in_fewer_than_two_folds_tune_nothing_and_say_so(models_folder, tmp_path):
    encoder = load_encoder("minilm-distilbert", models_folder)
    tuned = tune_encoder(encoder, films().query("fold < 1"), SETTINGS)
    assert tuned.predictions.empty
    assert "predicted_War" in tuned.predictions
    assert tuned.notes == ["The encoder was not tuned: films with a text lie in 1 folds, and 2 are needed."]
    save_model(tuned, encoder, tmp_path / "model")
    assert list((tmp_path / "model").iterdir()) == []


def test_films_without_a_text_or_a_place_in_the_split_are_left_out():
    movies = films()[["movie", *GENRES]][:4]
    split = pd.DataFrame(
        {"movie": ["0", "1", "2", "3"], "fold": [0, -1, -1, 1], "held_out": [False, True, False, False]}
    )
    texts = pd.DataFrame(
        {
            "movie": ["0", "1", "2", "3"],
            "status": ["ok", "ok", "ok", "absent"],
            "summary": ["a", "b", "c", None],
        }
    )
    assert list(films_with_texts(movies, split, texts)["movie"]) == ["0", "1"]


def test_rare_positives_weigh_more_up_to_a_limit():
    labels = torch.zeros(40, 4)
    labels[:30, 0] = 1
    labels[:8, 1] = 1
    labels[:1, 2] = 1
    assert positive_weights(labels).tolist() == [1.0, 4.0, 10.0, 1.0]
