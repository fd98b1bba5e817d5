"""Downloads are whole or not at all; every fault is one sentence that names the address."""

from __future__ import annotations

import time

import pytest

from trailerflow import download as module
from trailerflow.download import DownloadError, download
from unit.sites import head, raw_site, unframed

pytestmark = pytest.mark.slow

CONTENT = bytes(range(256)) * 40  # 10,240 bytes
MOST = 20_000
CHUNKED = "Transfer-Encoding: chunked"


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def fetched(url: str, **options: object) -> bytes:
    return b"".join(download(url, **({"most": MOST} | options)))


def fault(url: str, **options: object) -> str:
    with pytest.raises(DownloadError) as caught:
        fetched(url, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_comes_whole_with_its_length_in_pieces_or_by_the_end_of_the_connection():
    pages = {
        "/length": [head(CONTENT)],
        "/chunks": [unframed(chunk(CONTENT[:4000]) + chunk(CONTENT[4000:]) + b"0\r\n\r\n", CHUNKED)],
        "/end": [unframed(CONTENT)],
        "/plain": [head(CONTENT, "Content-Encoding: Identity")],
    }
    with raw_site(pages) as site:
        for page in pages:
            assert fetched(site + page) == CONTENT
        assert fetched(f"{site}/length", length_needed=True) == CONTENT
        assert fetched(f"{site}/chunks", length_needed=True) == CONTENT


def test_what_broke_off_is_no_file():
    pages = {
        "/length": [head(CONTENT[:4000], length=len(CONTENT))],
        "/chunk": [unframed(chunk(CONTENT)[:4000], CHUNKED)],
        "/chunks": [unframed(chunk(CONTENT), CHUNKED)],
        "/head": [b"HTTP/1.1 200 OK\r\nContent-"],
        "/nothing": [],
        "/noise": [b"\x00\x01\x02\r\n\r\n"],
    }
    with raw_site(pages) as site:
        assert fault(f"{site}/length") == f"{site}/length: it broke off after 4,000 of 10,240 bytes"
        assert fault(f"{site}/chunk") == f"{site}/chunk: it broke off"
        assert fault(f"{site}/chunks") == f"{site}/chunks: it broke off"
        assert fault(f"{site}/head") == f"{site}/head: it sent nothing"
        assert fault(f"{site}/nothing") == f"{site}/nothing: Remote end closed connection without response"
        assert fault(f"{site}/noise") == f"{site}/noise: BadStatusLine"


def test_a_length_that_is_not_told_is_refused_where_nothing_else_shows_a_break():
    with raw_site({"/end": [unframed(CONTENT)]}) as site:
        assert "does not tell its length" in fault(f"{site}/end", length_needed=True)


def test_more_bytes_than_expected_are_refused_before_and_while_they_come():
    pages = {
        "/exactly": [head(CONTENT)],
        "/told": [head(b"", length=MOST + 1)],
        "/untold": [unframed(bytes(MOST + 1))],
        "/endless": [unframed(b"", CHUNKED), *[chunk(bytes(9000))] * 5],
    }
    with raw_site(pages) as site:
        assert fetched(f"{site}/exactly", most=len(CONTENT)) == CONTENT
        assert fault(f"{site}/told") == f"{site}/told: it has 20,001 bytes, more than the 20,000 expected"
        for page in ("/untold", "/endless"):
            assert fault(site + page) == f"{site}{page}: it has more than the 20,000 bytes expected"
        assert fetched(f"{site}/untold", most=MOST + 1) == bytes(MOST + 1)


def test_another_status_than_200_and_packed_bytes_are_refused():
    pages = {
        "/part": [head(CONTENT, status="206 Partial Content")],
        "/evil": [head(b"", status="503 \x1b[31mred")],
        "/gzip": [head(CONTENT, "Content-Encoding: gzip")],
    }
    with raw_site(pages) as site:
        assert fault(f"{site}/gone") == f"{site}/gone: it was answered with status 404 (Not Found)"
        assert fault(f"{site}/part") == f"{site}/part: it was answered with status 206"
        assert fault(f"{site}/evil") == f"{site}/evil: it was answered with status 503 ([31mred)"
        assert fault(f"{site}/gzip") == f"{site}/gzip: it came packed, which was not asked for"


def test_it_goes_along_with_a_server_to_the_web_and_nowhere_else():
    pages = {
        "/new": [head(b"", "Location: /file", status="302 Found")],
        "/file": [head(CONTENT)],
        "/disk": [head(b"", "Location: ftp://127.0.0.1/x", status="302 Found")],
        "/loop": [head(b"", "Location: /loop", status="302 Found")],
    }
    with raw_site(pages) as site:
        assert fetched(f"{site}/new") == CONTENT
        assert fault(f"{site}/disk") == f"{site}/disk: its address is neither https nor http"
        assert fault(f"{site}/loop").startswith(f"{site}/loop: it was answered with status 302")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "/etc/passwd", ""])
def test_an_address_that_is_not_of_the_web_is_refused(address):
    assert fault(address) == f"{address}: its address is neither https nor http"


def test_https_never_becomes_http():
    handler = module._NoDowngrade()

    def led(old: str, new: str) -> str | None:
        request = module.urllib.request.Request(old)
        return handler.redirect_request(request, None, 302, "Found", {}, new).full_url

    with pytest.raises(ValueError, match="from https to http"):
        led("https://a.example/x", "http://a.example/x")
    assert led("https://a.example/x", "https://b.example/y") == "https://b.example/y"
    assert led("http://a.example/x", "https://a.example/x") == "https://a.example/x"
    assert led("http://a.example/x", "http://b.example/x") == "http://b.example/x"


def test_a_server_that_is_not_there_or_silent_is_left(monkeypatch):
    monkeypatch.setattr(module, "SILENCE_SECONDS", 0.2)
    assert "refused" in fault("http://127.0.0.1:1/x")
    wait = lambda: time.sleep(1)  # noqa: E731
    pages = {"/before": [wait], "/within": [head(CONTENT[:9], length=99), wait]}
    with raw_site(pages) as site:
        assert fault(f"{site}/before") == f"{site}/before: timed out"
        assert fault(f"{site}/within") == f"{site}/within: timed out"


def test_a_server_that_sends_a_byte_now_and_then_is_left(monkeypatch):
    monkeypatch.setattr(module, "OPEN_SECONDS", 0.1)
    drops = [b"x", lambda: time.sleep(0.02)] * 20
    pages = {
        "/head": [b"HTTP/1.1 200 OK\r\nX-Name: ", *drops],
        "/body": [head(b"", length=20), *drops],
        "/fast": [head(b"x" * 20)],
    }
    with raw_site(pages) as site:
        assert fault(f"{site}/head") == f"{site}/head: it did not come whole within 0.1 s"
        assert fault(f"{site}/body").startswith(f"{site}/body: only ")
        monkeypatch.setattr(module, "SLOWEST_BYTES_PER_SECOND", 20)
        assert fetched(f"{site}/body") == b"x" * 20  # slow, but as fast as this


def test_progress_is_told_at_the_end_and_now_and_then(monkeypatch):
    big = bytes(1_250_000)
    lines: list[str] = []
    pages = {"/a": [head(big[:600_000], length=len(big)), lambda: time.sleep(0.1), big[600_000:]],
             "/b": [unframed(big)]}  # fmt: skip
    with raw_site(pages) as site:
        fetched(f"{site}/a", most=2_000_000, say=lines.append)
        fetched(f"{site}/b", most=2_000_000, say=lines.append)
        assert lines == [f"{site}/a: 1.2 of 1.2 MB", f"{site}/b: 1.2 MB"]
        lines.clear()
        monkeypatch.setattr(module, "PROGRESS_SECONDS", 0.05)
        fetched(f"{site}/a", most=2_000_000, say=lines.append)
        assert len(lines) >= 2
        assert all(line.endswith(" of 1.2 MB") for line in lines)
        assert lines[-1] == f"{site}/a: 1.2 of 1.2 MB"
