"""What the answers about one film cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.commands.film.known import Known
from trailerflow.commands.film.layout import Part, table_lines
from trailerflow.costs.account import ALL, account_costs
from trailerflow.llm.model import LanguageModel, Prices
from trailerflow.llm.types import COST_COLUMNS, usage_row
from trailerflow.tables import read_rows

FREE = Prices(0.0, 0.0, "")
"""An embedded model's."""


def cost_part(known: Known) -> Part:
    """Requests, tokens, seconds and money by stage, model and prompt; those of all films together have no part in it."""
    abouts = [*_of_outcomes(known), *_of_genres(known)]
    models = map(LanguageModel.from_settings, known.config["models"]["llm"])
    prices = {model.name: FREE if model.is_embedded else model.prices for model in models}
    table = account_costs(abouts, prices=prices, joules_per_second={})
    if table.empty:
        return Part("Costs", ["No language model has been asked about this film."])
    rows = [("asked", "model", "prompt", "requests", "read", "written", "seconds", "dollars")]
    for row in table.itertuples():
        usd = "not known" if pd.isna(row.usd) else f"{row.usd:.4f}"
        what = "together" if row.stage == ALL else row.stage
        counts = (f"{row.requests:,}", f"{row.prompt_tokens:,}", f"{row.completion_tokens:,}")
        rows.append(
            (what, row.model, "" if row.prompt == ALL else row.prompt, *counts, f"{row.seconds:.1f}", usd)
        )
    return Part(
        "Costs", ["Tokens read and written, seconds and US dollars of the answers:", *table_lines(rows)]
    )


def _of_outcomes(known: Known) -> Iterator[dict[str, Any]]:
    """Usage of each document that keeps any, as an about has it."""
    for outcome in known.outcomes.values():
        if usages := outcome.source.get("usages"):  # of a summary
            made_by = outcome.made_by
        elif usage := outcome.source.get("usage"):  # of a translation
            usages, made_by = [usage], outcome.made_by["translation"] | {"prompt": "translate"}
        else:
            continue
        row = usage_row(made_by["model"], made_by["prompt"], 1, usages)
        yield {"rule": outcome.rule, "usage": [row]}


def _of_genres(known: Known) -> Iterator[Mapping[str, Any]]:
    """What each language model was asked about the film's genres in the last run of all films."""
    for model in (entry["name"] for entry in known.config["models"]["llm"]):
        for way in known.config["genres"]["language_models"]["ways"]:
            path = Path(f"results/predict_genres/films/{model}/{way}.parquet")
            if not path.is_file():
                continue
            rows = read_rows(path, columns=list(COST_COLUMNS), movie=known.movie.id).dropna()
            usages = [row | {"cached": False} for row in rows.to_dict("records")]
            if usages:
                yield {"rule": "predict_genres", "usage": [usage_row(model, way, 1, usages)]}
