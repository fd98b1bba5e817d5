"""How many answers cannot be read: genres of real films, with the JSON schema and with the prompt's words alone.

``python benchmarks/genre_answers.py --movies … --texts …``: titles and plots are given to the embedded model with the prompt
of ``predict_genres``, once held to the schema by the engine and once not, each through the strict parser and the one
repair. Answers are kept in ``--cache``, so that an interrupted run goes on.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import pandas as pd

from trailerflow.genres.job import ask, gather
from trailerflow.genres.predictions import ALL
from trailerflow.genres.systems.language_model import TITLED, reads_of
from trailerflow.genres.systems.llm import LlmSystem
from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel

ROOT = Path(__file__).parents[1]
PROMPT = ROOT / "resources/prompts/genres/zero_shot.txt"
TEXT = "synopsis"


def main() -> None:
    """Ask both ways and print what could be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="Parquet: item_id, clean_title")
    parser.add_argument("--texts", type=Path, required=True, help="Parquet: item_id, plot")
    parser.add_argument("--models-folder", type=Path, default=Path("resources/models"))
    parser.add_argument("--model", default="qwen2.5-coder-1.5b-instruct", help="name in the model list")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the answers")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    movies, texts = _films(arguments)
    print("| held by | requests | unreadable before the repair | after it | cut off | tokens written |")
    print("|---|---|---|---|---|---|")
    reasons: Counter[str] = Counter()
    for structured in ("schema", "text"):
        client = Client(
            LanguageModel.from_settings(
                {"name": "measured", "kind": "embedded", "model": arguments.model, "context": 4096,
                 "slots": arguments.slots, "threads": arguments.threads, "frequency_penalty": 0.5,
                 "structured": structured}
            ),
            cache=arguments.cache, run=arguments.cache / "run", models_folder=arguments.models_folder,
            threads=arguments.threads,
        )  # fmt: skip
        system = LlmSystem("measured", reads_of(TEXT, TITLED), client, PROMPT)
        table = ask(system, gather(movies, {TEXT: texts}, system.reads), list(movies["movie"]), ALL).films
        before, after = table["unreadable"].notna(), table["status"] == "failed"
        (usage,) = system.told().usage
        print(
            f"| {structured} | {usage['requests']} | {before.sum()} of {len(table)} | {after.sum()} | "
            f"{int(table['cut'].sum())} | {usage['completion_tokens']} |",
            flush=True,
        )
        reasons.update(f"{structured}, first answer: {reason}" for reason in table["unreadable"].dropna())
        reasons.update(f"{structured}, after the repair: {reason}" for reason in table["reason"].dropna())
    for reason, count in reasons.most_common():
        print(f"- {count} × {reason}")


def _films(arguments: argparse.Namespace) -> tuple[pd.DataFrame, pd.DataFrame]:
    titles = pd.read_parquet(arguments.movies).set_index("item_id")["clean_title"]
    plots = pd.read_parquet(arguments.texts).sort_values("item_id")
    plots = plots.sample(arguments.count, random_state=arguments.seed).sort_values("item_id")
    ids = plots["item_id"].astype(str)
    movies = pd.DataFrame({"movie": ids, "title": titles[plots["item_id"]].to_numpy()}).reset_index(drop=True)
    texts = pd.DataFrame({"movie": ids, "status": "ok", "reason": None, "text": plots["plot"]})
    return movies, texts.reset_index(drop=True)


if __name__ == "__main__":
    main()
