"""What is asked of Snakemake for one film alone: its own documents, and no table of all films."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trailerflow.movies.movie import Movie
from trailerflow.planning.web import asks_for_trailer
from trailerflow.register import BY_NAME, PREPARE_TRANSCRIPT, SUMMARISE_MOVIE

FETCH_SYNOPSIS = BY_NAME["fetch_synopsis"]


def summaries_of_film(config: Mapping[str, Any], movie: str) -> dict[tuple[str, str], str]:
    """Outcome documents of a film's summaries, by model and way of asking.

    Args:
        config: The configuration.
        movie: Id of the film.
    """
    return {
        (entry["name"], way): SUMMARISE_MOVIE.output.format(model=entry["name"], way=way, movie=movie)
        for entry in config["models"]["llm"]
        for way in config["summaries"]["prompts"]
    }


def film_targets(config: Mapping[str, Any], movie: Movie) -> list[str]:
    """The last documents of a film; making them runs the film's own jobs.

    Args:
        config: The configuration.
        movie: The film, with its trailer.
    """
    last = [PREPARE_TRANSCRIPT, FETCH_SYNOPSIS]
    trailers = config["trailers"]
    if asks_for_trailer(trailers["sources"], movie.trailer) and not trailers["audio"]["keep"]:
        last.append(BY_NAME["remove_audio"])
    documents = [rule.output.format(movie=movie.id) for rule in last]
    return [*documents, *summaries_of_film(config, movie.id).values()]
