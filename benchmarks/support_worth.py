"""What each measure of support is worth, on labelled claims and on other films' plots.

Labels are a table of `trailerflow.claim_labels`, or the older one of sentences (item_id, system, sentence, label, text):
each sentence is a claim then, and its copies and fragments are left out. Of films with a transcript and a plot one sentence
of the plot is drawn, and held against the film's transcript and another film's. --write keeps the combination's weights,
--keep the worth of all, which the report shows (resources/support/worth.csv). Below the worth stand two thresholds, by other
films' sentences and by the labels' promise, with the share of the claims that each keeps.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from summary_tables import LONGEST

from trailerflow.claim_labels import INVENTED, LABELS, PARTLY, SUPPORTED, ClaimLabel, read_claim_labels
from trailerflow.csv_rows import csv_rows
from trailerflow.embedding import TextVectors
from trailerflow.letters import passage
from trailerflow.llm.arguments import add_running_arguments, client_for
from trailerflow.models import model_folder
from trailerflow.program import run
from trailerflow.registers import chosen_class
from trailerflow.sentences import sentences_of
from trailerflow.summaries.metrics import Scorer
from trailerflow.summaries.score_summaries import mismatches
from trailerflow.summaries.support import REGISTER, support_of
from trailerflow.summaries.support.combination import MEMBERS, Combination
from trailerflow.summaries.support.contract import MODEL, Beside, Surroundings, checked
from trailerflow.summaries.support.questions import PROMPT
from trailerflow.summaries.support.thresholds import thresholds_table
from trailerflow.summaries.support.weights import Labelled, fit, out_of_fold, write_weights
from trailerflow.summaries.support.windows import Spoken
from trailerflow.summaries.support.worth import KEPT_TYPES, worth_table
from trailerflow.tables import write_table
from trailerflow.torch_threads import use_threads

ROOT = Path(__file__).resolve().parents[1]
COMBINATION = Combination.name
OLD_COLUMNS = ("item_id", "system", "sentence", "label", "text")


def read_labels(path: Path) -> list[ClaimLabel]:
    """Labels of either form."""
    with path.open(encoding="utf-8") as lines:
        is_old = "item_id" in lines.readline(1000)
    if not is_old:
        return read_claim_labels(path)
    return [
        ClaimLabel(
            cells["item_id"], cells["system"], int(cells["sentence"]), int(cells["sentence"]), cells["text"],
            cells["label"], "the table's reader", row,
        )
        for row, cells in csv_rows(path, OLD_COLUMNS)
        if cells["label"] in LABELS
    ]  # fmt: skip


def labelled_claims(labels: Sequence[ClaimLabel], transcripts: dict[str, str]) -> pd.DataFrame:
    """The labels of films with a transcript: movie, text, label and reader."""
    rows = [(one.movie, one.text, one.label, one.reader) for one in labels if one.movie in transcripts]
    return pd.DataFrame(rows, columns=["movie", "text", "label", "reader"])


def plot_sentences(
    plots: dict[str, str], transcripts: dict[str, str], first: Collection[str], most: int, seed: int
) -> pd.DataFrame:
    """One sentence of each film's plot beside the film itself and beside another: movie (of the transcript), text, own.

    Films whose claims are labelled come first, since a language model has read their transcripts.
    """
    rng = np.random.default_rng(seed)
    films = sorted(set(plots) & set(transcripts))
    films = [films[number] for number in rng.permutation(len(films))]
    films = sorted(films, key=lambda film: film not in first)[:most]
    drawn = [str(rng.choice(sentences_of(plots[film]))) for film in films]
    others = mismatches(len(films), shifts=1, seed=seed)[0]
    rows = [(film, drawn[place], True) for place, film in enumerate(films)]
    rows += [(film, drawn[others[place]], False) for place, film in enumerate(films)]
    return pd.DataFrame(rows, columns=["movie", "text", "own"])


def with_scores(
    table: pd.DataFrame, names: Sequence[str], given: Surroundings, transcripts: dict[str, str]
) -> pd.DataFrame:
    """The table with a column for each measure."""
    films = [
        Beside(tuple(group["text"]), Spoken(transcripts[movie]))
        for movie, group in table.groupby("movie", sort=False)
    ]
    order = [place for _, group in table.groupby("movie", sort=False) for place in group.index]
    for name in names:
        found = checked(support_of(name, given).scores(films), films, name)
        values = [score.value for row in found for score in row]
        table[name] = pd.Series(values, index=order)
    return table


def with_combination(labelled: pd.DataFrame, plots: pd.DataFrame) -> Labelled:
    """Put the combination's column into both tables, each film scored by weights of other films; and what is learnt from."""
    values = labelled[list(MEMBERS)].to_numpy(dtype=float)
    used = labelled["label"].isin([SUPPORTED, INVENTED]).to_numpy() & ~np.isnan(values).any(axis=1)
    told = Labelled(
        values[used],
        (labelled["label"] == SUPPORTED).to_numpy()[used],
        labelled["movie"].to_numpy(dtype=object)[used],
    )
    for table in (labelled, plots):
        asked = table[list(MEMBERS)].to_numpy(dtype=float)
        table[COMBINATION] = out_of_fold(MEMBERS, told, asked, table["movie"].to_numpy(dtype=object))
    return told


def with_model(worth: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """The table as it is kept: with the language model that a measure asks, told by its weights or its name at the hub.

    Args:
        worth: Of `worth_table`.
        settings: Of the language model.
    """
    asks = {name: MODEL in chosen_class(REGISTER, name).needs for name in worth["measure"].unique()}
    models = [settings["model"] if asks[name] else None for name in worth["measure"]]
    return worth.assign(model=models)[list(KEPT_TYPES)]


def markdown(worth: pd.DataFrame) -> str:
    """The table for people."""
    lines = [
        "| measure | told apart | reader | AUC | kappa | claims | films |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in worth.itertuples():
        auc = f"{row.auc:.3f} [{row.auc_low:.3f}, {row.auc_high:.3f}]"
        kappa = f"{row.kappa:.2f} [{row.kappa_low:.2f}, {row.kappa_high:.2f}]"
        cells = (row.measure, row.comparison, row.reader, auc, kappa, row.claims, row.films)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def markdown_of_thresholds(table: pd.DataFrame) -> str:
    """The thresholds and what they keep, for people."""
    labels = (SUPPORTED, PARTLY, INVENTED)
    lines = [
        f"| measure | threshold from | reader | threshold | {' | '.join(f'{label} kept' for label in labels)} | no N kept |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in table.to_dict("records"):
        counts = [(row[f"kept_{label}"], row[f"claims_{label}"]) for label in labels]
        shares = [f"{kept / max(1, claims):.0%} ({kept} of {claims})" for kept, claims in counts]
        films = f"{row['films_without_invented']} of {row['films']} films"
        cells = (row["measure"], row["source"], row["reader"], f"{row['threshold']:.4g}", *shares, films)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main() -> None:
    """Read, score, print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, required=True, help="labelled claims, or sentences")
    parser.add_argument("--transcripts", type=Path, required=True, help="item_id, transcript")
    parser.add_argument("--plots", type=Path, nargs="+", required=True, help="tables of item_id, plot")
    parser.add_argument("--measures", nargs="+", default=list(MEMBERS), help="measures to judge")
    parser.add_argument("--films", type=int, default=120, help="most films whose plots are drawn")
    parser.add_argument(
        "--claims", type=int, help="most labelled claims, drawn by seed; all where it is not given"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws and of the bootstrap")
    parser.add_argument("--vectors", default="minilm", help="sentence encoder of the measure embedding")
    parser.add_argument("--config-model", default="{}", help="settings of a language model, as JSON")
    parser.add_argument("--keep", type=Path, help="CSV table of the worth to write")
    parser.add_argument("--write", type=Path, help="file for the combination's weights")
    add_running_arguments(parser)
    arguments = parser.parse_args()
    use_threads(arguments.threads)
    texts = pd.read_parquet(arguments.transcripts)
    transcripts = {str(row.item_id): passage(row.transcript or "", 0, LONGEST) for row in texts.itertuples()}
    given = Surroundings(
        encoder=lambda: Scorer(
            ROOT / "resources/evaluate",
            model_folder(arguments.models_folder, "all-minilm-l6-v2"),
            "all-minilm-l6-v2",
            layer=5,
        ),
        vectors=lambda: TextVectors(arguments.vectors, arguments.models_folder, threads=arguments.threads),
        model=lambda: client_for(json.loads(arguments.config_model), arguments),
        transcripts=list(transcripts.values()),
        prompts={PROMPT: ROOT / "resources/prompts/support/supported.txt"},
        weights=ROOT / "resources/support/combination.json",
    )
    labelled = labelled_claims(read_labels(arguments.labels), transcripts)
    if arguments.claims is not None:
        labelled = labelled.sample(arguments.claims, random_state=arguments.seed).reset_index(drop=True)
    references = (pd.read_parquet(path) for path in arguments.plots)
    plots = plot_sentences(
        {str(row.item_id): row.plot for table in references for row in table.itertuples()},
        transcripts,
        set(labelled["movie"]),
        arguments.films,
        arguments.seed,
    )
    measures = list(arguments.measures)
    labelled, plots = (with_scores(table, measures, given, transcripts) for table in (labelled, plots))
    if set(MEMBERS) <= set(measures):
        told = with_combination(labelled, plots)
        measures.append(COMBINATION)
        if arguments.write is not None:
            source = (
                f"{arguments.labels.name}: {told.supported.sum()} claims supported and {(~told.supported).sum()} invented, "
                f"of {len(set(told.films))} films"
            )
            write_weights(fit(MEMBERS, told.values, told.supported, source), arguments.write)
    worth = worth_table(labelled, plots, measures, seed=arguments.seed)
    if arguments.keep is not None:
        write_table(with_model(worth, json.loads(arguments.config_model)), arguments.keep)
    print(markdown(worth), markdown_of_thresholds(thresholds_table(labelled, plots, measures)), sep="\n\n")


if __name__ == "__main__":
    run(main)
