"""What captions say beside the words: sounds, speakers, and how something is said. docs/trailers.md tells the rule."""

from __future__ import annotations

import re

from trailerflow.trailers.cleaning.cue_text import CueText

_BRACKETED = re.compile(
    r"(?P<open>[\[【［〔〖(（])(?P<inner>[^\[\]【】［］〔〕〖〗()（）]{0,160})[\]】］〕〗)）](?P<colon>[ \t]*[:：])?"
)
_ROUND = "(（"
_MOST_WORDS, _MOST_WORDS_SQUARE = 5, 12
"""A longer text in brackets says something, unless it names a sound."""

_STARRED = re.compile(r"^\s*\*[^*\n]{1,60}\*\s*$", re.MULTILINE)
_CUT_OFF = re.compile(r"^\s*[\[【][^\[\]【】\n]{0,40}$|^[^\[\]【】\n]{0,40}[\]】]\s*$", re.MULTILINE)
_NOTES = re.compile(
    "[♪♫♬♩¶\U0001d11e\U0001f3b5\U0001f3b6]|^\\s*[#~]+(?=\\s)|(?<=\\s)[#~]+\\s*$", re.MULTILINE
)
_NAMED = re.compile(
    r"^\s*(?P<name>[^\W\d_][\w.'’&# -]{0,24})[ \t]*[:：](?:[ \t]+(?=\S)|[ \t]*\n)", re.MULTILINE
)
_TURN = re.compile(
    r"^(?:\s*(?:>+|»(?=\s)|[-‐‑–—―−](?![-‐‑–—―−\d])))+\s*|\s*>{2,}\s*|(?<=[.!?…])[ \t]+[-–—―][ \t]*(?=\w)",
    re.MULTILINE,
)

_WHO = re.compile(
    r"\b(?:i|i'm|i'll|i've|i'd|you|you're|you'll|you've|we|we're|we'll|we've|us|me|my|your|our|let's|don't|didn't|can't|won't"
    r"|j'\w+|je|tu|nous|vous|mon|ton|ich|du|wir|mein|dein|yo|tú|él|mi|io|noi|eu|você|nós|я|ты|мы|вы|меня|тебя|мне|тебе)\b",
    re.IGNORECASE,
)
_SOUND = re.compile(
    r"\b(?:music\w*|song|melody|theme|laugh\w*|chuckl\w+|giggl\w+|sighs?|sighing|gasp\w*|groan\w*|moan\w*|grunt\w*|scream\w*"
    r"|shout(?:s|ing)|yell(?:s|ing)|cries|crying|sob(?:s|bing)|weep(?:s|ing)|whisper\w*|mutter\w*|mumbl\w+|murmur\w*"
    r"|speak(?:s|ing)|chatter\w*|applau\w+|cheer(?:s|ing)|clap(?:s|ping)|whistl\w+|cough\w*|sneez\w+|sniff\w*|pant(?:s|ing)"
    r"|breathing|snor\w+|growl\w*|roar\w*|bark(?:s|ing)|howl\w*|chirp\w*|buzz\w*|beep\w*|ringing|rings|knocking|crash\w*"
    r"|shatter\w*|explo\w+|gunshots?|gunfire|sirens?|honk\w*|screech\w*|thunder|rumbl\w+|creak\w*|click\w*|clang\w*|thud\w*"
    r"|whoosh\w*|static|indistinct\w*|inaudible|unintelligible|muffled|narrator|announcer|sings|singing|humming|plays|playing"
    r"|continues|breaking|wailing|blaring|revving|footsteps|silence"
    r"|musi(?:que|k|ca)|música|rires?|soupir\w*|applaudi\w+|lach\w+|gelächter|seufz\w*|schrei\w*|risas?|suspir\w+|grit\w+"
    r"|aplaus\w+|disparos?|risate|applausi|музык\w*|смех|смеет\w+|смеёт\w+|вздых\w+|крич\w+|аплодис\w+|выстрел\w*)\b",
    re.IGNORECASE,
)
_SAID_END = re.compile(r"[.!?…。！？]\s*$")


def without_descriptions(text: CueText) -> CueText:
    """A text without sounds, signs of music, names of speakers and marks of their turns; what is said stays."""
    text = text.replaced(_BRACKETED, _kept).replaced(_STARRED, " ")
    return text.replaced(_NOTES, " ").replaced(_TURN, " ").replaced(_NAMED, _unnamed)


def without_halves(text: CueText) -> CueText:
    """A text without the lines of a square bracket whose other half is missing."""
    return text.replaced(_CUT_OFF, " ")


def _kept(found: re.Match[str]) -> str:
    if _is_said(found):
        return found[0]
    has_name = found.string[: found.start()].rpartition("\n")[2].strip()
    return ": " if found["colon"] and has_name else " "  # JOHN (whispering): Run


def _is_said(found: re.Match[str]) -> bool:
    """Whether a person says what stands in these brackets."""
    inner = " ".join(found["inner"].split())
    words = len(inner.split())
    if found["colon"] or not inner or "♪" in inner:
        return False
    if _WHO.search(inner.replace("’", "'")) and words > 1:
        return True
    if _SOUND.search(inner):
        return False
    is_round = found["open"] in _ROUND
    if _SAID_END.search(inner) and (words > 2 or is_round or inner[-1] in "!?！？"):
        return True
    if words > (_MOST_WORDS if is_round else _MOST_WORDS_SQUARE):
        return not inner.isupper()
    return is_round and _is_within_a_sentence(found)


def _is_within_a_sentence(found: re.Match[str]) -> bool:
    """Whether a sentence goes on over these brackets: words before, and after them a small letter or a mark."""
    before = found.string[: found.start()].rstrip()
    after = found.string[found.end() :].lstrip(" \t\n")
    line = f"{before}{after}"
    begins_small = after[:1].islower() or (line.isupper() and after[:1].isalpha())
    return bool(before) and before[-1].isalnum() and (begins_small or after[:1] in tuple(",.;!?…"))


def _unnamed(found: re.Match[str]) -> str:
    """Nothing, where a line begins with a name in capitals and goes on in small letters."""
    rest = found.string[found.end() :].split("\n", 1)[0]
    name = found["name"]
    is_name = name.isupper() and len(name.split()) <= 3 and any(letter.islower() for letter in rest)
    return "" if is_name and sum(letter.isalpha() for letter in name) > 1 else found[0]
