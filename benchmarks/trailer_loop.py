"""The trailer rules of many films as a loop over the library's functions, in one process: no graph, no jobs, no reruns.

    python benchmarks/trailer_loop.py movies.csv media OUTPUT

This is the least that the work itself takes; `orchestration.py` runs it beside the workflow. Films have their own texts
alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NoReturn

import yaml

from trailerflow.catalogue import list_movies
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome, write_outcome
from trailerflow.planning.media import media_by_movie
from trailerflow.planning.translation import translation_settings
from trailerflow.program import run
from trailerflow.trailers.fetching.fetch_audio import fetch_audio
from trailerflow.trailers.fetching.fetch_captions import fetch_captions
from trailerflow.trailers.finding.find_trailer import find_trailer
from trailerflow.trailers.speech.transcribe_trailer import transcribe_trailer
from trailerflow.trailers.transcripts.prepare_transcript import prepare_transcript
from trailerflow.trailers.translating.translate_transcript import translate_transcript
from trailerflow.trailers.translating.translators import choose_translator
from trailerflow.trailers.youtube.audio import AudioLimits
from trailerflow.web.access import WebAccess

ROOT = Path(__file__).resolve().parents[1]
NO_SOUND = AudioLimits(seconds=0, megabytes=0)


def not_asked(*_: object) -> NoReturn:
    """Nothing is heard and no model is asked in this measurement."""
    raise AssertionError("films of this measurement have texts alone")


def outcomes_of(
    movie: Movie, media: list[Path], config: dict[str, Any], web: WebAccess
) -> dict[str, Outcome[Any]]:
    """The outcomes of a film by the rule that makes each."""
    settings = json.loads(
        translation_settings(config["trailers"]["translation"], config["trailers"]["words"], {})
    )
    trailer = find_trailer(movie, media, [], web=web, table=None)
    captions = fetch_captions(trailer, [], web=web, table=None)
    audio = fetch_audio(trailer, captions, NO_SOUND, web=web, is_transcribed=lambda sha256: False)
    heard = transcribe_trailer(captions, audio, not_asked)
    translated = translate_transcript(
        heard, language=settings["language"], translator=choose_translator(settings, not_asked)
    )
    prepared = prepare_transcript(translated, words=config["trailers"]["words"])
    return {
        "find_trailer": trailer, "fetch_captions": captions, "fetch_audio": audio, "transcribe_trailer": heard,
        "translate_transcript": translated, "prepare_transcript": prepared,
    }  # fmt: skip


def main() -> None:
    """Read the table, loop, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("movies", type=Path, help="table of movies")
    parser.add_argument("media", type=Path, help="folder of their texts")
    parser.add_argument("output", type=Path, help="folder of the outcomes")
    arguments = parser.parse_args()
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    given = {name: value for name, value in config["web"].items() if name != "refresh_before"}
    web = WebAccess.from_json(
        json.dumps(given), None, cache=arguments.output / "cache", run=arguments.output / "run"
    )
    movies = list_movies(str(arguments.movies), None, arguments.output) or []
    media = media_by_movie({movie.id: movie for movie in movies}, arguments.media, lambda path: False)
    for movie in movies:
        for rule, outcome in outcomes_of(movie, media[movie.id], config, web).items():
            write_outcome(outcome, arguments.output / rule / f"{movie.id}.json", 0)


if __name__ == "__main__":
    run(main)
