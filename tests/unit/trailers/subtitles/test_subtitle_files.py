"""Subtitle files as people have them, each with the fault for which it is here."""

from __future__ import annotations

import codecs
import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.trailers.cleaning.clean import clean
from trailerflow.trailers.subtitles.encodings import decode
from trailerflow.trailers.subtitles.markup import plain_text
from trailerflow.trailers.subtitles.subtitle_files import SubtitleError, parse_subtitles, read_subtitles

SRT = "1\n00:00:01,000 --> 00:00:02,500\nIn a world\n\n2\n00:00:03,000 --> 00:00:04,000\nof caf\u00e9s\n"
VTT = (
    "WEBVTT\nKind: captions\nLanguage: en\n\n"
    "00:01.000 --> 00:02.500\nIn a world\n\n00:03.000 --> 00:04.000\nof caf\u00e9s\n"
)
TWO = [
    {"start": 1.0, "end": 2.5, "text": "In a world"},
    {"start": 3.0, "end": 4.0, "text": "of caf\u00e9s"},
]


def texts(data: bytes | str, suffix: str = ".srt") -> list[str]:
    found = parse_subtitles(data.encode() if isinstance(data, str) else data, suffix)
    return [segment["text"] for segment in found.segments]


@pytest.mark.parametrize(
    "data",
    [
        SRT.encode(),
        codecs.BOM_UTF8 + SRT.encode(),
        SRT.encode("latin-1"),
        SRT.encode("cp1252"),
        SRT.encode("utf-16"),
        SRT.encode("utf-16-le"),
        SRT.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + SRT.encode("utf-16-be"),
        SRT.encode("utf-32"),
        SRT.replace("\n", "\r\n").encode(),
        SRT.replace("\n", "\r").encode(),
        SRT.replace(",", ".").encode(),
        SRT.replace("\n\n", "\n").encode(),
    ],
)
def test_srt_in_every_encoding_gives_the_same_cues(data):
    assert parse_subtitles(data, ".srt").segments == TWO


@pytest.mark.parametrize(
    "data", [VTT, "\ufeff" + VTT, VTT.partition("\n\n")[2]], ids=["plain", "bom", "no header"]
)
def test_vtt_never_loses_the_first_cue(data):
    assert parse_subtitles(data.encode(), ".vtt").segments == TWO


def test_vtt_tells_its_language_and_its_notes_are_no_text():
    data = VTT.replace("\n\n00:03", "\n\nNOTE a remark\nof two lines\n\ncue-2\n00:03")
    found = parse_subtitles(data.encode(), ".vtt")
    assert found.language == "en"
    assert found.segments == TWO


def test_windows_quotation_marks_survive():
    assert texts("1\n00:00:01,000 --> 00:00:02,000\n\u201cRun\u201d\n".encode("cp1252")) == [
        "\u201cRun\u201d"
    ]


@pytest.mark.parametrize(
    ("marked_up", "plain"),
    [
        ("<i>Tom</i> &amp; <font color='red'>Ann</font>", "Tom & Ann"),
        ("<00:00:00.500><c.colorE5E5E5> so</c> it<00:00:01.000> begins", "so it begins"),
        ("<v Bob>Hi</v>", "Hi"),
        ("{\\an8}Above", "Above"),
        ("&lt;i&gt;escaped&lt;/i&gt;", "escaped"),
        ("I <3 you, 1 < 2", "I <3 you, 1 < 2"),
        ("one\\Ntwo", "one\ntwo"),
        ("nobody&nbsp;knows", "nobody knows"),
    ],
)
def test_tags_and_entities(marked_up, plain):
    assert texts(f"1\n00:00:01,000 --> 00:00:02,000\n{marked_up}\n") == [plain]


@pytest.mark.parametrize(
    "tail",
    [
        "3",
        "3\n",
        "3\n00",
        "3\n00:00:0",
        "3\n00:00:05,000 -",
        "3\n00:00:05,000 --> 00:0",
        "3\n00:00:05,000 --> 00:00:06,000\n",
    ],
)
def test_a_cut_srt_keeps_its_whole_cues_and_leaks_no_index(tail):
    assert texts(SRT + "\n" + tail) == ["In a world", "of caf\u00e9s"]


def test_a_srt_that_lost_its_beginning():
    assert texts(",000\nlost words\n\n" + SRT) == ["In a world", "of caf\u00e9s"]


def test_a_file_cut_in_the_middle_of_a_character():
    data = SRT.encode()
    cut = data[: data.index("\u00e9".encode()) + 1]
    assert texts(cut) == ["In a world", "of caf"]


def test_every_cut_of_a_file_keeps_the_first_cue_whole():
    for encoding in ("utf-8", "utf-16"):
        data = SRT.encode(encoding)
        first = SRT.index("\n\n") * (2 if encoding == "utf-16" else 1) + 4
        for end in range(first, len(data)):
            found = parse_subtitles(data[:end], ".srt").segments
            assert found[0] == TWO[0]
            assert all("2" not in segment["text"] for segment in found)


def test_numbers_that_are_spoken_stay():
    assert texts(
        "1\n00:00:01,000 --> 00:00:02,000\n1984\n\n2\n00:00:03,000 --> 00:00:04,000\nSince\n2001\n"
    ) == [
        "1984",
        "Since\n2001",
    ]


def test_cues_out_of_order_are_sorted_and_an_end_before_its_start_is_mended():
    found = parse_subtitles(
        b"00:00:09,000 --> 00:00:03,000\nlate\n\n00:00:01,000 --> 00:00:02,000\nearly\n", ".srt"
    ).segments
    assert [(part["start"], part["end"], part["text"]) for part in found] == [(1, 2, "early"), (9, 9, "late")]


def test_hours_are_counted():
    assert parse_subtitles(b"01:02:03,004 --> 01:02:04,5\nx\n", ".srt").segments[0] == {
        "start": 3723.004,
        "end": 3724.5,
        "text": "x",
    }


def test_plain_text_has_no_times():
    found = parse_subtitles(b"First line.\n\n  Second   line.\n", ".txt").segments
    assert found == [
        {"start": None, "end": None, "text": "First line."},
        {"start": None, "end": None, "text": "Second line."},
    ]


def test_cues_in_a_txt_are_found():
    assert parse_subtitles(SRT.encode(), ".txt").segments == TWO


def test_json_of_both_programs():
    youtube = json.dumps([{"text": "Hello &amp; hi", "start": 1.5, "duration": 2.0}])
    assert parse_subtitles(youtube.encode(), ".json").segments == [
        {"start": 1.5, "end": 3.5, "text": "Hello & hi"}
    ]
    whisper = json.dumps(
        {"language": "fr", "text": "x", "segments": [{"start": 0, "end": 1, "text": " Bonjour"}]}
    )
    found = parse_subtitles(whisper.encode(), ".json")
    assert (found.language, found.segments) == ("fr", [{"start": 0.0, "end": 1.0, "text": "Bonjour"}])


def test_a_cut_json_keeps_its_whole_entries():
    whole = json.dumps({"segments": [{"start": n, "end": n + 1, "text": f"line {n}"} for n in range(3)]})
    assert texts(whole[: whole.index("line 2")], ".json") == ["line 0", "line 1"]


@pytest.mark.parametrize(
    ("data", "suffix", "reason"),
    [
        (b"", ".srt", "it is empty"),
        (b" \r\n\0\0", ".txt", "it is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\0", ".srt", "it is not a text file"),
        (bytes(range(256)) * 8, ".txt", "it is not a text file"),
        (b"<!DOCTYPE html><html>Too many requests</html>", ".srt", "it is a web page, not subtitles"),
        (b"just some words", ".srt", "it holds no cue with text"),
        (b"1\n00:00:01,0", ".srt", "it holds no cue with text"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n", ".srt", "it holds no cue with text"),
        (b'{"segments": [{"start"', ".json", "it holds no cue with text"),
        (b"<i></i>", ".txt", "it holds no text"),
    ],
)
def test_what_cannot_be_used_says_why(data, suffix, reason):
    with pytest.raises(SubtitleError, match=f"^{reason}$"):
        parse_subtitles(data, suffix)


def test_utf_16_without_a_mark_in_another_script():
    text = "1\n00:00:01,000 --> 00:00:02,000\n\u0412 \u043c\u0438\u0440\u0435\n"
    assert (
        texts(text.encode("utf-16-le"))
        == texts(text.encode("utf-16-be"))
        == ["\u0412 \u043c\u0438\u0440\u0435"]
    )


@pytest.mark.parametrize(
    "blank", [" ", "", "\u00a0", "\t"], ids=["as YouTube writes it", "stripped by an editor", "hard", "tab"]
)
def test_generated_captions_whose_first_line_is_a_blank_lose_no_cue(blank):
    data = (
        f"WEBVTT\nKind: captions\n\n00:01.000 --> 00:02.000\n{blank}\nHe<00:01.500><c> is</c><00:01.700><c> gone.</c>\n\n"
        f"00:03.000 --> 00:05.000\n{blank}\nShe<00:03.500><c> stayed</c><00:04.000><c> behind.</c>\n"
    )
    assert texts(data, ".vtt") == ["He is gone.", "She stayed behind."]


def test_a_cue_of_web_vtt_without_text_takes_neither_the_next_id_nor_a_remark():
    data = (
        "WEBVTT\n\nfirst\n00:01.000 --> 00:02.000\n\nsecond\n00:03.000 --> 00:04.000\n \n\nNOTE not said\n\n"
        "third\n00:05.000 --> 00:06.000\nSaid.\n\nSTYLE\n::cue {}\n"
    )
    assert texts(data, ".vtt") == ["Said."]


def test_a_line_of_blanks_does_not_end_a_cue_of_web_vtt():
    data = "WEBVTT\n\n00:01.000 --> 00:02.000\nHe is\n \ngone.\n\n00:03.000 --> 00:04.000\nShe stayed.\n"
    assert texts(data, ".vtt") == ["He is\ngone.", "She stayed."]


def test_a_number_that_is_said_stays_where_cues_have_no_numbers():
    data = "00:00:01,000 --> 00:00:02,000\n1984\n\n00:00:03,000 --> 00:00:04,000\nIt began.\n"
    assert texts(data) == ["1984", "It began."]


def test_missing_times_leave_the_cues_where_they_stand():
    data = b"00:00:01,000 --> 00:00:02,000\na\n\n-->\nb\n\n--> 00:00:06,000\nc\n\n00:00:07,000 -->\nd\n"
    found = parse_subtitles(data, ".srt").segments
    assert [(part["start"], part["end"], part["text"]) for part in found] == [
        (1, 2, "a"),
        (1, 1, "b"),
        (1, 6, "c"),
        (7, 7, "d"),
    ]


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\x0b", "\r", "\r\n"])
def test_every_end_of_a_line_ends_it(end):
    data = f"1{end}00:00:01,000 --> 00:00:02,000{end}In a world{end}without law{end}"
    assert texts(data) == ["In a world\nwithout law"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            "{100}{200}He is gone.|And so on.\n{300}{400}She stayed.",
            ["He is gone.\nAnd so on.", "She stayed."],
        ),
        ("[00:01.00]He is gone.\n[00:03.00]She stayed.", ["He is gone.", "She stayed."]),
        ("0:01\nHe is gone.\n0:03\nShe stayed.", ["He is gone.", "She stayed."]),
        ("00:00:01:He is gone.\n00:00:03:She stayed.", ["He is gone.", "She stayed."]),
        (
            "0:00:01.0,0:00:02.0\nHe is gone.\n\n0:00:03.0,0:00:04.0\nShe stayed.",
            ["He is gone.", "She stayed."],
        ),
        (
            "[Script Info]\nTitle: x\n[Events]\nFormat: Layer, Start\n"
            "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}He, too,\\Nis gone.",
            ["He, too,\nis gone."],
        ),
        (
            "10:30 is the hour.\nWe meet then.\nNobody knows.",
            ["10:30 is the hour.", "We meet then.", "Nobody knows."],
        ),
    ],
)
def test_other_forms_of_plain_text_leak_no_times(data, said):
    assert texts(data, ".txt") == said


@pytest.mark.parametrize(
    ("marked_up", "plain"),
    [
        ("\\h\\hHe is gone.\\nAnd so on.", "He is gone.\nAnd so on."),
        ("{\\p1}m 0 0 l 100 0 100 100 0 100{\\p0}Run", "Run"),
        ("{\\an7\\p2\\pos(0,0)}m 0 0 b 1 2 3 4 5 6", ""),
        ("m 0 0 l 100 0 100 100", ""),
        ("{\\pos(1,2)\\i1}Run{\\i0}", "Run"),
        ("{y:i}Run {c:$0000ff}now", "Run now"),
        ("one<br>two<br />three", "one\ntwo\nthree"),
        ("<ruby>\u6f22<rt>kan</rt></ruby>", "\u6f22"),
        ("< i >Run</ i >", "Run"),
        ("&amp;quot;Run&amp;quot; &#39;now&#39;", "\"Run\" 'now'"),
        ("so\u00adft a\u200bb \u200eleft\u200f", "soft ab left"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\u0915\u094d\u200d\u092f\u093e", "\u0915\u094d\u200d\u092f\u093e"),
        ("zero\u200cwidth \u200d", "zerowidth"),
    ],
)
def test_what_formats_draws_or_is_unseen_goes_and_joiners_stay(marked_up, plain):
    assert plain_text(marked_up) == plain
    assert plain_text(plain) == plain


def test_json_of_many_open_brackets_is_refused_at_once():
    data = b"[" + b'{"a":' * 330_000
    started = time.perf_counter()
    with pytest.raises(SubtitleError, match="nested deeper than 100 levels"):
        parse_subtitles(data, ".json")
    assert time.perf_counter() - started < 1


def test_json_of_many_objects_that_are_none_is_refused_at_once():
    started = time.perf_counter()
    with pytest.raises(SubtitleError, match="no cue"):
        parse_subtitles(b"{x}" * 1_000_000, ".json")
    assert time.perf_counter() - started < 5


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "x.srt"
    with path.open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(SubtitleError, match="larger than 4,000,000 bytes"):
        read_subtitles(path)


@pytest.mark.parametrize(
    "sign", [b"\xe9 ", b"(", b"<", b"{\\p1}", b"&", b"1:", b"- ", b'{"a":[1,', b'"{', b"[ "]
)
@pytest.mark.parametrize("suffix", [".srt", ".json", ".txt"])
def test_no_content_takes_long(sign, suffix):
    data = b"1\n00:00:01,000 --> 00:00:02,000\n" * (suffix == ".srt") + sign * 30_000
    started = time.perf_counter()
    with contextlib.suppress(SubtitleError):
        clean(parse_subtitles(data, suffix).segments)
    assert time.perf_counter() - started < 5


def check(data: bytes, suffix: str) -> None:
    try:
        segments = parse_subtitles(data, suffix).segments
    except SubtitleError as error:
        assert str(error)
        return
    assert segments
    for segment in segments:
        assert segment["text"].strip() == segment["text"] != ""
        segment["text"].encode()
        assert segment["start"] is None or segment["end"] is None or 0 <= segment["start"] <= segment["end"]
    starts = [segment["start"] for segment in segments]
    assert None in starts or starts == sorted(starts)


SUFFIX = st.sampled_from([".srt", ".vtt", ".txt", ".json"])
PIECE = st.sampled_from(
    [
        "1",
        "\n",
        "\n\n",
        "00:00:01,000 --> 00:00:02,000",
        "00:05.0 --> 00:01.0",
        "WEBVTT",
        "<i>",
        "&amp;",
        "&#xd800;",
        "[",
        "]",
        '{"text": "a\\ud800", "start": 1e400, "duration": 5}',
        '{"segments": ',
        ",",
        "}",
        "\u00e9",
        "word",
        "NOTE x",
    ]
)


@given(st.binary(max_size=300), SUFFIX)
def test_bytes_of_any_kind_give_segments_or_a_reason(data, suffix):
    check(data, suffix)


@given(st.lists(st.one_of(PIECE, st.text(max_size=5)), max_size=30), SUFFIX, st.integers(0, 3))
def test_anything_like_a_subtitle_file_gives_segments_or_a_reason(pieces, suffix, cut):
    data = "".join(pieces).encode("utf-8", "surrogatepass")
    check(data[: len(data) - cut], suffix)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).filter(str.strip))
def test_decoding_gives_back_utf_8(text):
    data = text.encode()
    accents = sum("\x80" <= letter <= "\xff" for letter in text)  # of which no text has as many as others
    if 3 * accents < len(text) and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert decode(data) == text
