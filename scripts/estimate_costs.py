"""Estimate what the language models of a run will be asked, and what that will cost, before any is asked."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.costs.estimate import (
    CLAIM_WORDS,
    GENRES_TOKENS,
    JUDGEMENT_TOKENS,
    RANKING_SHARE,
    WRITTEN_PER_WORD,
    Expected,
    estimate_table,
    written_tokens,
)
from trailerflow.costs.tokens import count_message_tokens
from trailerflow.film_texts import TITLE, Text
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import NO_FILMS, Films, Training
from trailerflow.genres.probe import draw_films, title_variables
from trailerflow.genres.systems.language_model import ARMS, reads_of
from trailerflow.genres.systems.ways import WAYS
from trailerflow.judging.judge_summaries import pair_messages
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.prompts import render
from trailerflow.llm.types import Answer, Request
from trailerflow.outcome_tables import data_of_outcomes
from trailerflow.program import run
from trailerflow.recommendations.counted_questions import CountingModel, make_requests
from trailerflow.recommendations.ranking_rows import BEST
from trailerflow.recommendations.split_tables import stored_splits
from trailerflow.registers import chosen_class
from trailerflow.summaries.ways import way_of
from trailerflow.summaries.ways.contract import Told
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript

LLM_RANKERS = "trailerflow.recommendations.register:LLM_RANKERS"
TEXT = "text"
"""What the text that genres are read from is called here."""

NOTES = (
    f"A summary that is checked is taken to have a claim for each {CLAIM_WORDS} words asked for, a question each.",
    "Requests are exact where every transcript gets a summary and no answer needs a repair; tokens are estimated.",
    "Answers that are kept from an earlier run are not taken off.",
    f"Where a fusion reads how a model ranks a catalogue, {BEST} films a user are counted; rankers may retrieve more.",
)


@dataclass(frozen=True)
class _NotAsked:
    """Stands for the client of a model whose questions are counted and not asked.

    Attributes:
        model: The model.
    """

    model: LanguageModel

    def ask(self, request: Request) -> Answer:
        """Nothing is asked."""
        raise NotImplementedError(f"{self.model.name} is not asked")

    def prepare(self) -> None:
        """There is nothing to prepare."""


def main() -> None:
    """Read what the requests will be made of, count, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--transcripts", type=Path, required=True, help="transcripts of this run's movies")
    parser.add_argument(
        "--splits", type=Path, nargs="+", required=True, help="tables of split_ratings, in a folder a split"
    )
    parser.add_argument("--archive", type=Path, required=True, help="movies of the whole archive")
    parser.add_argument("--models", type=json.loads, required=True, help="entries of models.llm, as JSON")
    parser.add_argument("--ways", nargs="+", required=True, help="names of the ways of asking for a summary")
    parser.add_argument("--prompts", type=Path, nargs="*", required=True, help="their prompt files")
    parser.add_argument("--checked", nargs="*", required=True, help="those ways whose summaries are checked")
    parser.add_argument(
        "--check-prompts",
        type=Path,
        nargs="*",
        required=True,
        help="the check's prompt file, where there is one",
    )
    parser.add_argument("--words", type=int, required=True, help="length of a summary aimed at, in words")
    parser.add_argument(
        "--genre-prompts",
        type=Path,
        nargs="+",
        required=True,
        help="prompt file of each way of asking for genres",
    )
    parser.add_argument(
        "--genre-arms", choices=ARMS, nargs="+", required=True, help="whether films' titles are told"
    )
    parser.add_argument(
        "--probe-prompts", type=Path, nargs="*", required=True, help="prompt files of the memorisation probe"
    )
    parser.add_argument("--probed", type=int, required=True, help="films that the probe asks about")
    parser.add_argument(
        "--ranking-prompts", type=Path, nargs="*", required=True, help="prompt files of the rankings"
    )
    parser.add_argument(
        "--rankings", type=json.loads, required=True, help="JSON: the splits and ways in which models rank"
    )
    parser.add_argument(
        "--genre-text", type=Text.from_name, required=True, help="name of the text that genres are read from"
    )
    parser.add_argument("--judge-prompt", type=Path, required=True, help="prompt file of the judge")
    parser.add_argument("--judge", required=True, help="name of the model that judges")
    parser.add_argument("--judged", type=int, required=True, help="movies whose summaries are judged")
    parser.add_argument("--output", type=Path, required=True, help="table to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    arguments.synopses = paths_from_stdin()
    start = time.monotonic()
    models = {entry["name"]: LanguageModel.from_settings(entry) for entry in arguments.models}
    expected = [
        *_summaries(arguments, models),
        *_genres(arguments, models),
        *_probe(arguments, models),
        *_rankings(arguments, models),
        *_judgements(arguments, models),
    ]
    write_table(estimate_table(expected, models), arguments.output)
    write_about(
        arguments.about,
        rule="estimate_costs",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        notes=NOTES,
    )


def _transcripts(arguments: argparse.Namespace) -> dict[str, PreparedTranscript]:
    """Prepared transcript by movie, of those that have one; the table has no times."""
    table = read_table(arguments.transcripts)
    table = table[table["status"] == "ok"].drop(columns=["status", "reason"])
    rows = table.set_index("movie").to_dict("index")
    return {str(movie): cast("PreparedTranscript", row) for movie, row in rows.items()}


def _told(arguments: argparse.Namespace) -> dict[str, str]:
    """Text of the transcript by movie, of those that have one."""
    return {movie: transcript["text"] for movie, transcript in _transcripts(arguments).items()}


def _titles(arguments: argparse.Namespace) -> dict[str, str]:
    movies = read_table(arguments.movies)
    return dict(zip(movies["movie"], movies["title"], strict=True))


def _synopses(arguments: argparse.Namespace) -> dict[str, str]:
    """Synopsis by movie, of those that have one."""
    texts = data_of_outcomes(arguments.synopses, ["text"]).set_index("movie")["text"].dropna()
    return dict(zip(texts.index, texts, strict=True))


def _unwritten(arguments: argparse.Namespace) -> str:
    """A text as long as a summary is expected to be, in tokens."""
    return " ".join(["word"] * round(WRITTEN_PER_WORD * arguments.words))


def _summaries(arguments: argparse.Namespace, models: Mapping[str, LanguageModel]) -> Iterator[Expected]:
    transcripts, titles = _transcripts(arguments), _titles(arguments)
    prompts = {path.stem: path for path in arguments.prompts}
    for way in map(way_of, arguments.ways):
        requests = [
            request
            for movie, transcript in transcripts.items()
            for request in way.requests(Told(titles[movie], transcript, arguments.words), prompts)
        ]
        questions = _questions(arguments, transcripts) if way.name in arguments.checked else []
        asked = [*(request.messages for request in requests), *questions]
        read = sum(map(count_message_tokens, asked))
        for model in models.values():
            written = sum(
                written_tokens(model, min(request.max_tokens, WRITTEN_PER_WORD * arguments.words))
                for request in requests
            )
            written += len(questions) * written_tokens(model, 1)
            yield Expected("summarise_movie", model.name, way.name, len(asked), read, written)


def _questions(
    arguments: argparse.Namespace, transcripts: Mapping[str, PreparedTranscript]
) -> list[list[dict[str, str]]]:
    """What the check asks of the claims of one way's summaries, as many as their length allows."""
    (prompt,) = arguments.check_prompts
    claim = " ".join(["word"] * CLAIM_WORDS)
    return [
        render(prompt, {"transcript": transcript["text"], "claim": claim})
        for transcript in transcripts.values()
        for _ in range(round(arguments.words / CLAIM_WORDS))
    ]


def _genres(arguments: argparse.Namespace, models: Mapping[str, LanguageModel]) -> Iterator[Expected]:
    films = _films_with_texts(arguments)
    for model in models.values():
        for prompt in arguments.genre_prompts:
            for arm in arguments.genre_arms:
                system = WAYS[prompt.stem](model.name, reads_of(TEXT, arm), _NotAsked(model), prompt)
                system.fit(Training(films), NO_FILMS)
                questions = system.questions(films)
                read = sum(map(count_message_tokens, questions))
                one = 1 if prompt.stem == "yes_no" else written_tokens(model, GENRES_TOKENS)
                written = len(questions) * one
                yield Expected("predict_genres", model.name, system.asked_by, len(questions), read, written)


def _films_with_texts(arguments: argparse.Namespace) -> Films:
    """The films that have the text which genres are read from."""
    texts = _told(arguments)
    if arguments.genre_text.kind == "summary":
        texts = dict.fromkeys(texts, _unwritten(arguments))
    elif arguments.genre_text.kind == "synopsis":
        texts = _synopses(arguments)
    movies = read_table(arguments.movies)
    movies = movies[movies["movie"].isin(texts)]
    return Films(
        list(movies["movie"]),
        {TITLE: list(movies["title"]), TEXT: [texts[movie] for movie in movies["movie"]]},
        movies[list(GENRES)].to_numpy(dtype=bool),
    )


def _probe(arguments: argparse.Namespace, models: Mapping[str, LanguageModel]) -> Iterator[Expected]:
    films = draw_films(read_table(arguments.movies), arguments.probed, 0)
    for model in models.values():
        for prompt in arguments.probe_prompts:
            read = sum(count_message_tokens(render(prompt, told)) for told in title_variables(films))
            written = len(films) * written_tokens(model, GENRES_TOKENS)
            yield Expected("probe_memory", model.name, prompt.stem, len(films), read, written)


def _rankings(arguments: argparse.Namespace, models: Mapping[str, LanguageModel]) -> Iterator[Expected]:
    told = list(_told(arguments))
    side = {
        "archive": read_table(arguments.archive),
        "movies": read_table(arguments.movies),
        "summaries": pd.DataFrame({"movie": told, "status": "ok", "summary": _unwritten(arguments)}),
        "synopses": data_of_outcomes(arguments.synopses, ["text"]),
    }
    prompts = {path.stem: path for path in arguments.ranking_prompts}
    splits = stored_splits(arguments.splits)
    for entry in arguments.rankings:
        model = models[entry["model"]]
        client = CountingModel(model)
        # Genres are not predicted yet; those of the catalogue are as long.
        settings = {
            name: "catalogue" if name == "genres" else value for name, value in entry["settings"].items()
        }
        ranker = chosen_class(LLM_RANKERS, entry["kind"])(client, prompts[entry["kind"]], settings)
        make_requests(
            ranker,
            splits[entry["split"]],
            side,
            pooled=BEST if entry["pooled"] else 0,
            test_alone=entry["test_alone"],
        )
        read = sum(count_message_tokens(request.messages) for request in client.requests)
        written = sum(_written(model, request) for request in client.requests)
        yield Expected("rank_films", model.name, entry["name"], len(client.requests), read, written)


def _written(model: LanguageModel, request: Request) -> float:
    """Tokens of the answer to a ranking's request: one, where its log-probabilities are read."""
    return 1.0 if request.top_logprobs else written_tokens(model, RANKING_SHARE * request.max_tokens)


def _judgements(arguments: argparse.Namespace, models: Mapping[str, LanguageModel]) -> Iterator[Expected]:
    texts, titles, summary = _told(arguments), _titles(arguments), _unwritten(arguments)
    systems = len(models) * len(arguments.ways)
    requests = 2 * min(len(texts), arguments.judged) * (systems - 1)
    if not requests:
        return
    synopses = _synopses(arguments)
    read = sum(
        count_message_tokens(
            pair_messages(arguments.judge_prompt, titles[movie], text, synopses.get(movie), summary, summary)
        )
        for movie, text in texts.items()
    )
    model = models[arguments.judge]
    written = requests * written_tokens(model, JUDGEMENT_TOKENS)
    read_in_all = (
        read * requests / len(texts)
    )  # which movies are judged is drawn among those with every summary
    yield Expected("judge_summaries", model.name, arguments.judge_prompt.stem, requests, read_in_all, written)


if __name__ == "__main__":
    run(main)
