"""What is said keeps the times of its cues, whatever is taken out before, between and after it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trailerflow.trailers.cleaning.clean import clean, cleaned_segments, cut, joined, trim
from trailerflow.trailers.subtitles.subtitle_files import parse_subtitles


def timed(*texts: str) -> list[tuple[float, float, str]]:
    """Start, end and text of what is left of cues of one second each."""
    cues = [{"start": float(place), "end": place + 1.0, "text": text} for place, text in enumerate(texts)]
    return [(part["start"], part["end"], part["text"]) for part in cleaned_segments(cues)]


def test_cues_keep_their_times():
    assert timed("In a world", "[Music]", "of <i>cats</i>.") == [(0, 1, "In a world"), (2, 3, "of cats.")]


def test_what_makers_and_sites_say_takes_no_time_from_what_is_said():
    assert timed("", "Subtitles by Jane Roe", "Run!", "Downloaded from www.opensubtitles.org") == [
        (2, 3, "Run!")
    ]


def test_a_description_from_one_cue_into_the_next_leaves_both_their_times():
    assert timed("Wait. [a door", "opens] Run!") == [(0, 1, "Wait."), (1, 2, "Run!")]
    assert timed("Wait. (I know", "that you came) Run!") == [
        (0, 1, "Wait. (I know"),
        (1, 2, "that you came) Run!"),
    ]


def test_rolling_captions_have_the_times_of_their_first_showing():
    data = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n \nin<00:00:00.500><c> a</c><00:00:01.000><c> world</c>\n\n"
        "00:02.000 --> 00:02.010\nin a world\n \n\n"
        "00:02.010 --> 00:04.000\nin a world\nwithout<00:00:03.000><c> law</c>\n\n"
        "00:04.000 --> 00:04.010\nwithout law\n \n\n"
        "00:04.010 --> 00:06.000\nwithout law\none<00:00:05.000><c> man</c>\n"
    )
    assert cleaned_segments(parse_subtitles(data.encode(), ".vtt").segments) == [
        {"start": 0.0, "end": 2.0, "text": "in a world"},
        {"start": 2.01, "end": 4.0, "text": "without law"},
        {"start": 4.01, "end": 6.0, "text": "one man"},
    ]


def test_a_line_that_goes_on_within_a_word_is_not_shown_again():
    shown = timed("a", "a\nthe cat", "the category\nb", "b\nc")
    assert shown == [(0, 1, "a"), (1, 2, "the cat"), (2, 3, "the category b"), (3, 4, "c")]


def test_captions_that_grow_have_the_time_of_each_word_s_beginning():
    assert timed("We", "We are", "We are here") == [(0, 1, "We"), (1, 2, "are"), (2, 3, "here")]
    assert timed("Wh", "Who ar", "Who are you") == [(0, 1, "Who"), (1, 2, "are"), (2, 3, "you")]


def test_a_text_without_times_has_none():
    parts = parse_subtitles(b"Run!\n\nNow.\n", ".txt").segments
    assert {(part["start"], part["end"]) for part in cleaned_segments(parts)} == {(None, None)}


def test_a_segment_is_cut_with_its_times():
    parts = [
        {"start": 0.0, "end": 1.5, "text": "One two."},
        {"start": 2.0, "end": 3.0, "text": "Three four."},
    ]
    assert cut(parts, 0) == []
    assert cut(parts, 7) == [{"start": 0.0, "end": 1.5, "text": "One two"}]
    assert cut(parts, 8) == parts[:1]
    assert cut(parts, 14) == [parts[0], {"start": 2.0, "end": 3.0, "text": "Three"}]
    assert cut(parts, 20) == parts


@given(st.lists(st.text(st.sampled_from("aB我爱.!? \n[](♪-ด"), max_size=12), max_size=8), st.integers(1, 12))
def test_segments_are_the_text_and_its_beginning(texts, limit):
    cues = [{"start": float(place), "end": place + 0.5, "text": text} for place, text in enumerate(texts)]
    parts = cleaned_segments(cues)
    assert joined(parts) == clean(cues)
    starts = [part["start"] for part in parts]
    assert starts == sorted(set(starts))
    kept = trim(joined(parts), limit)
    assert joined(cut(parts, len(kept))) == kept
