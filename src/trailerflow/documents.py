"""What one stage hands to the next: the ``data`` of each per-movie rule's outcome, where its status is ``ok``.

These are types and nothing else, so the programs do without this module: they import it for the type checker alone.
Annotations are evaluated here (no ``from __future__``), since a key that need not be there is told only then.
"""

from typing import Any, Literal, NotRequired, TypedDict

# ---- find_trailer


MediaKind = Literal["subtitles", "audio", "video"]


class FileCandidate(TypedDict):
    """A file of the movie's own.

    Attributes:
        kind: What the file is.
        path: Its path, as the media folder is given.
    """

    kind: MediaKind
    path: str


VideoCandidate = TypedDict(
    "VideoCandidate",
    {
        "kind": Literal["youtube"],
        "video": str,
        "from": str,
        "title": NotRequired[str | None],
        "score": NotRequired[float],
        "language": NotRequired[str | None],
        "match": NotRequired[str],
    },
)
"""A video of YouTube: its id, the source that names it, and what that source knows of it (its title; the picker's score;
TMDB's language; how GroupLens' row was matched)."""


class SourceCandidate(TypedDict):
    """A source that is asked only where all candidates before it are gone.

    Attributes:
        kind: ``source``.
        source: Name of the source.
        movie: The movie as it is asked for: id, title and year.
    """

    kind: Literal["source"]
    source: str
    movie: dict[str, Any]


Candidate = FileCandidate | VideoCandidate | SourceCandidate


class Candidates(TypedDict):
    """Of find_trailer: where a movie's trailer may be had.

    Attributes:
        candidates: In the order in which they are tried.
    """

    candidates: list[Candidate]


# ---- fetch_captions and fetch_audio


class Segment(TypedDict):
    """A part of what is said.

    Attributes:
        start: When it begins, in seconds; None where a file tells no times.
        end: When it ends, in seconds; None where a file tells no times.
        text: Its words, with the markup of captions.
    """

    start: float | None
    end: float | None
    text: str


class TrailerCaptions(TypedDict):
    """Of fetch_captions.

    Attributes:
        segments: The cues.
        language: Code of the language that the track or file tells of itself, or None.
        candidate: Where they are from.
    """

    segments: list[Segment]
    language: str | None
    candidate: FileCandidate | VideoCandidate


class Tried(TypedDict, total=False):
    """What fetch_captions tells fetch_audio in the outcome's ``source`` where there are no captions.

    Attributes:
        gone: Why videos cannot be had, by their ids.
        found: Candidates that a source gave only then.
        answers: Files of the cache that this rests on.
    """

    gone: dict[str, str]
    found: list[VideoCandidate]
    answers: list[str]


class TrailerAudio(TypedDict):
    """Of fetch_audio.

    Attributes:
        path: The file with the sound; of a downloaded one only the speech may be left, in the cache.
        candidate: Where it is from.
        sha256: Hash of a downloaded file; None for a movie's own, which may change.
    """

    path: str
    candidate: FileCandidate | VideoCandidate
    sha256: str | None


class RemovedAudio(TypedDict):
    """Of remove_audio.

    Attributes:
        path: The file with the sound, which is gone.
    """

    path: str


# ---- transcripts


class SaidIn(TypedDict):
    """A language as a source tells it.

    Attributes:
        language: Its code, or None.
        language_probability: How sure a recogniser is of it, from 0 to 1; None for captions, which are read.
    """

    language: str | None
    language_probability: float | None


class Transcript(SaidIn):
    """Of transcribe_trailer.

    Attributes:
        segments: What is said, in its order.
        origin: Whether it was read or heard.
        translation: The same in English, where the recogniser was to hear it so.
    """

    segments: list[Segment]
    origin: Literal["captions", "speech"]
    translation: NotRequired[list[Segment]]


class Original(TypedDict):
    """A transcript in its own language.

    Attributes:
        segments: What is said.
        language: Code of the language, or None.
    """

    segments: list[Segment]
    language: str | None


class TranslatedTranscript(SaidIn):
    """Of translate_transcript.

    Attributes:
        segments: The translation where there is one, else the original.
        origin: As in `Transcript`.
        original: The transcript in its own language.
        translated: Whether ``segments`` are a translation.
        translated_by: The way of the translation (``whisper``, ``llm``, ``ctranslate2``), or None.
    """

    segments: list[Segment]
    origin: Literal["captions", "speech"]
    original: Original
    translated: bool
    translated_by: str | None


class PreparedTranscript(TypedDict):
    """Of prepare_transcript.

    Attributes:
        text: The spoken words, cleaned and cut.
        segments: The same in parts, which are ``text`` when they are joined by blanks, each with the times of the cue that
            shows it first. Documents that were made before the parts were kept have none.
        words: How many words it has.
        words_before_trim: How many it had before it was cut.
        language: Code of the language of the text, or None where it cannot be told.
        origin: As in `Transcript`.
        translated: As in `TranslatedTranscript`.
        original_text: Where it is translated, the original, cleaned and whole.
    """

    text: str
    segments: NotRequired[list[Segment]]
    words: int
    words_before_trim: int
    language: str | None
    origin: Literal["captions", "speech"]
    translated: bool
    original_text: NotRequired[str]


# ---- fetch_synopsis and summarise_movie


class Synopsis(TypedDict):
    """Of fetch_synopsis.

    Attributes:
        text: What somebody else wrote of the story.
        words: How many words it has.
    """

    text: str
    words: int


class CheckedClaim(TypedDict):
    """What a summary says in one clause, beside its transcript.

    Attributes:
        text: The claim.
        sentence: Place of its sentence in the summary as it was written, from 0.
        support: How far the transcript supports it; None where nothing can be said.
        kept: Whether it passed the check.
        copied: Whether it is a copy of the transcript.
        invented_names: Its names that nobody speaks.
        window: The part of the transcript that is most like it, or None.
    """

    text: str
    sentence: int
    support: float | None
    kept: bool
    copied: bool
    invented_names: list[str]
    window: Segment | None


class Summary(TypedDict):
    """Of summarise_movie.

    Attributes:
        summary: One paragraph.
        words: How many words it has.
        finish_reason: How the answer ended, see `trailerflow.llm.types.Answer`.
        written: The paragraph before it was checked, where it was.
        claims: What it said then, claim by claim.
    """

    summary: str
    words: int
    finish_reason: str
    written: NotRequired[str]
    claims: NotRequired[list[CheckedClaim]]
