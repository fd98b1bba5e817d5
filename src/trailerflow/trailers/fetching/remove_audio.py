"""remove_audio: the sound that fetch_audio downloaded goes when everybody who hears it has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.outcomes import Outcome
from trailerflow.trailers.youtube.sounds import remove_sound

if TYPE_CHECKING:
    from trailerflow.documents import RemovedAudio, TrailerAudio

RULE = "remove_audio"


def remove_audio(
    audio: Outcome[TrailerAudio], heard: Sequence[Outcome[Any]], cache: Path
) -> Outcome[RemovedAudio]:
    """Remove a movie's sound, if it was downloaded and heard.

    What was heard is kept by the hash of the sound, so that nobody needs the file again. It may be gone already: two
    movies may have one video, and a job may have been killed after it removed the file.

    Args:
        audio: Outcome of fetch_audio.
        heard: Outcomes of all rules that hear the sound.
        cache: Folder of the web's answers, with the sounds.

    Returns:
        ``path`` of the file that is gone; ``absent`` for a movie's own file, which stays. Where there is no sound, or one
        that somebody could not hear, so that it stays as well, their outcome is passed on.
    """
    if audio.data is None:
        return audio.passed_on(RULE)
    if audio.data["candidate"]["kind"] != "youtube":
        return Outcome.absent(RULE, audio.movie, "the movie's own file stays")
    for outcome in heard:
        if outcome.status in ("failed", "later"):
            return outcome.passed_on(RULE)
    path = Path(audio.data["path"])
    remove_sound(cache, path.name)
    return Outcome.ok(RULE, audio.movie, {"path": str(path)})
