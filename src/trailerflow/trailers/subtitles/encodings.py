"""The text of a file whose encoding nobody tells."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection
from itertools import islice

MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MOST_CONTROLS = 0.02
"""More control characters than this share, and the file is no text."""

_SAMPLE_BYTES = 4000
_FEW = 0.01
"""Where fewer bytes than this share of the letters cannot be read, the rest is whole without them."""

_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ESCAPES = re.compile(rb"\x1b[$(]|~\{")
_BAD = re.compile("[\udc80-\udcff]+")
_CUT_CHARACTER = re.compile("[\udcc2-\udcf4][\udc80-\udcbf]{0,2}")
_TOGETHER = {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "MODIFIER"}
"""First words of the names of letters that one text may hold beside those of one other script."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_FEWEST_LETTERS, _FIRST_RUNS = 10, 300
_FIRST_OF_PAIRS = (0xC2, 0xC3, 0xC4, 0xC5, 0xE2)
"""Bytes that begin most characters of texts in Latin script: alone they are what is left of such a one."""

_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_PUNCTUATION = {0x85: "…", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x96: "–", 0x97: "—"}


class UnreadableError(Exception):
    """These bytes are no text, or in no encoding that can be told; the message says which."""


def decode(data: bytes, languages: Collection[str] = ()) -> str:
    """Text of a file whose encoding nobody tells.

    By its byte order mark; else UTF-16 or UTF-32 where bytes of zero show it; else UTF-8, also with some bad bytes, which
    are read as Windows-1252 between letters of Latin script and left out elsewhere; else by `code_pages.best_reading`.
    Bytes of zero that fill up a file, and marks in its midst, are left out. A text that somebody saved as UTF-8 after
    reading it wrongly is read rightly, where that can be undone.

    Args:
        data: Content of the file.
        languages: Two-letter languages that it may be in, where something tells.

    Raises:
        UnreadableError: The file is empty, no text, or its encoding is in doubt.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableError("it is empty")
    text = _marked(data) or _wide(data)
    if text is None:
        text = _of_bytes(data.removeprefix(codecs.BOM_UTF8), languages)
    return _undone(text.replace("\0", "").replace("\ufeff", ""), languages)


def _marked(data: bytes) -> str | None:
    """The text of a file that a byte order mark tells the encoding of."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="ignore")
    return None


def _wide(data: bytes) -> str | None:
    """A text in UTF-16 or UTF-32 without a mark: in any script its digits, spaces and line ends have bytes of zero."""
    if b"\0" not in data:
        return None
    quarters = [data[place::4].count(0) for place in range(4)]
    if min(quarters[2:]) > 0.9 * len(data) / 4 > max(quarters[:1]):
        return data.decode("utf-32-le", errors="ignore")
    if min(quarters[:2]) > 0.9 * len(data) / 4 > max(quarters[3:]):
        return data.decode("utf-32-be", errors="ignore")
    texts = [
        data.decode(encoding, errors="ignore").replace("\0", "") for encoding in ("utf-16-le", "utf-16-be")
    ]
    strange, text = min(((_strange_share(text), text) for text in texts), key=lambda pair: pair[0])
    return text if strange <= _MOST_CONTROLS else None


def _strange_share(text: str) -> float:
    """Share of characters that no text has; 1 where it has no spaces and ends of lines, as each text has them."""
    strange = sum(1 for letter in text if unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs"))
    breaks = text.count(" ") + text.count("\n") + text.count("\u3000")
    return (strange - text.count("\n") - text.count("\r") - text.count("\t")) / len(text) if breaks else 1.0


def _of_bytes(data: bytes, languages: Collection[str]) -> str:
    """A text in UTF-8 or in a code page."""
    if len(_CONTROLS.findall(data)) > _MOST_CONTROLS * len(data):
        raise UnreadableError("it is not a text file")
    data = data.replace(b"\0", b"")
    if data.isascii() and _ESCAPES.search(data):
        return _escaped(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
    text = data.decode("utf-8", "surrogateescape")
    return _mended(text) if _is_hardly_bad(text) else _of_code_page(data, languages)


def _escaped(data: bytes) -> str:
    """A text in one of the codes of seven bits that change the meaning of bytes by escapes; ASCII where it is none."""
    for encoding in ("iso2022_jp_ext", "iso2022_kr", "hz"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.isascii():
            return text
    return data.decode("ascii")


def _is_hardly_bad(text: str) -> bool:
    """Whether a text is in UTF-8 but for some bad bytes, here halves of surrogate pairs.

    Bytes of other encodings are now and then such of UTF-8 as well, but then of letters of any script, or of none.
    """
    bad = sum(1 if _CUT_CHARACTER.fullmatch(run) else len(run) for run in _BAD.findall(text))
    read = _BAD.sub("", "".join(_BEYOND_ASCII.findall(text)))
    names = {unicodedata.name(letter, "NONE").split()[0] for letter in read if letter.isalpha()}
    strange = sum(1 for letter in read if unicodedata.category(letter) in ("Cn", "Co"))
    return len(read) - strange >= bad + strange and (len(names - _TOGETHER) <= 1 or len(read) >= 20 * bad)


def _mended(text: str) -> str:
    """A text in UTF-8 of which some bytes are bad, here halves of surrogate pairs: read as they were meant, or left out."""
    letters = [letter for run in _BEYOND_ASCII.findall(text) for letter in run if letter.isalpha()]
    is_latin = all(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    around = f" {text} "

    def meant(found: re.Match[str]) -> str:
        before, after = around[found.start()], around[found.end() + 1]
        byte = ord(found[0]) - 0xDC00 if len(found[0]) == 1 else 0
        if byte in _PUNCTUATION:
            return _PUNCTUATION[byte]
        is_letter = byte >= 0xC0 and byte not in _FIRST_OF_PAIRS
        near = (before + after).isascii() and (before.isalpha() or after.isalpha())
        return bytes([byte]).decode("cp1252") if is_latin and is_letter and near else ""

    return _BAD.sub(meant, text)


def _of_code_page(data: bytes, languages: Collection[str]) -> str:
    from trailerflow.trailers.subtitles.code_pages import ENCODINGS, best_reading

    lines = _words(data)
    if encoding := best_reading(b"\n".join(lines), languages):
        return data.decode(encoding, errors="ignore")
    lines = [line for line in lines if not line.isascii()]
    for encoding in ENCODINGS:  # some of its lines may have bad bytes, or be in UTF-8
        whole = [line for line in lines if _is_whole(line, encoding) and not _is_whole(line, "utf-8")]
        if (
            len(lines) > len(whole) > 0.6 * len(lines)
            and best_reading(b"\n".join(whole), languages) == encoding
        ):
            return "\n".join(
                line.decode("utf-8" if _is_whole(line, "utf-8") else encoding, errors="ignore")
                for line in data.split(b"\n")
            )
    letters = sum(1 for byte in data if chr(byte).isalpha() and byte < 0x80)
    if sum(1 for byte in data if byte >= 0x80) <= _FEW * letters:
        return data.decode("ascii", errors="ignore")
    raise UnreadableError("unreadable encoding; save it as UTF-8")


def _words(data: bytes) -> list[bytes]:
    """Lines with letters, enough of them to tell an encoding; not the last one, which may be cut."""
    lines = [line for line in data.replace(b"\r", b"\n").split(b"\n") if _LETTER.search(line)]
    lines = lines[:-1] if lines[-1:] and lines[-1].isascii() is False and len(lines) > 2 else lines
    taken, length = [], 0
    for line in sorted(lines, key=bytes.isascii):
        if length > _SAMPLE_BYTES:
            break
        taken.append(line if len(line) <= _SAMPLE_BYTES else _beginning(line))
        length += len(taken[-1])
    return taken


def _beginning(line: bytes) -> bytes:
    """The first bytes of a long line, up to one of ASCII, since a character must not be cut."""
    return re.sub(rb"[\x80-\xff]+\Z", b"", line[:_SAMPLE_BYTES]) or line[:_SAMPLE_BYTES]


def _is_whole(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _undone(text: str, languages: Collection[str]) -> str:
    """A text as it was before somebody read it in a wrong encoding and saved it as UTF-8."""
    for encoding in ("cp1252", "cp1251"):
        undone = _undone_runs(text, encoding)
        if undone is not None:
            return undone
    letters = [letter for letter in text if letter.isalpha()]
    accented = [letter for letter in letters if "\x80" <= letter <= "\xff"]
    if len(letters) < _FEWEST_LETTERS or 2 * len(accented) < len(letters):
        return text
    data = _as_bytes(text, "cp1252")  # no language in Latin script has so many accents
    return text if data is None else _of_code_page(data, languages)


def _undone_runs(text: str, encoding: str) -> str | None:
    """The text with its runs of strange letters read as UTF-8, where most of them can be; else None."""
    runs = [found[0] for found in islice(_BEYOND_ASCII.finditer(text), _FIRST_RUNS)]
    undone = [read for run in runs if (read := _read_anew(run, encoding)) is not None]
    if sum(map(len, undone)) < 2 or 2 * len(undone) <= len(runs):
        return None
    return _BEYOND_ASCII.sub(lambda found: _read_anew(found[0], encoding) or found[0], text)


def _read_anew(run: str, encoding: str) -> str | None:
    data = _as_bytes(run, encoding)
    try:
        return data.decode("utf-8") if data else None
    except UnicodeDecodeError:
        return None


def _as_bytes(text: str, encoding: str) -> bytes | None:
    """The bytes that read so in a code page; those that it lacks are read as latin-1, as programs do."""
    parts = []
    for letter in text:
        try:
            parts.append(letter.encode(encoding))
        except UnicodeEncodeError:
            if not "\x80" <= letter <= "\x9f":
                return None
            parts.append(letter.encode("latin-1"))
    return b"".join(parts)
