"""The encoding of a text that is neither UTF-8 nor UTF-16: what chardet thinks, checked by what no text looks like.

chardet names the right one for 97 of 100 single cues and nearly always names one. So each of its readings is looked at
here as well: a small letter before a capital one, two scripts in a word, a sign inside a word, a letter that the language
lacks. What stays in doubt has no reading, since a wrong one is a transcript of other words
(benchmarks/subtitle_encodings.py).
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from trailerflow.trailers.language import detect_language

LEAST_SCORE = 0.01
"""A reading that is worse is none; chardet gives a right one .05 for a cue and .5 for a film."""

LEAST_LEAD = 0.01
"""How much better than the next one the best reading is."""

_WEIGHT = 2.0
"""How much what is out of place counts, as a share of the characters beyond ASCII, against chardet's confidence."""

_MOSTLY, _FEW_PLACES = 5, 5
_HINT = 0.02
_LESS_USUAL, _RARE = 0.005, 0.03
ENCODINGS = {
    "cp1250": 0.0, "cp1251": 0.0, "cp1252": 0.0, "cp1253": 0.0, "cp1254": 0.0, "cp1255": 0.0, "cp1256": 0.0,
    "cp1257": _LESS_USUAL, "cp874": 0.0, "koi8-r": 0.0, "cp932": 0.0, "gb18030": 0.0, "big5hkscs": 0.0, "cp949": 0.0,
    "iso8859-2": _LESS_USUAL, "iso8859-5": _LESS_USUAL, "iso8859-6": _LESS_USUAL, "iso8859-7": 0.015,
    "iso8859-15": _LESS_USUAL, "koi8-u": _LESS_USUAL, "cp866": _LESS_USUAL, "cp1258": _LESS_USUAL,
    "euc_jis_2004": _LESS_USUAL,
    "iso8859-13": _RARE, "cp850": _RARE, "cp852": _RARE, "cp855": _RARE, "cp857": _RARE, "cp737": _RARE, "cp862": _RARE,
    "mac-roman": _RARE, "mac-cyrillic": 0.012, "mac-latin2": 0.05,
}  # fmt: skip
"""What is read, and how much chardet's confidence must be higher for what hardly any subtitle file is in."""

_LETTERS = {
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя", "bg": "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэъё",
    "cs": "áčďéěíňóřšťúůýž", "da": "æøåéóö", "de": "äöüßéàè", "en": "éèêëïöüçñáàóôåíäø", "es": "áéíóúñüçï",
    "et": "äöõüšž", "fi": "äöåšžé", "fr": "àâæçéèêëîïôœùûüÿñáíóúö", "hr": "čćđšž", "hu": "áéíóöőúüű",
    "is": "áéíóúýðþæö", "it": "àèéìíòóùú", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "nl": "éèëïöüáóúíêàçâôäû",
    "no": "æøåéòôóêü", "pl": "ąćęłńóśźżé", "pt": "áâãàçéêíóôõúüïèñ", "ro": "ăâîșțşţéö", "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšžćđ", "sv": "åäöéüàáè", "tr": "çğıöşüâîûi̇",
}  # fmt: skip
"""Letters of languages, in Latin script those beyond a to z and those of their usual foreign words."""

_OF_NAMES = "éëöüäáíóú"
"""Letters of names that are in films of any language: Zoë, José, Jürgen."""

_SIGNS = set("«»„“”‘’‹›–—…¿¡™♪♫·•´\xa0\xad−′″\u200c\u200d\u200e\u200f")
_SIGNS_OF_THEIR_OWN = set("°£€©®½¼¾ªº№¢¥§¶")
"""They stand beside numbers or alone, and not beside a letter."""

_MOST_ODDNESS = 3.0

_IN_WORDS = set("’‘·\xad\u200c\u200d\u200e\u200f—–…\xa0´")
_SCRIPT = re.compile(
    r"(?P<latin>[A-Za-z\u00c0-\u024f\u1e00-\u1eff])|(?P<greek>[\u0370-\u03ff\u1f00-\u1fff])|(?P<cyrillic>[\u0400-\u052f])"
    r"|(?P<hebrew>[\u0590-\u05ff])|(?P<arabic>[\u0600-\u06ff])|(?P<thai>[\u0e00-\u0e7f])"
)
_EASTERN_SIGN = re.compile(r"[\u3000-\u303f\uff00-\uff60\u0600-\u06ff\u0e00-\u0e7f\u0590-\u05ff\u30fb\u30fc]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_NOT_AT_THE_END, _ONLY_AT_THE_END = "σ", "ςךםןףץ"
_QUOTES = set("‘’“”–—…")
_OLD_THAI = "ฃฅ"
_LEVELS = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("euc_jp", 0xB0, 0xCF), ("euc_kr", 0xB0, 0xC8))
"""First bytes of the everyday characters in the standards of China, Taiwan, Japan and Korea."""


@dataclass(frozen=True)
class _Reading:
    encoding: str
    text: str
    score: float


def best_reading(data: bytes, languages: Collection[str] = ()) -> str | None:
    """Name of the encoding in which these bytes are a text, or None where it is in doubt.

    Args:
        data: Words of the text, whole lines of them.
        languages: Two-letter languages that it may be in; the others are possible too.
    """
    if _has_only_quotes(data):
        return "cp1252"
    readings = sorted(_readings(data, languages), key=lambda reading: -reading.score)
    if not readings or readings[0].score < LEAST_SCORE:
        return None
    best = readings[0]
    others = (reading.score for reading in readings if reading.text != best.text)
    return best.encoding if best.score - next(others, 0.0) >= LEAST_LEAD else None


def _has_only_quotes(data: bytes) -> bool:
    """Whether nothing but the quotation marks, dashes and dots of all Windows code pages are beyond ASCII."""
    text = data.decode("cp1252", "replace")
    return {letter for letter in text if not letter.isascii()} <= _QUOTES and not _odd_share(text, ())


def _readings(data: bytes, languages: Collection[str]) -> list[_Reading]:
    """All ways to read the bytes, scored: chardet's confidence, less what is out of place and what is rare."""
    texts = {encoding: text for encoding in ENCODINGS if (text := _decoded(data, encoding)) is not None}
    in_capitals = {encoding for encoding, text in texts.items() if _is_in_capitals(text)}
    told = _told(data, texts.keys() - in_capitals)
    for encoding in in_capitals:  # which chardet has hardly seen
        told |= _told(texts[encoding].lower().encode(encoding, "ignore"), {encoding})
    seen = _language_of_plain_words(data)
    readings = []
    for encoding, (confidence, language) in told.items():
        odd = _odd_share(texts[encoding], {seen, language})
        hint = _HINT if language in {*languages, seen} else 0.0
        score = confidence - _WEIGHT * odd - ENCODINGS[encoding] + hint
        readings.append(_Reading(encoding, texts[encoding], score))
    return readings


def _language_of_plain_words(data: bytes) -> str | None:
    """The language of a text as its words of ASCII letters show it; None where most of it has others."""
    plain = [word for word in data.split() if word.isascii()]
    return detect_language(b" ".join(plain).decode("ascii")) if 2 * len(plain) >= len(data.split()) else None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return unicodedata.normalize("NFC", data.decode(encoding))
    except UnicodeDecodeError:
        return None


def _told(data: bytes, encodings: Collection[str]) -> dict[str, tuple[float, str | None]]:
    """Confidence and language that chardet has for each of some encodings."""
    import chardet

    if not encodings:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that its default is not among these
        found = chardet.detect_all(
            data, ignore_threshold=True, include_encodings=encodings, compat_names=False
        )
    told = {str(entry["encoding"]): (entry["confidence"], entry["language"]) for entry in found}
    return {encoding: told[encoding] for encoding in encodings if encoding in told}


def _is_in_capitals(text: str) -> bool:
    small = sum(letter.islower() for letter in text)
    return sum(letter.isupper() for letter in text) > 2 * small


def _odd_share(text: str, languages: Collection[str | None]) -> float:
    """Share of the characters beyond ASCII that are out of place in a text of one of these languages."""
    around = f" {text} "
    places = [place for place, character in enumerate(around) if not character.isascii()]
    letters = "".join(_LETTERS.get(language or "", "") for language in languages)
    plain = sum(letter.isascii() and letter.isalpha() for letter in text)
    is_latin = plain > _MOSTLY * sum(around[place].isalpha() for place in places)
    odd = sum(_oddness(around[place - 1 : place + 2], letters, is_latin=is_latin) for place in places)
    return odd / max(_FEW_PLACES, len(places))


def _oddness(three: str, letters: str, *, is_latin: bool) -> float:
    """From 0, a character that may well stand between its neighbours, to 1 and more, one that no text has there."""
    before, here, after = three[0], three[1], three[2]
    if not here.isalpha() and not unicodedata.combining(here):
        return _oddness_of_sign(before, here, after)
    script = _script(here)
    if is_latin and script != "latin":
        return 1.0
    if script is None:
        return 0.0 if _is_everyday(here) else 1.0
    mixed = any(near.isalpha() and _script(near) != script for near in (before, after))
    if (
        mixed
        or (here.isupper() and before.islower())
        or (here.islower() and before.isupper() and after.isupper())
    ):
        return 0.0 if here == "ß" else 1.0
    if here in _ONLY_AT_THE_END if after.isalpha() else here == _NOT_AT_THE_END:
        return 1.0
    foreign = script in ("latin", "cyrillic") and letters and here.lower() not in letters + _OF_NAMES
    return 0.5 if foreign or here in _OLD_THAI else 0.0


def _oddness_of_sign(before: str, here: str, after: str) -> float:
    if _EASTERN_SIGN.match(here):
        return 0.0
    if here in _SIGNS_OF_THEIR_OWN:
        return _MOST_ODDNESS if before.isalpha() or after.isalpha() else 0.0
    if here not in _SIGNS:
        return 1.0
    within = before.isalpha() and after.isalpha() and _script(before) is not None
    return 1.0 if within and here not in _IN_WORDS else 0.0


@cache
def _script(letter: str) -> str | None:
    """The script of a letter that is written in words with spaces; None for those of the Far East."""
    found = _SCRIPT.match(letter)
    return found.lastgroup if found else None


@cache
def _is_everyday(character: str) -> bool:
    """Whether a letter of the Far East is among those of everyday use."""
    if _KANA.match(character):
        return True
    for encoding, first, last in _LEVELS:
        try:
            data = character.encode(encoding)
        except UnicodeEncodeError:
            continue
        if first <= data[0] <= last:
            return True
    return False
