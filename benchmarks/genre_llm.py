"""Genres by the embedded language model on real films: its three ways, titled and masked, and what it knows by the title.

``python benchmarks/genre_llm.py ask --data …`` asks, and writes the predictions to ``--output``; answers are kept in
``--cache``, so that an interrupted run goes on. ``… score`` prints their figures beside the constant answer's: µAP and mAP
of the scores, micro and macro F1 of the decisions, with 95 % bootstrap intervals over films. CPU seconds are the server's.
"""

from __future__ import annotations

import argparse
import contextlib
import time
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from trailerflow.genre_names import GENRES
from trailerflow.genres.asking import ask_all
from trailerflow.genres.comparisons import compare
from trailerflow.genres.job import gather
from trailerflow.genres.judged import Judged, judge, true_genres
from trailerflow.genres.metrics.contract import MACRO, MICRO
from trailerflow.genres.predictions import CROSS_VALIDATION, read_predictions
from trailerflow.genres.probe import QUESTIONS, draw_films, probe_memory, summarise_probe
from trailerflow.genres.references import CONSTANT_NAME
from trailerflow.genres.scoring import score
from trailerflow.genres.split import split_movies
from trailerflow.genres.systems.language_model import ARMS, RULE, reads_of
from trailerflow.genres.systems.ways import WAYS
from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.row_kinds import SYSTEM
from trailerflow.servers.warm_server import read_endpoint
from trailerflow.tables import read_table, write_table

ROOT = Path(__file__).parents[1]
PROMPTS = ROOT / "resources/prompts/genres"
SEED = 0
FOLDS = 5
"""Folds, for examples and thresholds."""

TEXTS = {"plots_short": "plot", "trailer_transcripts": "transcript"}
"""File with a text of films to the text's column."""

Films = tuple[pd.DataFrame, pd.DataFrame]


def main() -> None:
    """Ask, or score what was answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["ask", "score"])
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with the films' texts and ml-100k.zip"
    )
    parser.add_argument("--texts", choices=TEXTS, default="plots_short")
    parser.add_argument("--models-folder", type=Path, default=Path("resources/models"))
    parser.add_argument("--model", default="qwen2.5-coder-1.5b-instruct", help="name in the model list")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the answers")
    parser.add_argument("--output", type=Path, required=True, help="folder for the tables")
    parser.add_argument(
        "--ask",
        nargs="+",
        default=["yes_no=100", "zero_shot=300", "few_shot=100", "probe=200"],
        help="ways, each with a number of films",
    )
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.what == "ask":
        ask(arguments)
    else:
        print_scores(arguments)


def ask(arguments: argparse.Namespace) -> None:
    """Ask all questions and write the predictions; print what a question costs."""
    client = Client(
        LanguageModel.from_settings(
            {"name": "measured", "kind": "embedded", "model": arguments.model, "context": 4096, "slots": 1,
             "threads": arguments.threads, "frequency_penalty": 0.5}
        ),
        cache=arguments.cache, run=arguments.cache / "run", models_folder=arguments.models_folder,
        threads=arguments.threads,
    )  # fmt: skip
    catalogue = read_catalogue(arguments.data)
    columns = (
        "asked",
        "films",
        "requests",
        "read",
        "written",
        "unreadable",
        "after repair",
        "wall s",
        "CPU s",
    )
    _print_row(columns)
    _print_row(["---"] * len(columns))
    for way, number in (one.split("=") for one in arguments.ask):
        if way == "probe":
            _probe(client, draw_films(catalogue, int(number), SEED), arguments)
        else:
            _ask_way(client, way, films_of(arguments, catalogue, int(number)), arguments)


def _ask_way(client: Client, way: str, films: Films, arguments: argparse.Namespace) -> None:
    movies, texts = films
    split, _ = split_movies(movies, held_out=0, folds=FOLDS, seed=SEED)
    for arm in ARMS:
        reads = reads_of(arguments.texts, arm)
        system = WAYS[way](f"measured/{way}", reads, client, PROMPTS / f"{way}.txt", SEED)
        spent = Spent(arguments.cache / "run")
        gathered = gather(movies, {arguments.texts: texts}, reads)
        tables = ask_all(system, gathered, list(movies["movie"]), split, rule=RULE, seed=SEED)
        write_table(tables.predictions, arguments.output / f"{arguments.texts}.{way}.{arm}.parquet")
        _print_costs(f"{way}, {arm}", tables.films, system.told().usage, spent)


def _probe(client: Client, films: pd.DataFrame, arguments: argparse.Namespace) -> None:
    prompts = {question: PROMPTS / f"memory_{question}.txt" for question in QUESTIONS}
    spent = Spent(arguments.cache / "run")
    rows, usages = probe_memory(client, films, prompts, SEED)
    write_table(rows, arguments.output / "probe.parquet")
    _print_costs("probe", rows, usages, spent)


def _print_costs(asked: str, rows: pd.DataFrame, usages: Sequence[Mapping[str, int]], spent: Spent) -> None:
    """What some questions cost; the seconds are those of answers that were not kept from before."""
    sums = (
        sum(usage[name] for usage in usages) for name in ("requests", "prompt_tokens", "completion_tokens")
    )
    unread, failed = rows["unreadable"].notna().sum(), (rows["status"] != "ok").sum()
    _print_row([asked, rows["movie"].nunique(), *sums, unread, failed, *spent.seconds()])


def _print_row(cells: Iterable[object]) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def read_catalogue(data: Path) -> pd.DataFrame:
    """The films of MovieLens-100K: movie, title, year, duplicate_of and a bool column a genre."""
    ids = pd.read_parquet(data / "movie_ids.parquet")
    with zipfile.ZipFile(data / "ml-100k.zip") as archive, archive.open("ml-100k/u.item") as file:
        items = pd.read_csv(file, sep="|", header=None, encoding="latin-1")
    flags = items.iloc[:, 6:].set_axis(list(GENRES), axis=1).astype(bool)
    flags.insert(0, "item_id", items[0])
    table = ids.merge(flags, on="item_id", validate="one_to_one")
    table["movie"] = table["item_id"].astype(str)
    first = table.groupby(["clean_title", "year"])["movie"].transform("first")
    table["duplicate_of"] = first.where(first != table["movie"], None)
    return table.rename(columns={"title": "dated_title", "clean_title": "title"})


def films_of(arguments: argparse.Namespace, catalogue: pd.DataFrame, number: int) -> Films:
    """Films drawn by the seed, the fewer always among the more, and their texts."""
    texts = pd.read_parquet(arguments.data / f"{arguments.texts}.parquet").sort_values("item_id")
    texts = texts[texts["item_id"].isin(catalogue.loc[catalogue[list(GENRES)].any(axis=1), "item_id"])]
    order = np.random.default_rng(SEED).permutation(len(texts))[:number]
    texts = texts.iloc[np.sort(order)]
    movies = catalogue.set_index("item_id").loc[texts["item_id"]].reset_index()
    table = pd.DataFrame(
        {
            "movie": list(movies["movie"]),
            "status": "ok",
            "reason": None,
            "text": list(texts[TEXTS[arguments.texts]]),
        }
    )
    return movies, table


class Spent:
    """Seconds since it was made, and CPU seconds of the server since then.

    Args:
        run: Folder of the server's endpoint.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._start = time.monotonic()
        self._before = self._cpu()

    def seconds(self) -> tuple[int, int]:
        """Wall and CPU."""
        return round(time.monotonic() - self._start), round(self._cpu() - self._before)

    def _cpu(self) -> float:
        """CPU seconds of the servers that live."""
        seconds = 0.0
        for path in (self._run / "servers").glob("llm.*.json"):
            if endpoint := read_endpoint(path):
                with contextlib.suppress(psutil.NoSuchProcess):
                    seconds += sum(psutil.Process(endpoint.pid).cpu_times()[:2])
        return seconds


def print_scores(arguments: argparse.Namespace) -> None:
    """Print all figures beside the constant answer's on the same films, their paired differences, and those of the probe."""
    catalogue = read_catalogue(arguments.data)
    tables = [read_predictions(path) for path in sorted(arguments.output.glob("*.*.*.parquet"))]
    found = pd.concat([score(_judged([table], catalogue), SEED) for table in tables])
    found = found[(found["part"] == CROSS_VALIDATION) & found["label"].isin([MICRO, MACRO])]
    found = found[found["row_kind"].eq(SYSTEM) | found["system"].eq(CONSTANT_NAME)]
    figures = [
        f"{figure}{bound}" for figure in ("f1", "average_precision") for bound in ("", "_low", "_high")
    ]
    _print_table(found[["system", "arm", "movies", "operating_point", "label", *figures]])
    pairs = compare(_judged(tables, catalogue), SEED)
    pairs = pairs[(pairs["part"] == CROSS_VALIDATION) & pairs["metric"].isin(["f1", "average_precision"])]
    _print_table(pairs.drop(columns=["part", "row_kind", "value", "other_value", "p_value"]))
    if (probe := arguments.output / "probe.parquet").exists():
        _print_table(summarise_probe(arguments.model, read_table(probe), SEED))


def _judged(tables: Sequence[pd.DataFrame], catalogue: pd.DataFrame) -> list[Judged]:
    named = pd.concat([table["movie"].astype(object) for table in tables])
    movies = catalogue[catalogue["movie"].isin(named)]
    split, _ = split_movies(movies, held_out=0, folds=FOLDS, seed=SEED)
    return judge(tables, true_genres(movies, split))


def _print_table(table: pd.DataFrame) -> None:
    print(table.round(3).to_string(index=False), flush=True)


if __name__ == "__main__":
    main()
