"""Texts in encodings that nobody tells: read right, or refused, and never as other words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trailerflow.trailers.subtitles.encodings import UnreadableError, decode

pytestmark = pytest.mark.slow

SENTENCES = json.loads((Path(__file__).parents[3] / "data/spoken/sentences.json").read_text(encoding="utf-8"))
WEST = ("en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "is")
WRITTEN = [
    *((language, "cp1252") for language in WEST),
    *((language, "cp1250") for language in ("pl", "cs", "sk", "hu", "ro", "hr", "sl")),
    *((language, "iso8859-2") for language in ("pl", "cs", "hu")),
    *((language, "cp1251") for language in ("ru", "uk", "bg", "sr")),
    ("ru", "koi8-r"),
    ("uk", "koi8-u"),
    ("ru", "cp866"),
    ("el", "cp1253"),
    ("tr", "cp1254"),
    ("he", "cp1255"),
    ("ar", "cp1256"),
    ("lt", "cp1257"),
    ("th", "cp874"),
    ("ja", "cp932"),
    ("ja", "euc_jp"),
    ("ja", "iso2022_jp"),
    ("zh", "gb18030"),
    ("zh-Hant", "big5"),
    ("ko", "cp949"),
]


def file_of(lines: list[str]) -> str:
    return "\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{line}\n" for n, line in enumerate(lines, 1))


def writable(language: str, encoding: str) -> list[str]:
    """Sentences that this encoding can hold, those beyond ASCII first."""
    lines = [
        line for line in SENTENCES[language] if line.encode(encoding, "replace").decode(encoding) == line
    ]
    return sorted(lines, key=str.isascii)


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_a_file_of_five_cues_is_read_right(language, encoding):
    text = file_of(writable(language, encoding)[:5])
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_a_file_of_two_cues_is_never_read_as_other_words(language, encoding):
    lines = writable(language, encoding)
    wrong = []
    for first, second in zip(lines[::2], lines[1::2], strict=False):
        text = file_of([first, second])
        try:
            read = decode(text.encode(encoding))
        except UnreadableError:
            continue
        wrong += [read] if read != text else []
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "encoding"), [("ru", "cp1251"), ("el", "cp1253"), ("cs", "cp1250"), ("de", "cp1252")]
)
def test_capitals_are_read_too(language, encoding):
    text = file_of([line.upper() for line in writable(language, encoding)[:4]])
    assert decode(text.encode(encoding)) == text


def test_a_refusal_says_what_to_do():
    with pytest.raises(UnreadableError, match=r"^unreadable encoding; save it as UTF-8$"):
        decode(b"\xc4\xe0!\n")


@pytest.mark.parametrize(
    ("language", "encoding", "line"),
    [("lt", "cp1257", "Laukiau tavęs stotyje"), ("cs", "cp1250", "Děti se o")],
)
def test_a_language_that_is_told_decides_between_readings_that_are_as_good(language, encoding, line):
    text = file_of([line])
    with pytest.raises(UnreadableError):
        decode(text.encode(encoding))
    assert decode(text.encode(encoding), [language]) == text


def test_bytes_of_a_code_page_that_are_by_chance_of_utf_8_are_not_read_as_it():
    text = file_of(["ผมรอคุณที่สถานีทั้งคืน"])
    assert decode(text.encode("cp874")) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("I don’t know, Zoë. Ask ".encode() + b"Ren\xe9.", "I don’t know, Zoë. Ask René."),
        ("“No”, she said, ".encode() + b"it\x92s over.", "“No”, she said, it’s over."),
        ("Привет, мир".encode() + b"\xff, " + "как дела".encode(), "Привет, мир, как дела"),
        ("Привет".encode()[:-1] + ", как дела".encode(), "Приве, как дела"),
        ("Zoë and Ren".encode() + b"\xc3, she said", "Zoë and Ren, she said"),
        ("“Zo".encode() + b"\xe2\x80 x", "“Zo x"),
        ("caf\u00e9".encode()[:-1], "caf"),
    ],
)
def test_bad_bytes_in_utf_8_leave_the_rest_whole(data, text):
    assert decode(data) == text


@pytest.mark.parametrize("encoding", ["cp932", "gb18030", "cp949", "cp1251"])
def test_a_bad_byte_in_another_encoding_costs_its_line_at_most(encoding):
    language = {"cp932": "ja", "gb18030": "zh", "cp949": "ko", "cp1251": "ru"}[encoding]
    lines = SENTENCES[language][:8]
    whole = file_of(lines).encode(encoding)
    place = whole.index(lines[3].encode(encoding))
    read = decode(whole[:place] + b"\xff" + whole[place:])
    assert [line for line in lines if line in read][:3] == lines[:3]
    assert all(line in read for line in lines[4:])


def test_a_file_cut_within_a_character_of_two_bytes():
    lines = SENTENCES["ja"][:4]
    data = file_of(lines).encode("cp932")
    cut = data[: data.rindex(lines[3].encode("cp932")) + 11]
    assert decode(cut).startswith(file_of(lines[:3]))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("zeros", [1, 4, 500, 4096])
def test_bytes_of_zero_at_the_end_are_no_text(encoding, zeros):
    text = file_of(SENTENCES["ru"][:4])
    even = zeros + zeros % 2
    assert decode(text.encode(encoding) + b"\0" * (even if "16" in encoding else zeros)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", ["en", "ru", "zh", "ja", "ar"])
def test_wide_characters_without_a_mark(encoding, language):
    text = "\n".join(SENTENCES[language]) + "\n"
    assert decode(text.encode(encoding)) == text


def test_a_hole_in_the_midst_of_a_file():
    text = file_of(SENTENCES["pl"][:4])
    data = text.encode("cp1250")
    assert decode(data[:40] + b"\0" * 64 + data[40:]) == text


def test_marks_of_files_that_were_put_together():
    assert decode("\ufeffone\n\ufefftwo".encode()) == "one\ntwo"


@pytest.mark.parametrize("read_as", ["cp1252", "cp1251"])
@pytest.mark.parametrize("language", ["fr", "ru", "ja"])
def test_utf_8_that_was_read_wrongly_and_saved_again(language, read_as):
    text = "\n".join(SENTENCES[language][:4])
    spoilt = "".join(
        bytes([byte]).decode(read_as) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x98, 0x9D) else chr(byte)
        for byte in text.encode()
    )
    assert decode(spoilt.encode()) == text


def test_a_code_page_that_was_read_as_another_and_saved_as_utf_8():
    text = "\n".join(SENTENCES["ru"][:4])
    assert decode(text.encode("cp1251").decode("cp1252").encode()) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\0" * 5000, "it is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\0", "it is not a text file"),
        (bytes(range(256)) * 9, "it is not a text file"),
    ],
)
def test_what_is_no_text(data, reason):
    with pytest.raises(UnreadableError, match=f"^{reason}$"):
        decode(data)
