"""YouTube's search, by yt-dlp."""

from __future__ import annotations

from typing import Any

from trailerflow.answers import KeptAnswer
from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.outside import clean_text
from trailerflow.web.access import WebAccess
from trailerflow.web.pace import Pace
from trailerflow.web.parts import number_of, records_of, seconds_of, text_of
from trailerflow.web.reading import told
from trailerflow.web.visit import Visit

RESULTS = 10
LONGEST_TITLE = 300

_TEXTS = ("id", "url", "title", "channel", "live_status")


def search_videos(query: str, web: WebAccess) -> tuple[KeptAnswer, bool]:
    """Search for videos, or take the answer that was kept.

    Args:
        query: Words.
        web: Where answers and the pace are kept.

    Returns:
        The first `RESULTS` results in YouTube's order, each with all that yt-dlp knows of it without asking for the
        video itself; and whether they were kept from before.

    Raises:
        LaterError: Blocked, the day's visits spent, or a fault that stayed through the retries.
        TrailerflowError: The site is not as yt-dlp knows it, or leads to somebody else.
    """
    store = web.answers("searches")
    request = {"query": query, "results": RESULTS}
    if kept := store.get(request):
        return kept, True
    pace = web.youtube_pace()
    pace.take_turn()
    visit = web.visit(store.path(request).stem)
    try:
        found = _ask(query, web, pace, visit)
    except TrailerflowError:
        visit.settle()  # what was odd once is not to be met again from here
        raise
    kept = store.put(request, [_result(entry) for entry in found])
    visit.settle()
    return kept, False


def _ask(query: str, web: WebAccess, pace: Pace, visit: Visit) -> list[dict[str, Any]]:
    from yt_dlp.utils import DownloadError

    from trailerflow.trailers.youtube.downloader import downloader, extracted

    with downloader(web, pace, visit, {"extract_flat": True}) as (youtube_dl, _):
        try:
            answer = extracted(youtube_dl, f"ytsearch{RESULTS}:{query}", download=False)
        except DownloadError as error:
            visit.settle()
            raise LaterError(f"YouTube's search gave no whole answer ({_first_line(error)})") from None
    return [entry for entry in records_of(answer.get("entries")) if entry.get("id")]


def _result(entry: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a result, each part as what it ought to be."""
    return {
        **{name: clean_text(text_of(entry.get(name), LONGEST_TITLE)) or None for name in _TEXTS},
        "duration": seconds_of(entry.get("duration")),
        "view_count": number_of(entry.get("view_count")),
        "channel_is_verified": True if entry.get("channel_is_verified") is True else None,
    }


def _first_line(error: Exception) -> str:
    return told(str(error).removeprefix("ERROR: ").partition("\n")[0])
