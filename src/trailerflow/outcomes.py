"""The typed outcome that every per-movie job writes: a status, the data, and where they come from.

A stage never writes an error sentence where data belongs and never leaves a hole: it writes one of four statuses.

``ok``
    The data are there.
``absent``
    There is nothing, and asking again will not help; the reasons say why.
``failed``
    This input cannot be worked on; the reasons say why.
``later``
    It may succeed later (blocked, quota, a fault that passes); ``earliest`` says when to ask again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, Never, TypeVar, get_args

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.files import write_json
from trailerflow.redaction import redact, redact_document, redact_values

Status = Literal["ok", "absent", "failed", "later"]
STATUSES: tuple[str, ...] = get_args(Status)

Data_co = TypeVar("Data_co", bound=Mapping[str, object], covariant=True)
Made = TypeVar("Made", bound=Mapping[str, object])


@dataclass(frozen=True)
class Outcome(Generic[Data_co]):
    """What one job found out about one movie.

    Attributes:
        movie: Identifier of the movie.
        rule: Name of the rule that wrote it.
        status: One of `STATUSES`.
        data: What was made, for ``ok`` only; `trailerflow.documents` says what it is of each rule.
        reasons: Why it is not ``ok``, the most telling first.
        source: Where the data come from (file, server, cached or not).
        made_by: What made the data (package versions, model and prompt hashes).
        seconds: Wall-clock seconds of the work itself.
        earliest: For ``later``: time from which asking again makes sense, ISO 8601 in UTC.
    """

    movie: str
    rule: str
    status: Status
    data: Data_co | None = None
    reasons: tuple[str, ...] = ()
    source: dict[str, Any] = field(default_factory=dict)
    made_by: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    earliest: str | None = None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status must be one of {', '.join(STATUSES)}, got {self.status!r}")
        if (self.status == "ok") != (self.data is not None):
            raise ValueError(f"an outcome has data exactly when it is ok, got {self.status} for {self.movie}")
        if self.status != "ok" and not self.reasons:
            raise ValueError(f"an outcome that is {self.status} needs a reason, for movie {self.movie}")

    @staticmethod
    def ok(rule: str, movie: str, data: Made, **more: Any) -> Outcome[Made]:
        """An outcome with data; ``more`` takes source, made_by and seconds."""
        return Outcome(movie=movie, rule=rule, status="ok", data=data, **more)

    @staticmethod
    def absent(rule: str, movie: str, *reasons: str, **more: Any) -> Outcome[Never]:
        """There is nothing to be had."""
        return Outcome(movie=movie, rule=rule, status="absent", reasons=reasons, **more)

    @staticmethod
    def failed(rule: str, movie: str, *reasons: str, **more: Any) -> Outcome[Never]:
        """This input cannot be worked on."""
        return Outcome(movie=movie, rule=rule, status="failed", reasons=reasons, **more)

    @staticmethod
    def later(
        rule: str, movie: str, *reasons: str, earliest: str | None = None, **more: Any
    ) -> Outcome[Never]:
        """Asking again later may help."""
        return Outcome(movie=movie, rule=rule, status="later", reasons=reasons, earliest=earliest, **more)

    @staticmethod
    def unanswered(rule: str, movie: str, error: LaterError | RefusedError, **more: Any) -> Outcome[Never]:
        """What a request without an answer means: ``later``, or ``failed`` where asking again would not help."""
        if isinstance(error, LaterError):
            return Outcome.later(rule, movie, error.reason, earliest=error.earliest, **more)
        return Outcome.failed(rule, movie, error.reason, **more)

    def passed_on(self, rule: str) -> Outcome[Never]:
        """The same status and reasons as the outcome of ``rule`` further down, which did no work."""
        if self.status == "ok":
            raise ValueError(f"an ok outcome of {self.rule} is worked on, not passed on")
        return Outcome(
            movie=self.movie,
            rule=rule,
            status=self.status,
            reasons=self.reasons,
            source={"passed_on_from": self.source.get("passed_on_from", self.rule)},
            made_by=self.made_by,
            earliest=self.earliest,
        )


def read_outcome(path: Path | str) -> Outcome[Any]:
    """Read an outcome document.

    Args:
        path: File written by `write_outcome`.

    Raises:
        TrailerflowError: The file is missing or no outcome document.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        document["reasons"] = tuple(document["reasons"])
        return Outcome(**document)
    except FileNotFoundError:
        raise TrailerflowError(f"{path} is missing; run snakemake to make it.") from None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TrailerflowError(
            f"{path} is not an outcome document ({error}); delete it and run snakemake again."
        ) from None


def write_outcome(outcome: Outcome[Mapping[str, object]], path: Path | str, attempt: int = 0) -> None:
    """Write an outcome document in one step; a ``later`` of this very rule leaves a mark for the next attempt.

    What a server said may repeat a key: no secret is written.

    Args:
        outcome: What to write.
        path: ``results/<rule>/…/<movie>.json``; the mark goes to the same place under ``run/later``.
        attempt: Number of this attempt, 0 for the first.
    """
    if outcome.status == "later" and "passed_on_from" not in outcome.source:
        leave_mark(path, attempt, outcome.earliest)
    document = asdict(outcome)
    document |= {
        "data": redact_values(outcome.data),
        "reasons": [redact(reason) for reason in outcome.reasons],
    }
    document |= {name: redact_document(document[name]) for name in ("source", "made_by")}
    write_json(path, document)


def leave_mark(path: Path | str, attempt: int, earliest: str | None) -> None:
    """Leave the mark that lets the job of an output ask again.

    Args:
        path: The output.
        attempt: Number of the attempt that was just made.
        earliest: Time from which asking again makes sense, or None where nothing is known.
    """
    write_json(later_mark(path), {"attempt": attempt + 1, "earliest": earliest}, private=True)


def leave_mark_for_rows(path: Path | str, attempt: int, times: Iterable[object]) -> None:
    """Leave the mark of a table of which some rows are for later; without such rows, none.

    Args:
        path: The table.
        attempt: Number of the attempt that was just made.
        times: ``earliest`` of each row that is for later; what is no text means that nothing is known.
    """
    times = list(times)
    if times:
        leave_mark(path, attempt, min((time for time in times if isinstance(time, str)), default=None))


def later_mark(path: Path | str) -> Path:
    """Place of the mark that makes the job of an outcome document run again once its time has come."""
    path = Path(path)
    parts = path.parts
    if "results" not in parts:
        return path.with_suffix(".later")
    at = len(parts) - 1 - parts[::-1].index("results")
    return Path(*parts[:at], "run", "later", *parts[at + 1 :])


def has_marks(pattern: str) -> bool:
    """Whether there may be a mark of any outcome document of a rule.

    Args:
        pattern: Path of its documents, with wildcards in braces.
    """
    return Path(str(later_mark(pattern)).partition("{")[0]).exists()


def attempt_number(path: Path | str, now: str) -> int:
    """Number of the attempt that the job of an outcome document is to make.

    A mark counts only once its time has come, so that the job's parameter, and with it the job, stays as it is until then.

    Args:
        path: The outcome document.
        now: Present time, ISO 8601 in UTC as in the marks.
    """
    mark = later_mark(path)
    try:
        document = json.loads(mark.read_text(encoding="utf-8"))
        attempt, earliest = int(document["attempt"]), document["earliest"]
    except FileNotFoundError:
        return 0
    except (ValueError, TypeError, KeyError, RecursionError):
        raise TrailerflowError(f"{mark} is damaged; delete it, and the job asks again.") from None
    return attempt if earliest is None or earliest <= now else attempt - 1
