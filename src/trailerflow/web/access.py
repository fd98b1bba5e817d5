"""How this run reaches the web: settings, and the places where pace, visits and answers are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.answers import AnswerStore
from trailerflow.errors import TrailerflowError
from trailerflow.web.pace import Pace
from trailerflow.web.visit import Visit


@dataclass(frozen=True)
class WebAccess:
    """The ``web`` section of the configuration, and where things are kept.

    Attributes:
        cache: Folder of the answers that are kept for good.
        run: Folder of what lives during a run: the pace and the blocks.
        pause_seconds: Least time between two visits to YouTube.
        visits_per_day: Most visits to YouTube of a day; None for no limit.
        blocked_minutes: How long nothing is asked after a block that names no time itself.
        cookies: Netscape file of cookies for YouTube; None for none.
        contact: How to reach the person who asks, told to sites with an interface; None tells nothing.
        refresh_before: Answers that came before this time are asked for again; None keeps all.
    """

    cache: Path
    run: Path
    pause_seconds: float
    visits_per_day: int | None
    blocked_minutes: float
    cookies: str | None
    contact: str | None
    refresh_before: str | None

    @classmethod
    def from_json(cls, text: str, refresh_before: str | None, *, cache: Path, run: Path) -> WebAccess:
        """Make it of the JSON text of the settings but ``refresh_before``.

        Raises:
            TrailerflowError: The text does not hold exactly these settings.
        """
        try:
            settings: dict[str, Any] = json.loads(text)
            return cls(cache=cache, run=run, refresh_before=refresh_before, **settings)
        except (ValueError, TypeError) as error:
            # Without the text: it tells how to reach the user, and where the cookies are.
            raise TrailerflowError(
                f"The web settings cannot be used ({error}); they are a JSON object of the web section of the config."
            ) from None

    def answers(self, kind: str) -> AnswerStore:
        """The answers of one kind (captions, searches …)."""
        return AnswerStore(self.cache / kind, self.refresh_before)

    def visit(self, name: str) -> Visit:
        """The visit of this name, with what it was answered before this process.

        Raises:
            ValueError: The name cannot be that of a visit's folder.
        """
        return Visit(self.cache / "visits", name)

    def youtube_pace(self) -> Pace:
        """The pace of YouTube, as the user sets it."""
        return self.pace("youtube.com", self.pause_seconds, self.visits_per_day)

    def pace(self, site: str, pause_seconds: float, visits_per_day: int | None = None) -> Pace:
        """The pace of a site."""
        return Pace(
            self.run / "pace",
            site,
            pause_seconds=pause_seconds,
            visits_per_day=visits_per_day,
            blocked_seconds=self.blocked_minutes * 60,
        )
