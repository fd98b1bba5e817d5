"""Times of cues as people and programs write them: read as meant, and never spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.trailers.cleaning.clean import clean
from trailerflow.trailers.subtitles.cue_times import Times, split_at_times
from trailerflow.trailers.subtitles.subtitle_files import parse_subtitles

MEANT = [Times(3.0, 5.0)]


@pytest.mark.parametrize(
    "line",
    [
        "00:00:03,000 --> 00:00:05,000",
        "00:00:03.000 --> 00:00:05.000",
        "00:03.000 --> 00:05.000",
        "0:0:3,000 --> 0:0:5,0",
        "00:00:03:000 --> 00:00:05:000",
        "00.00.03.000 --> 00.00.05.000",
        "00;00;03;00 --> 00;00;05;00",
        "00: 00: 03,000 -> 00: 00: 05,000",
        "00 : 00 : 03 , 000 --> 00 : 00 : 05 , 000",
        "00:00:03,0000 --> 00:00:05,000000",
        "00:00:03 --> 00:00:05",
        "00:03 --> 00:05",
        "3.0 --> 5.0",
        "00:00:03, --> 00:00:05,",
        "00h00m03s --> 00h00m05s",
        "00:00:03,000-->00:00:05,000",
        "00:00:03,000 -> 00:00:05,000",
        "00:00:03,000 –> 00:00:05,000",
        "00:00:03,000 —> 00:00:05,000",
        "00:00:03,000 - -> 00:00:05,000",
        "00:00:03,000 -- > 00:00:05,000",
        "00:00:03,000 ==> 00:00:05,000",
        "00:00:03,000 → 00:00:05,000",
        "00:00:03,000 --&gt; 00:00:05,000",
        "00:00:03,000 --> --> 00:00:05,000",
        "00:00:03,000 -- 00:00:05,000",
        "00:00:03,000 >> 00:00:05,000",
        "00:00:03,000 - 00:00:05,000",
        "00:00:03,000 to 00:00:05,000",
        "0:00:03.000,0:00:05.000",
        "00：00：03，000 －－＞ 00：00：05，000",
        "٠٠:٠٠:٠٣٫٠٠٠ --> ٠٠:٠٠:٠٥٫٠٠٠",
        "०:००:०३,००० --> ०:००:०५,०००",
        "\u200e00:00:03,000\u200f --> \u202a00:00:05,000",
        "O0:0O:03,000 --> 00:00:05,OOO",
        "2 00:00:03,000 --> 00:00:05,000",
        "#2: 00:00:03,000 --> 00:00:05,000",
        "[00:00:03.000 --> 00:00:05.000]",
        "00:03.000 --> 00:05.000 align:start position:0% line:90%",
        "00:00:03,000 --> 00:00:05,000  X1:117 X2:504 Y1:10 Y2:20",
    ],
)
def test_a_line_of_times_is_read_as_meant(line):
    assert split_at_times(line) == MEANT


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("-00:00:01,000 --> 00:00:02,000", Times(0.0, 2.0)),
        ("00:00:03,000 -->", Times(3.0, None)),
        ("--> 00:00:05,000", Times(None, 5.0)),
        ("-->", Times(None, None)),
        ("??:??:?? --> ??:??:??", Times(None, None)),
        ("00:00:3,500 --> 00:00:5,00", Times(3.5, 5.0)),
        ("01:02:03,25 --> 01:02:04,5", Times(3723.25, 3724.5)),
        ("1:02 --> 1:05", Times(62.0, 65.0)),
        ("OO:0l:03,000 --> 00:01:O5,OOO", Times(63.0, 65.0)),
    ],
)
def test_what_is_missing_is_none_and_what_is_negative_is_the_beginning(line, times):
    assert split_at_times(line) == [times]


def test_text_on_the_line_of_its_times():
    assert split_at_times("00:00:03,000 --> 00:00:05,000 20 years ago...") == [*MEANT, "20 years ago..."]
    assert split_at_times("00:00:03,000 --> 00:00:05,000She stayed.") == [*MEANT, "She stayed."]
    assert split_at_times("He is gone. 2 00:00:03,000 --> 00:00:05,000 She stayed.") == [
        "He is gone.",
        *MEANT,
        "She stayed.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Meet me at 10:30 - or at 11.",
        "Go left -> then right",
        "x --> y",
        "5 > 3",
        "What? -- Yes.",
        "-40 degrees",
    ],
)
def test_what_is_said_has_no_times(line):
    assert split_at_times(line) == [line]


CLOCK = st.from_regex(r"[0-9]{1,3}:[0-9]{1,2}:[0-9]{1,3}([,.:][0-9]{1,4})?", fullmatch=True)
ARROW = st.sampled_from(["-->", " -> ", "–>", " - -> ", "=>", "→", " --->  ", "-- >"])


@given(CLOCK, ARROW, CLOCK, st.sampled_from(["", "7 ", "9999 "]), st.sampled_from(["", " ", "\t"]))
def test_no_line_with_an_arrow_between_two_times_is_spoken(start, arrow, end, before, after):
    data = f"1\n00:00:00,000 --> 00:00:00,500\nHe is gone.\n\n{before}{start}{arrow}{end}{after}\nShe stayed behind.\n"
    spoken = clean(parse_subtitles(data.encode(), ".srt").segments)
    assert sorted(spoken.split()) == ["He", "She", "behind.", "gone.", "is", "stayed"]


@pytest.mark.parametrize("sign", ["1", "1:", "-", "- ", "1 ", ":", "O", "00:00:00,000 ", "-->", "\u0663"])
def test_a_line_without_end_is_read_at_once(sign):
    split_at_times(sign * 20_000)
