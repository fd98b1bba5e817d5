"""What the job that asks about all movies and the movies' own jobs tell each other: who asks now, and what was new.

Both meet in the folder of what lives during a run, by the name of the model.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trailerflow.files import make_private_folder
from trailerflow.lock import long_lock

if TYPE_CHECKING:
    from trailerflow.llm.client import Client
    from trailerflow.llm.model import LanguageModel
    from trailerflow.llm.types import Answer, Request

FOLDER = "ask_summaries"


def lock_of(run: Path, model: str) -> Path:
    """The lock that is held while all movies are asked about.

    Args:
        run: Folder of what lives during a run.
        model: Name of the model.
    """
    return run / FOLDER / f"{model}.lock"


class NewAnswers:
    """Answers that were got ahead in one run, until the outcome that rests on them has told what they cost.

    Each is an empty file of the request's key: of several outcomes that rest on one answer the first removes it, so that the
    answer is paid for once.

    Args:
        run: Folder of what lives during a run.
        model: Name of the model.
        name: Name of the run.
    """

    def __init__(self, run: Path, model: str, name: str) -> None:
        self._folder = run / FOLDER / "new" / model / f"run-{name}"

    def begin(self) -> None:
        """Make the folder, and forget what other runs have left: their answers were kept from before."""
        make_private_folder(self._folder)
        for other in self._folder.parent.iterdir():
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def add(self, key: str) -> None:
        """Note an answer; before it is asked for, so that nobody finds the answer without the note."""
        (self._folder / key).touch()

    def take(self, key: str) -> bool:
        """Take a note away, and say whether there was one."""
        with suppress(FileNotFoundError):
            (self._folder / key).unlink()
            return True
        return False


class BeforeClient:
    """What stands before the way to a model, and asks by it in a manner of its own.

    Args:
        client: The way to the model.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def model(self) -> LanguageModel:
        """The model that is asked."""
        return self._client.model

    def prepare(self) -> None:
        """See `trailerflow.llm.client.Client.prepare`."""
        self._client.prepare()


class AfterAsking(BeforeClient):
    """The way to a model for a movie's own job, which lets the job that asks about all movies go first.

    Args:
        client: The way to the model.
        run: Folder of what lives during a run.
    """

    def __init__(self, client: Client, run: Path) -> None:
        super().__init__(client)
        self._run = run

    def ask(self, request: Request) -> Answer:
        """Answer a request (see `trailerflow.llm.client.Client.ask`); one that was got ahead in this run counts as new.

        While all movies are asked about, it waits until the answer is kept: many processes that ask, wait and ask again
        would take the time of the one that keeps the slots full.
        """
        self._wait(request)
        if not self._client.keeps(request):
            self._client.prepare()  # takes a second, in which the other job may have begun
            self._wait(request)
        answer = self._client.ask(request)
        if answer.cached and answer.kept:
            new = NewAnswers(self._run, self.model.name, answer.run)
            return replace(answer, cached=not new.take(Path(answer.kept).stem))
        return answer

    def _wait(self, request: Request) -> None:
        """Wait until an answer is kept or no job asks about all movies."""
        lock = lock_of(self._run, self.model.name)
        if lock.exists():
            with long_lock(lock, lambda: self._client.keeps(request) or None):
                pass
