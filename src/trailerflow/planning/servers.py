"""Threads of the models' servers, and slots for their requests: how a job counts on this machine."""

from __future__ import annotations

import zlib
from dataclasses import replace

from trailerflow.llm.model import LanguageModel

HUNDREDTHS = 100
"""All of a resource: models of different numbers of slots share it."""

MOST_BY_JOBS = 8
"""Slots that the movies' own jobs fill."""

MOST_BESIDE = 5
"""Own jobs of movies beside the one that asks for all: Snakemake runs cores + 5 jobs at a time, so there is room for it."""


def server_threads(model: LanguageModel, cores: int | None) -> int:
    """Threads of a model's embedded server: the configured ones, but never more than the run was given.

    Args:
        model: The model; a hosted one works elsewhere and takes one thread here.
        cores: Cores that the run was given; None where nobody said (a cluster without ``--cores``).
    """
    wanted = model.threads if model.is_embedded else 1
    return min(wanted, cores or wanted)


def request_threads(threads: int, slots: int, request: str) -> int:
    """Threads that one request counts: its part of the server's, since as many are in flight as there are slots.

    Where a server has more slots than threads, these are dealt out: a share of the requests counts one, the others none,
    so that the slots are filled and the server's cores are counted once.

    Args:
        threads: Threads of the server.
        slots: Requests that it works on at a time.
        request: Name of the request, by whose hash the threads are dealt out.
    """
    if threads >= slots:
        return -(-threads // slots)
    return int(zlib.crc32(request.encode()) % slots < threads)


def request_share(model: LanguageModel, *, embedded: bool) -> int:
    """Hundredths of a resource that a request takes: a model with N slots works on N at a time.

    Args:
        model: The model that is asked.
        embedded: Which resource: ``llm`` of the embedded models, which share this machine's cores, or ``hosted``.
    """
    return max(1, HUNDREDTHS // model.slots) if model.is_embedded == embedded else 0


def job_share(model: LanguageModel, *, embedded: bool) -> int:
    """Hundredths that a movie's own job takes on one machine; arguments as of `request_share`.

    Snakemake hands all jobs that the resources allow to its pool at once, in any order, whatever their priority. So of a
    model that is asked ahead there are `MOST_BESIDE` at a time: else the job that asks would stand behind a hundred of them.
    """
    if is_asked_ahead(model):
        model = replace(model, slots=MOST_BESIDE)
    return request_share(model, embedded=embedded)


def all_shares(model: LanguageModel, *, embedded: bool) -> int:
    """Hundredths for a job that keeps as many requests in flight as its model has slots; arguments as of `request_share`."""
    return HUNDREDTHS if model.is_embedded == embedded else 0


def is_asked_ahead(model: LanguageModel) -> bool:
    """Whether one job asks a model about all movies, before their own jobs find the answers that are kept.

    Snakemake runs cores + 5 jobs at a time by itself, seven on two cores, and each costs some .045 CPU s: a hosted model
    with 64 slots gets 20 requests a second of 320. Up to `MOST_BY_JOBS` slots nothing is won. An embedded model works on the
    cores of this machine, and has no more slots than that.
    """
    return not model.is_embedded and model.slots > MOST_BY_JOBS
