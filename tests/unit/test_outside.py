"""The gate for what comes from outside: bounds on bytes, time and depth, and clean text."""

from __future__ import annotations

import gzip
import json
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow import outside
from trailerflow.outside import (
    MOST_DEPTH,
    MOST_DIGITS,
    DeadlineError,
    OutsideError,
    bounded,
    clean_text,
    parse_json,
    redirect_problem,
    within,
)


def blocks(data: bytes, size: int = 7) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("", bytes), ("identity", bytes), (" GZIP ", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)],
)  # fmt: skip
@pytest.mark.parametrize("length", [0, 1, 100])
def test_bytes_come_back_as_they_were_up_to_the_bound(encoding, pack, length):
    data = bytes(range(100))[:length]
    assert bounded(blocks(pack(data)), most=150, encoding=encoding) == data


def test_one_byte_more_than_the_bound_is_refused():
    assert bounded(blocks(b"a" * 100), most=100) == b"a" * 100
    with pytest.raises(OutsideError, match="larger than 99 bytes"):
        bounded(blocks(b"a" * 100), most=99)
    packed = gzip.compress(b"a" * 1000)
    assert len(bounded(blocks(packed), most=1000, encoding="gzip")) == 1000
    with pytest.raises(OutsideError, match="larger than 999 bytes"):
        bounded(blocks(packed), most=999, encoding="gzip")


def test_an_endless_body_is_read_no_further_than_the_bound():
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"a" * 1000

    with pytest.raises(OutsideError, match="larger than 10,000 bytes"):
        bounded(endless(), most=10_000)
    assert len(read) == 11


def test_a_bomb_takes_no_more_memory_than_the_bound():
    bomb = zlib.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(OutsideError, match="larger than"):
            bounded([bomb], most=1_000_000, encoding="deflate")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("data", "encoding", "words"),
    [
        (gzip.compress(b"whole")[:-9], "gzip", "broke off"),
        (b"no gzip at all", "gzip", "damaged"),
        (b"?", "br", "packed as 'br'"),
        (b"?", "gzip, \x1b[31mgzip" + "x" * 99, "packed as"),
    ],
)  # fmt: skip
def test_bytes_that_are_packed_otherwise_or_not_whole_are_refused(data, encoding, words):
    with pytest.raises(OutsideError, match=words) as caught:
        bounded(blocks(data), encoding=encoding)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 100


def test_a_body_that_drips_is_given_up_at_its_deadline(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(outside.time, "monotonic", lambda: now[0])

    def dripping() -> Iterator[bytes]:
        while True:
            now[0] += 0.5
            yield b"."

    with pytest.raises(DeadlineError, match="within 2 s"):
        bounded(dripping(), seconds=2)
    assert now[0] == 102.5
    assert bounded([b"."] * 9, seconds=2) == b"." * 9


def test_work_that_hangs_is_given_up():
    let_go = threading.Event()
    with pytest.raises(DeadlineError, match=r"within 0\.05 s"):
        within(0.05, let_go.wait)
    let_go.set()


def test_work_that_is_done_in_time_gives_what_it_gave_or_raised():
    assert within(60, lambda: None) is None
    assert within(60, lambda: 5) == 5
    with pytest.raises(KeyError, match="told"):
        within(60, lambda: {}["told"])
    with pytest.raises(SystemExit):
        within(60, lambda: (_ for _ in ()).throw(SystemExit(3)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(min_codepoint=32, max_codepoint=126)),
    lambda children: st.lists(children) | st.dictionaries(st.text(st.characters(min_codepoint=32, max_codepoint=126)), children),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_json_comes_back_as_it_was(document):
    assert parse_json(json.dumps(document)) == document
    assert parse_json(b"\xef\xbb\xbf" + json.dumps(document).encode()) == document


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_json_is_read_to_a_depth_and_no_deeper(opening, closing):
    levels = MOST_DEPTH // (opening.count("[") + opening.count("{"))
    assert parse_json(opening * levels + "1" + closing * levels)
    with pytest.raises(OutsideError, match=f"deeper than {MOST_DEPTH} levels"):
        parse_json(opening * (levels + 1) + "1" + closing * (levels + 1))


@pytest.mark.parametrize(
    "text", ["[" * 300_000, "[" * 300_000 + "]" * 300_000, '{"a":' * 300_000, '"' + "[" * 300_000, '["' + '\\"[' * 300_000]
)  # fmt: skip
def test_json_that_is_far_too_deep_or_not_closed_is_refused_at_once(text):
    start = time.process_time()
    with pytest.raises(OutsideError):
        parse_json(text)
    assert time.process_time() - start < 5


def test_brackets_in_texts_and_beside_each_other_are_no_depth():
    flat = [["[[[{", '\\"[', "]"]] * (2 * MOST_DEPTH)
    assert parse_json(json.dumps(flat)) == flat


@pytest.mark.parametrize("data", [b"", b"<html>", b'{"a": 1', b"\xff\xfe[", b"[1] [2]", b"[1,]"])
def test_what_is_no_json_is_refused(data):
    with pytest.raises(OutsideError, match="it is no JSON"):
        parse_json(data)


def test_numbers_have_a_length():
    assert parse_json("9" * MOST_DIGITS) == int("9" * MOST_DIGITS)
    with pytest.raises(OutsideError, match=f"more than {MOST_DIGITS} digits"):
        parse_json("9" * (MOST_DIGITS + 1))
    with pytest.raises(OutsideError, match="more than"):
        parse_json("[" + "9" * 1_000_000 + "]")
    assert parse_json("[NaN, -Infinity, 1e999]")[1:] == [float("-inf"), float("inf")]


def test_texts_and_names_of_json_are_clean():
    assert parse_json(r'{"a\u0000\ud800": ["\u001b[31m\udc00 \u0085", {"b": "\ud83d\ude00"}]}') == {
        "a\ufffd": ["[31m\ufffd ", {"b": "😀"}]
    }


@given(st.text(st.characters(exclude_categories=[]), max_size=50))
def test_a_clean_text_can_be_written_and_moves_no_cursor(text):
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert all(character >= " " or character in "\t\n\r" for character in cleaned)
    assert not any("\x7f" <= character <= "\x9f" for character in cleaned)
    assert clean_text(cleaned) == cleaned


def test_ordinary_text_is_clean_already():
    text = "Ça va? — 😀\tπ\r\n\u200f"
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("url", "target", "problem"),
    [
        ("https://a.org/x", "https://a.org/y?z=1", None),
        ("http://a.org/x", "https://a.org/x", None),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/y", None),
        ("https://a.org/x", "https://A.ORG:443/x", None),
        ("https://a.org/x", "http://a.org/x", "redirects to an address without encryption (http://a.org)"),
        ("https://a.org/x", "https://b.org/x?key=secret", "redirects to another host (https://b.org)"),
        ("https://a.org/x", "https://a.org.b.org/x", "redirects to another host (https://a.org.b.org)"),
        ("https://a.org/x", "https://a.org@b.org/x", "redirects to another host (https://b.org)"),
        ("http://a.org:8000/x", "http://a.org:8001/x", "redirects to another host (http://a.org:8001)"),
        ("http://a.org:8000/x", "https://a.org/x", "redirects to another host (https://a.org)"),
        ("https://a.org/x", "file:///etc/passwd", "redirects to another host"),
        ("https://a.org/x", "https://b.org:port/x", "redirects to another host"),
    ],
)  # fmt: skip
def test_a_redirect_is_followed_to_the_same_host_alone(url, target, problem):
    found = redirect_problem(url, target)
    assert found == problem or (problem and found and found.startswith(problem) and not problem.endswith(")"))
