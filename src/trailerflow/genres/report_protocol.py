"""Protocol ``report``: how the student report that this goes back to trained, scored and searched. It measures memory.

Its encoder was trained on all films and scored on the same ones. Its search went on from that trained network, each trial
from the weights that the one before it left, and was judged on rows that the network had been trained on. So its figures say
nothing of films that nobody has seen; they are here to be set beside honest ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import optuna
import pandas as pd
import torch
from sklearn.metrics import average_precision_score, f1_score, precision_score

from trailerflow.genres.encoder.examples import Examples
from trailerflow.genres.encoder.losses import cross_entropy, positive_weights
from trailerflow.genres.encoder.machine import device, gpu_faults_told, half_precision
from trailerflow.genres.encoder.network import GenreNetwork
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.encoder.training import Training, logits_of
from trailerflow.genres.films import Flags, Floats
from trailerflow.genres.search.spaces import space_of

PROTOCOL = "report"

SETTINGS = Settings(epochs=15, learning_rate=4e-5, tokens=128, batch=16, seed=0)
"""Epochs, step size and tokens are the report's; batch and decay are PyTorch's and transformers' usual ones."""

STEP_EPOCHS, STEP_FACTOR = 5, 0.1
"""StepLR: after so many epochs the step size is multiplied by this. The report names StepLR and not its values."""

THRESHOLD = 0.5


@dataclass(frozen=True)
class ReportSearch:
    """What the report's search says.

    Attributes:
        trials: One row a trial: number, value (precision on the validation rows), and a column for each setting.
        network: As the last trial left it.
    """

    trials: pd.DataFrame
    network: GenreNetwork


def train_as_report(
    network: GenreNetwork,
    texts: Examples,
    settings: Settings = SETTINGS,
    advance: Callable[[], None] = lambda: None,
) -> GenreNetwork:
    """Train all layers by AdamW and StepLR on binary cross-entropy; positives weigh as much as there are negatives to each.

    Args:
        network: What it starts from; it is changed.
        texts: All that it is trained on.
        settings: How.
        advance: Called after every batch.
    """
    place = device()
    half = half_precision(settings.precision, place)
    batches = -(-len(texts) // settings.batch)
    with gpu_faults_told():
        loss = cross_entropy(positive_weights(texts.labels, float("inf")).to(place))
        torch.manual_seed(settings.seed)
        training = Training(
            network.moved(place),
            settings,
            loss,
            half,
            texts,
            texts.tokens,
            advance,
            rate=lambda step: STEP_FACTOR ** (step // (STEP_EPOCHS * batches)),
        )
        for _ in range(settings.epochs):
            training.epoch()
        return network.ready()


def search_as_report(
    network: GenreNetwork,
    texts: Examples,
    validation: Examples,
    settings: Settings = SETTINGS,
    advance: Callable[[], None] = lambda: None,
) -> ReportSearch:
    """Search as the report did: from a network that knows the validation rows, each trial from where the last one ended.

    Args:
        network: Trained on ``texts`` and on ``validation``; it is changed.
        texts: What trials are trained on.
        validation: What they are judged on, by precision at `THRESHOLD`.
        settings: Of the trials, but for those that are searched.
        advance: Called after every batch.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    space = space_of(PROTOCOL)
    sampler = optuna.samplers.TPESampler(seed=settings.seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    rows: list[dict[str, Any]] = []
    for number in range(space.trials):
        trial = study.ask(dict(space.choices))
        chosen = replace(settings, epochs=space.epochs, **trial.params)
        network = train_as_report(network, texts, chosen, advance)
        value = figures(validation, logits_of(network, validation.tokens, settings.batch))["precision"]
        study.tell(trial, value)
        rows.append({"number": number, "value": value, **trial.params})
    return ReportSearch(pd.DataFrame(rows), network)


def figures(texts: Examples, logits: torch.Tensor) -> dict[str, float]:
    """Figures at `THRESHOLD`, and mean average precision, which needs none; genres that no text has are left out of means.

    Args:
        texts: n texts with their labels.
        logits: Shape (n, 18).

    Returns:
        precision (micro), micro_f1, macro_f1 and map.
    """
    truth: Flags = texts.labels.numpy() > 0.5
    scores: Floats = logits.double().numpy()
    said = scores >= np.log(THRESHOLD / (1 - THRESHOLD))
    present = truth.any(axis=0)
    return {
        "precision": float(precision_score(truth, said, average="micro", zero_division=0)),
        "micro_f1": float(f1_score(truth, said, average="micro", zero_division=0)),
        "macro_f1": float(f1_score(truth[:, present], said[:, present], average="macro", zero_division=0)),
        "map": float(average_precision_score(truth[:, present], scores[:, present])),
    }
