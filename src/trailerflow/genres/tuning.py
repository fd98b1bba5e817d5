"""Fine-tuning the encoder for the 18 genres: cross-validated, then on all but the held-out films."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import DistilBertForSequenceClassification

from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder import Encoder
from trailerflow.genres.thresholds import apply_thresholds, choose_thresholds
from trailerflow.progress import Progress

RULE = "tune_encoder"
CROSS_VALIDATION = "cross-validation"
HELD_OUT = "held-out"
HIGHEST_WEIGHT = 10.0
"""Highest weight of a genre's positives: one film in a hundred would otherwise drown the others."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        epochs: Passes over the training texts.
        learning_rate: Highest step size of AdamW; it falls to zero along a line.
        tokens: Longest text, in the encoder's tokens.
        batch: Texts in a batch.
        seed: Seed of the head's weights, the order of the texts and the dropout.
    """

    epochs: int
    learning_rate: float
    tokens: int
    batch: int
    seed: int


@dataclass(frozen=True)
class Tuned:
    """What tuning gives.

    Attributes:
        predictions: movie, part, a probability per genre and ``predicted_<genre>``; one row per film.
        network: Trained on all but the held-out films; None where there was too little text.
        thresholds: Its threshold for each genre, shape (18,).
        notes: Sentences for the reader.
    """

    predictions: pd.DataFrame
    network: DistilBertForSequenceClassification | None
    thresholds: Floats
    notes: list[str]


def films_with_texts(movies: pd.DataFrame, split: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """The films that can be trained on or predicted: in the split and with a finished summary.

    Args:
        movies: movie and one bool column per genre.
        split: movie, fold and held_out.
        texts: movie, status and summary.

    Returns:
        movie, summary, fold, held_out and the genres, in the order of ``movies``.
    """
    films = movies[["movie", *GENRES]].merge(
        split[["movie", "fold", "held_out"]], on="movie", validate="one_to_one"
    )
    finished = texts.loc[texts["status"] == "ok", ["movie", "summary"]]
    films = films.merge(finished, on="movie", validate="one_to_one")
    return films[films["held_out"] | (films["fold"] >= 0)].reset_index(drop=True)


def tune_encoder(encoder: Encoder, films: pd.DataFrame, settings: Settings) -> Tuned:
    """Cross-validate the encoder on the folds, train it on all of them, predict the held-out films.

    No film is predicted by a network that was trained on it, or has a part in choosing its own thresholds:
    those of a fold come from the out-of-fold predictions of the other folds, those of the held-out films from
    all of them.

    Args:
        encoder: Pre-trained weights; every training starts from them again.
        films: Films with a text and genres, from `films_with_texts`.
        settings: How to train.

    Returns:
        Predictions, network and thresholds; none of them where texts lie in fewer than two folds.
    """
    texts = list(films["summary"])
    truth = films[list(GENRES)].to_numpy(dtype=bool)
    fold = films["fold"].to_numpy()
    held_out = films["held_out"].to_numpy(dtype=bool)
    trained = ~held_out & (fold >= 0)
    folds = sorted(set(fold[trained]))
    if len(folds) < 2:
        note = f"The encoder was not tuned: films with a text lie in {len(folds)} folds, and 2 are needed."
        nothing = _predictions(films[:0], [], np.empty((0, len(GENRES))), truth[:0])
        return Tuned(nothing, None, np.empty(0), [note])
    runs = [(trained & (fold != number), trained & (fold == number)) for number in folds]
    runs.append((trained, held_out))
    batches = sum(settings.epochs * math.ceil(int(rows.sum()) / settings.batch) for rows, _ in runs)
    progress = Progress(RULE, batches, "batches")
    probabilities = np.full(truth.shape, np.nan)
    try:
        for number, (rows, unseen) in enumerate(runs):
            learnt, seed = _at(texts, rows), settings.seed + number
            network = train(encoder, learnt, truth[rows], settings, seed=seed, progress=progress)
            probabilities[unseen] = predict(network, encoder, _at(texts, unseen), settings)
    finally:
        progress.close()
    predicted = np.zeros(truth.shape, dtype=bool)
    for number in folds:
        others, unseen = trained & (fold != number), trained & (fold == number)
        thresholds = choose_thresholds(truth[others], probabilities[others])
        predicted[unseen] = apply_thresholds(probabilities[unseen], thresholds)
    thresholds = choose_thresholds(truth[trained], probabilities[trained])
    predicted[held_out] = apply_thresholds(probabilities[held_out], thresholds)
    part = [HELD_OUT if held else CROSS_VALIDATION for held in held_out]
    return Tuned(_predictions(films, part, probabilities, predicted), network, thresholds, [])


def train(
    encoder: Encoder,
    texts: Sequence[str],
    truth: Flags,
    settings: Settings,
    *,
    seed: int,
    progress: Progress,
) -> DistilBertForSequenceClassification:
    """Train a fresh network by AdamW on the binary cross-entropy of every genre, rare positives weighted up.

    Args:
        encoder: Pre-trained weights.
        texts: Training texts, n of them.
        truth: Their genres, shape (n, 18).
        settings: How to train.
        seed: Seed of this training.
        progress: Told of every batch.

    Returns:
        The trained network; the same for the same seed and number of threads.
    """
    torch.manual_seed(seed)
    network = encoder.classifier()
    labels = torch.tensor(truth, dtype=torch.float32)
    weight = positive_weights(labels)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate)
    steps = settings.epochs * math.ceil(len(texts) / settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    network.train()
    for _ in range(settings.epochs):
        for batch in torch.randperm(len(texts)).split(settings.batch):
            logits = network(
                **encoder.tokens([texts[index] for index in batch.tolist()], settings.tokens)
            ).logits
            loss = binary_cross_entropy_with_logits(logits, labels[batch], pos_weight=weight)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            progress.advance()
    network.eval()
    return network


def positive_weights(labels: Tensor) -> Tensor:
    """Weight of each genre's positives: negatives by positives, between 1 and `HIGHEST_WEIGHT`.

    Args:
        labels: 0 and 1, shape (n, genres).

    Returns:
        Shape (genres,); 1 for a genre without positives.
    """
    positives = labels.sum(dim=0)
    weights = (len(labels) - positives) / positives.clamp(min=1)
    return torch.where(positives > 0, weights.clamp(1.0, HIGHEST_WEIGHT), torch.ones_like(weights))


@torch.inference_mode()
def predict(
    network: DistilBertForSequenceClassification, encoder: Encoder, texts: Sequence[str], settings: Settings
) -> Floats:
    """Probability of every genre for each text, shape (n, 18)."""
    parts = [
        torch.sigmoid(
            network(**encoder.tokens(list(texts[start : start + settings.batch]), settings.tokens)).logits
        )
        for start in range(0, len(texts), settings.batch)
    ]
    if not parts:
        return np.empty((0, len(GENRES)))
    return torch.cat(parts).double().numpy()


def _at(texts: Sequence[str], rows: Flags) -> list[str]:
    return [texts[number] for number in np.flatnonzero(rows).tolist()]


def _predictions(
    films: pd.DataFrame, part: Sequence[str], probabilities: Floats, predicted: Flags
) -> pd.DataFrame:
    table = pd.DataFrame(
        {"movie": films["movie"].to_numpy(dtype=object), "part": pd.Series(part, dtype=object)}
    )
    flags = pd.DataFrame(predicted, columns=[f"predicted_{genre}" for genre in GENRES])
    return pd.concat([table, pd.DataFrame(probabilities, columns=list(GENRES)), flags], axis=1)
