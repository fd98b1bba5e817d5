"""The requests of all movies' summaries to one hosted model, from one process that keeps its slots full.

What comes of them is thrown away: the answers are kept, and the movies' own jobs find them.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm.many import ask_many
from trailerflow.outcomes import Outcome, read_outcome
from trailerflow.progress import Progress
from trailerflow.summaries.asked_ahead import BeforeClient, NewAnswers
from trailerflow.summaries.summarise_movie import check_for, summarise_movie
from trailerflow.summaries.ways import way_of
from trailerflow.times import utc_time

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript
    from trailerflow.llm.client import Client
    from trailerflow.llm.types import Answer, Request

RULE = "ask_summaries"
ASKED, KEPT, HAD, LATER, REFUSED = COUNTED = ("asked", "kept", "had", "later", "refused")
"""What can become of a request: it was asked anew, its answer is kept, its answer is gone but an outcome rests on it, it is
for later, or it was refused."""


@dataclass(frozen=True)
class Film:
    """A movie with its transcript.

    Attributes:
        transcript: Outcome of ``prepare_transcript``, which is ok.
        title: Its title as in the catalogue.
    """

    transcript: Outcome[PreparedTranscript]
    title: str


@dataclass(frozen=True)
class Asking:
    """What is asked about every movie.

    Attributes:
        checks: For each way how its summaries are checked; None where they are not.
        prompts: Prompt files of all ways, by their names.
        check_prompts: The check's prompt file, where there is one.
        words: Length of a summary aimed at.
        outcomes: Where the movies' own jobs write, with {model}, {way} and {movie}.
    """

    checks: Mapping[str, Mapping[str, Any] | None]
    prompts: Mapping[str, Path]
    check_prompts: Sequence[Path]
    words: int
    outcomes: str


@dataclass
class Tally:
    """What became of requests.

    Attributes:
        requests: How many, by `COUNTED`.
        left: How many summaries were left to their own jobs.
        times: When each that is for later may be asked again; None where nothing is known.
    """

    requests: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTED, 0)))
    left: int = 0
    times: list[str | None] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what became of others too."""
        self.requests.update(other.requests)
        self.left += other.left
        self.times += other.times


class SettledError(Exception):
    """An outcome that is there rests on the answer: nothing more is to be asked about its movie."""


def ask_summaries(films: Sequence[Film], asking: Asking, client: Client, new: NewAnswers) -> Tally:
    """Ask what the movies' own jobs would ask, many at a time.

    Args:
        films: The movies.
        asking: What is asked.
        client: The way to the model.
        new: Notes of the answers that are new.

    Raises:
        TrailerflowError: A wrong key, a model that the server does not have, or a prompt file that is not sound.
    """
    tally = Tally()
    summaries = [(film, name) for film in films for name in asking.checks]

    def ask_one(summary: tuple[Film, str]) -> Tally:
        return _ask_one(*summary, asking, client, new)

    new.begin()
    progress = Progress(RULE, len(summaries), "summaries")
    try:
        for _, told in ask_many(summaries, ask_one, workers=client.model.workers, prepare=client.prepare):
            if isinstance(told, Tally):
                tally.add(told)
            progress.advance()
    finally:
        progress.close()
    return tally


def _ask_one(film: Film, way: str, asking: Asking, client: Client, new: NewAnswers) -> Tally:
    """Ask for one summary, as its own job would."""
    movie = film.transcript.movie
    own = _own_outcome(asking.outcomes.format(model=client.model.name, way=way, movie=movie))
    if own is not None and _is_left(own):
        return Tally(left=1)
    ahead = _Ahead(client, new, own, asking.checks[way])
    with suppress(SettledError):
        summarise_movie(
            film.transcript,
            title=film.title,
            way=way_of(way),
            prompts=asking.prompts,
            words=asking.words,
            client=ahead,
            check=check_for(film.transcript, asking.checks[way], asking.check_prompts, ahead),
        )
    return ahead.tally


def _own_outcome(path: str) -> Outcome[Any] | None:
    """What a movie's own job has written; None where there is nothing that can be read."""
    try:
        return read_outcome(path)
    except TrailerflowError:
        return None


def _is_left(own: Outcome[Any]) -> bool:
    """Whether an outcome names no answer, and its job alone knows if it asks: after a refusal, or before its time."""
    if "passed_on_from" in own.source:
        return False
    is_refused = own.status == "failed" and not own.source.get("answers")
    return is_refused or (own.earliest is not None and own.earliest > utc_time())


class _Ahead(BeforeClient):
    """The way to a model that asks for nothing on which an outcome rests, and notes what is new.

    Args:
        client: The way to the model.
        new: Notes of the answers that are new.
        own: What the movie's own job has written, if anything.
        check: How the summary is checked; None where it is not.

    Attributes:
        tally: What became of the requests.
    """

    def __init__(
        self,
        client: Client,
        new: NewAnswers,
        own: Outcome[Any] | None,
        check: Mapping[str, Any] | None,
    ) -> None:
        super().__init__(client)
        self._new = new
        self.tally = Tally()
        self._counting = threading.Lock()  # a check asks by several threads
        answers = () if own is None else own.source.get("answers", ())
        self._rested_on = frozenset(Path(answer).stem for answer in answers)
        # With another check there may be claims of a kept summary to ask about.
        self._is_checked_alike = own is not None and own.made_by.get("check") == check

    def ask(self, request: Request) -> Answer:
        """Answer a request (see `trailerflow.llm.client.Client.ask`).

        Raises:
            SettledError: An outcome rests on its answer, and nothing more is to be asked.
        """
        place = self._client.place(request)
        is_rested_on = place.stem in self._rested_on
        if is_rested_on and not place.exists():
            self._count(HAD)
            raise SettledError
        answer = self._asked(request, place.stem)
        self._count(KEPT if answer.cached else ASKED)
        if is_rested_on and answer.cached and self._is_checked_alike:
            raise SettledError
        return answer

    def _asked(self, request: Request, key: str) -> Answer:
        if self._client.keeps(request):
            return self._client.ask(request)
        self._new.add(key)
        is_new = False
        try:
            answer = self._client.ask(request)
            is_new = not answer.cached
            return answer
        except LaterError as error:
            self._count(LATER, error.earliest)
            raise
        except RefusedError:
            self._count(REFUSED)
            raise
        finally:
            if not is_new:
                self._new.take(key)

    def _count(self, what: str, earliest: str | None = None) -> None:
        with self._counting:
            self.tally.requests[what] += 1
            if what == LATER:
                self.tally.times.append(earliest)
