"""fetch_captions: the captions of a movie's trailer, from its own subtitle files or from YouTube."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow import __version__
from trailerflow.errors import LaterError
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome
from trailerflow.places import found
from trailerflow.trailers.finding.media import file_language, is_forced
from trailerflow.trailers.finding.sources import from_source
from trailerflow.trailers.subtitles.subtitle_files import SubtitleError, read_subtitles
from trailerflow.trailers.youtube import GoneError
from trailerflow.trailers.youtube.captions import Captions, NoCaptionsError, fetch_captions_of, tracks_file
from trailerflow.web.access import WebAccess

if TYPE_CHECKING:
    from trailerflow.documents import (
        Candidate,
        Candidates,
        FileCandidate,
        TrailerCaptions,
        Tried,
        VideoCandidate,
    )

RULE = "fetch_captions"


@dataclass
class _Search:
    """What was learned on the way through the candidates.

    Attributes:
        unreadable: Why subtitle files cannot be used.
        gone: Videos that cannot be had, by id, with the reasons.
        silent: Videos that are there and have no captions, by id, with the reasons.
        found: Candidates that a source gave only now.
        reasons: Why sources that were asked now have no candidate.
        answers: Files of the cache that were used.
    """

    unreadable: list[str] = field(default_factory=list)
    gone: dict[str, str] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    found: list[VideoCandidate] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


def fetch_captions(
    trailer: Outcome[Candidates], languages: Sequence[str], *, web: WebAccess, table: Path | None = None
) -> Outcome[TrailerCaptions]:
    """Take the captions of the first of a movie's candidates that is there.

    A subtitle file that cannot be read is passed over, and so is a video that is gone. The first video that is there
    is the trailer: where it has no captions, its sound is asked for (fetch_audio), not another video's captions.

    Args:
        trailer: Outcome of find_trailer.
        languages: Codes of the languages of captions that are wanted, the best first.
        web: How the web is reached.
        table: GroupLens' table as match_trailer_table wrote it.

    Returns:
        ``segments``, ``language`` (the track's or file's own word, else its name's, else None) and ``candidate``;
        ``absent`` where there are no captions, with what fetch_audio is to try in ``source``; ``failed`` with a
        reason for each file where none can be read; ``later`` where YouTube does not answer now.
    """
    if trailer.data is None:
        return trailer.passed_on(RULE)
    started = time.perf_counter()
    search = _Search()
    try:
        for candidate in _candidates(trailer.data["candidates"], search, web, table):
            if candidate["kind"] == "subtitles":
                outcome = _from_file(trailer, candidate, languages, search, started)
            elif candidate["kind"] == "youtube":
                outcome = _from_youtube(trailer.movie, candidate, languages, search, web, started)
            else:
                continue
            if outcome is not None:
                return outcome
            if search.silent:
                break
    except LaterError as error:
        return Outcome.later(RULE, trailer.movie, error.reason, earliest=error.earliest)
    return _without(trailer, search)


def _candidates(
    listed: Sequence[Candidate], search: _Search, web: WebAccess, table: Path | None
) -> Iterator[FileCandidate | VideoCandidate]:
    """The candidates, those of a source that is asked only now included; it is asked where no file can be heard."""
    heard = any(candidate["kind"] in ("audio", "video") for candidate in listed)
    for candidate in listed:
        if candidate["kind"] == "subtitles" and heard and is_forced(Path(candidate["path"])):
            search.reasons.append(f"{candidate['path']} holds only what is foreign, and there is sound")
        elif candidate["kind"] != "source":
            yield candidate
        elif not heard:
            found = from_source(candidate["source"], Movie.from_record(candidate["movie"]), web, table)
            search.answers += found.answers
            search.found += found.candidates
            search.reasons += [found.reason] if found.reason else []
            yield from found.candidates


def _from_file(
    trailer: Outcome[Candidates],
    candidate: FileCandidate,
    languages: Sequence[str],
    search: _Search,
    started: float,
) -> Outcome[TrailerCaptions] | None:
    path = Path(candidate["path"])
    told = file_language(path, str(trailer.source.get("title") or ""))
    try:
        subtitles = read_subtitles(found(path), [told] if told else languages)
    except SubtitleError as error:
        search.unreadable.append(f"{path} cannot be used: {error}")
        return None
    except FileNotFoundError:
        search.unreadable.append(f"{path} is no longer there")
        return None
    except OSError as error:
        search.unreadable.append(f"{path} cannot be read: {error.strerror or type(error).__name__}")
        return None
    data: TrailerCaptions = {
        "segments": subtitles.segments,
        "language": subtitles.language or told,
        "candidate": candidate,
    }
    rejected = {"rejected": search.unreadable} if search.unreadable else {}
    return _ok(trailer.movie, data, {"file": str(path)} | rejected, started)


def _from_youtube(
    movie: str,
    candidate: VideoCandidate,
    languages: Sequence[str],
    search: _Search,
    web: WebAccess,
    started: float,
) -> Outcome[TrailerCaptions] | None:
    video = str(candidate["video"])
    if video in search.gone:  # named by two sources
        return None
    try:
        captions = fetch_captions_of(video, languages, web)
    except GoneError as error:
        search.gone[video] = str(error)
        search.answers.append(tracks_file(video, web))
        return None
    except NoCaptionsError as error:
        search.silent[video] = str(error)
        search.answers.append(tracks_file(video, web))
        return None
    data: TrailerCaptions = {
        "segments": captions.segments,
        "language": captions.language,
        "candidate": candidate,
    }
    return _ok(movie, data, _provenance(captions, video, search), started)


def _provenance(captions: Captions, video: str, search: _Search) -> dict[str, Any]:
    return {
        "site": "YouTube",
        "video": video,
        "track": captions.name,
        "language": captions.language,
        "generated": captions.generated,
        "fetched": captions.fetched,
        "cached": captions.cached,
        "passed_over": [*search.unreadable, *search.gone.values()],
        "answers": [*search.answers, *captions.answers],
    }


def _ok(
    movie: str, data: TrailerCaptions, source: dict[str, Any], started: float
) -> Outcome[TrailerCaptions]:
    seconds = round(time.perf_counter() - started, 3)
    return Outcome.ok(RULE, movie, data, source=source, made_by={"trailerflow": __version__}, seconds=seconds)


def _without(trailer: Outcome[Candidates], search: _Search) -> Outcome[TrailerCaptions]:
    """The outcome where no candidate has captions."""
    reasons = [*search.silent.values(), *search.gone.values(), *search.unreadable, *search.reasons]
    if search.unreadable and not search.silent and not search.gone:
        return Outcome.failed(RULE, trailer.movie, *search.unreadable)
    source: Tried = {"gone": search.gone, "found": search.found, "answers": search.answers}
    known = {name: value for name, value in source.items() if value}
    return Outcome.absent(RULE, trailer.movie, *(reasons or ["the movie has no subtitle file"]), source=known)
