"""The model card of a fine-tuned encoder: what it is, what it learnt from, how good it is, and what it is not for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder.settings import MEAN, Settings

LICENCE = "apache-2.0"
"""Licence of all weights that an encoder starts from (`resources/models.yaml`)."""


def model_card(
    *,
    name: str,
    base: str,
    arm: str,
    settings: Settings,
    learnt: Mapping[str, int],
    precisions: Sequence[Sequence[float]],
) -> str:
    """The card, as the model hub reads it (Mitchell et al., Model Cards for Model Reporting, FAT* 2019).

    Args:
        name: The system's name.
        base: Name of the pre-trained weights.
        arm: What it reads of a film, in words.
        settings: How it was trained.
        learnt: How many texts of each kind it learnt from.
        precisions: Of each network: mean average precision on validation films, at the start and by epoch; may be empty.
    """
    data = "; ".join(f"{count:,} {kind}" for kind, count in learnt.items()) or "not known"
    figures = [
        f"Network {number}: mean average precision on the validation films "
        f"{', '.join(f'{value:.3f}' for value in values)} (by epoch)."
        for number, values in enumerate(precisions, 1)
        if values
    ]
    figures.append(
        "Scores on films that it did not know stand in `results/score_genres/metrics.csv` of the run that trained it."
    )
    choices = "\n".join(f"| {key} | {value} |" for key, value in asdict(settings).items())
    return f"""---
license: {LICENCE}
language: en
library_name: transformers
pipeline_tag: text-classification
base_model: {base}
tags: [multi-label, movie-genres]
---

# {name}

It gives a film each of the {len(GENRES)} genres of MovieLens with a score; fine-tuned from `{base}`.

## What it reads

{arm[:1].upper()}{arm[1:]}, cut to {settings.tokens} tokens. {_pooling(settings)}

## What it learnt from

{data}.

| setting | value |
|---|---|
{choices}

## Figures

{" ".join(figures)}

## How to use it

`trailerflow predict-genres --saved <this folder> --text "A plot."` names the genres of a text, by the thresholds in
`system.json`.

## Limits

- It learnt English texts about feature films. Another kind of text than the one above gets worse answers.
- Rare genres (Film-Noir, Fantasy, Western) had few films to learn from.
- Its labels are what MovieLens' editors chose, which is one opinion.

## Licence

The pre-trained weights are under {LICENCE}. MovieLens' genres may be used for research and not be sold; texts keep the
licences of their sources.
"""


def _pooling(settings: Settings) -> str:
    if settings.pooling == MEAN:
        return (
            "The head gets the mean over all tokens (`GenreNetwork` in trailerflow), not the first token, as "
            "`AutoModelForSequenceClassification` would give it."
        )
    return "`AutoModelForSequenceClassification` reads it."
