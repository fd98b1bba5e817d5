"""How many subtitle files in old encodings are read right, refused, or made other words.

Files are made of our sentences in 37 languages (tests/data/spoken/sentences.json), in small letters and in capitals, in each
encoding that the language is written in, with 1, 2, 4 and 8 cues. Beside ours stand chardet and charset-normalizer alone.
"""

from __future__ import annotations

import argparse
import json
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import chardet
import charset_normalizer

from trailerflow.trailers.subtitles.encodings import UnreadableError, decode

SENTENCES = Path(__file__).parents[1] / "tests" / "data" / "spoken" / "sentences.json"
WEST, MIDDLE = ("cp1252", "iso8859-15", "mac-roman", "cp850"), ("cp1250", "iso8859-2", "cp852")
ENCODINGS: dict[str, tuple[str, ...]] = (
    dict.fromkeys(("en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "is"), WEST)
    | dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl"), MIDDLE)
    | {
        "ru": ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic"),
        "uk": ("cp1251", "koi8-u"),
        "bg": ("cp1251", "iso8859-5"),
        "sr": ("cp1251", "iso8859-5"),
        "el": ("cp1253", "iso8859-7"),
        "tr": ("cp1254",),
        "he": ("cp1255",),
        "ar": ("cp1256", "iso8859-6"),
        "fa": ("cp1256",),
        "vi": ("cp1258",),
        "th": ("cp874",),
        "lt": ("cp1257",),
        "lv": ("cp1257",),
        "et": ("cp1257", "cp1252"),
        "ja": ("cp932", "euc_jp", "iso2022_jp"),
        "zh": ("gb18030",),
        "zh-Hant": ("big5", "gb18030"),
        "ko": ("cp949",),
    }
)
OLD = ("mac-roman", "mac-cyrillic", "cp850", "cp852", "cp866")
"""Of the Macintosh and of DOS: hardly any subtitles are in them, and they are near to others."""

PLAIN = str.maketrans({"’": "'", "“": '"', "”": '"', "–": "-", "\u200c": None, "ی": "ي", "œ": "oe"})
TONES = "\u0300\u0301\u0303\u0309\u0323"

Reader = Callable[[bytes], str | None]


def files(cues: int, times: int, *, capitals: bool) -> Iterator[tuple[str, bytes, str]]:
    """Encoding, bytes and text of subtitle files of so many cues."""
    draw = random.Random(cues)
    for language, sentences in json.loads(SENTENCES.read_text(encoding="utf-8")).items():
        for encoding in ENCODINGS[language]:
            for _ in range(times):
                text = subtitles(draw.sample(sentences, cues))
                text, data = encoded(text.upper() if capitals else text, encoding)
                if not data.isascii() or encoding == "iso2022_jp":
                    yield encoding, data, text


def subtitles(lines: list[str]) -> str:
    """A file in SubRip's form."""
    times = [f"00:00:{number:02},000 --> 00:00:{number:02},900" for number in range(len(lines))]
    return "\n".join(
        f"{number}\n{time}\n{line}\n" for number, (time, line) in enumerate(zip(times, lines, strict=True), 1)
    )


def encoded(text: str, encoding: str) -> tuple[str, bytes]:
    """A text as people write it in an encoding, and its bytes: what this lacks is written in another way or left out."""
    if encoding == "cp1258":
        text = "".join(map(tone_apart, text))
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        data = text.translate(PLAIN).encode(encoding, "ignore")
    return unicodedata.normalize("NFC", data.decode(encoding)), data


def tone_apart(letter: str) -> str:
    """A Vietnamese letter with its tone as a sign of its own, as Windows writes it."""
    apart = unicodedata.normalize("NFD", letter)
    tones = "".join(sign for sign in apart if sign in TONES)
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if sign not in TONES)) + tones


def ours(data: bytes) -> str | None:
    """What trailerflow reads, None where it refuses."""
    try:
        return decode(data)
    except UnreadableError:
        return None


def by_chardet(data: bytes) -> str | None:
    """What chardet's first guess gives."""
    encoding = chardet.detect(data, prefer_superset=False)["encoding"]
    return data.decode(encoding, "replace") if encoding else None


def by_charset_normalizer(data: bytes) -> str | None:
    """What charset-normalizer's best match gives."""
    best = charset_normalizer.from_bytes(data).best()
    return str(best) if best else None


def judged(read: str | None, text: str) -> str:
    """``right``, ``unsure`` or ``wrong``."""
    if read is None:
        return "unsure"
    return "right" if unicodedata.normalize("NFC", read) == text else "wrong"


def main() -> None:
    """Make the files, read them in all ways and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--times", type=int, default=5, help="files for each language, encoding and number of cues"
    )
    times = parser.parse_args().times
    readers: dict[str, Reader] = {
        "trailerflow": ours,
        "chardet": by_chardet,
        "charset-normalizer": by_charset_normalizer,
    }
    by_length: dict[tuple[str, str, int], Counter[str]] = {}
    by_encoding: dict[str, Counter[str]] = {}
    for cues in (1, 2, 4, 8):
        for capitals in (False, True):
            for encoding, data, text in files(cues, times, capitals=capitals):
                group = "DOS, Macintosh" if encoding in OLD else "others"
                for name, read in readers.items():
                    by_length.setdefault((name, group, cues), Counter())[judged(read(data), text)] += 1
                by_encoding.setdefault(encoding, Counter())[judged(ours(data), text)] += 1
    print("| reader | encodings | cues | files | right | unsure | wrong |\n|---|---|---|---|---|---|---|")
    for (name, group, cues), counts in sorted(by_length.items()):
        print(f"| {name} | {group} | {cues} {row(counts)}")
    print("\n| encoding, read by trailerflow | files | right | unsure | wrong |\n|---|---|---|---|---|")
    for encoding, counts in by_encoding.items():
        print(f"| {encoding} {row(counts)}")


def row(counts: Counter[str]) -> str:
    """The cells of a row: the number of files and the shares."""
    shares = (f"{counts[name] / counts.total():.3f}" for name in ("right", "unsure", "wrong"))
    return f"| {counts.total()} | {' | '.join(shares)} |"


if __name__ == "__main__":
    main()
