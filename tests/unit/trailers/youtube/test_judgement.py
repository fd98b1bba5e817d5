"""What an answer of YouTube is worth, and which track of captions is the best."""

from __future__ import annotations

import json

import pytest

from trailerflow.trailers.youtube import video_id
from trailerflow.trailers.youtube.captions import choose_track
from trailerflow.trailers.youtube.judgement import judge, request_of
from trailerflow.web.visit import Exchange

VIDEO = "aaaaaaaaaaa"
WATCH = f"https://www.youtube.com/watch?v={VIDEO}"
PLAYER = "https://www.youtube.com/youtubei/v1/player?key=K"
TEXT = f"https://www.youtube.com/api/timedtext?v={VIDEO}&lang=en&signature=S1"
KEY = '"INNERTUBE_API_KEY":"K"'


def verdict(url: str, body: str, status: int = 200, asked: dict | None = None) -> tuple[str, str]:
    request = request_of("POST" if asked else "GET", url, json.dumps(asked).encode() if asked else None)
    found = judge(request, Exchange(url, status, {}, body.encode()))
    return found.verdict, found.reason


def player(video: str = VIDEO, status: str = "OK", reason: str | None = None, more: str | None = None) -> str:
    playability: dict = {"status": status, "reason": reason}
    if more:
        playability["errorScreen"] = {"playerErrorMessageRenderer": {"subreason": {"runs": [{"text": more}]}}}
    return json.dumps({"playabilityStatus": playability, "videoDetails": {"videoId": video}})


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (429, "blocked"),
        (403, "blocked"),
        (404, "transient"),
        (500, "transient"),
        (503, "transient"),
        (400, "odd"),
    ],
)
def test_status(status, expected):
    assert verdict(WATCH, "<html></html>", status)[0] == expected


def moved(status: int, headers: dict[str, str]) -> tuple[str, str]:
    found = judge(request_of("GET", WATCH, None), Exchange(WATCH, status, headers, b"moved"))
    return found.verdict, found.reason


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_handed_on_unless_it_leads_to_the_captcha(status):
    assert moved(status, {"Location": "/watch?v=x"})[0] == "moved"
    assert moved(status, {"Location": "https://elsewhere.example/sorry/"})[0] == "moved"
    assert moved(status, {"Location": "http://[::1"})[0] == "moved"
    assert moved(status, {"Location": "https://www.google.com/sorry/index?x"}) == (
        "blocked",
        "it asks to solve a captcha",
    )
    assert moved(status, {})[0] == "odd"


def test_what_is_no_redirect_leads_nowhere():
    assert moved(404, {"Location": "https://www.google.com/sorry/"})[0] == "transient"
    assert moved(304, {"Location": "https://www.google.com/sorry/"}) == ("odd", "YouTube answered 304")
    assert moved(200, {"Location": "https://www.google.com/sorry/"})[0] == "odd"


def test_a_media_server_that_forbids_is_no_block():
    assert verdict("https://rr1---sn.googlevideo.com/videoplayback?id=1", "", 403)[0] == "odd"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"<html>{KEY}</html>", "good"),
        (f'<html>{KEY} "videoDetails":{{"videoId":"{VIDEO}"</html>', "good"),
        (f'<html>{KEY} "videoDetails": {{"videoId": "bbbbbbbbbbb"</html>', "transient"),
        ('<html><div class="g-recaptcha"></div></html>', "blocked"),
        ('<html><form action="https://consent.youtube.com/s"></html>', "odd"),
        ("<html>hello</html>", "odd"),
        (" \n", "transient"),
    ],
)
def test_watch_page(page, expected):
    assert verdict(WATCH, page)[0] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (player(), "good"),
        (player("bbbbbbbbbbb"), "transient"),
        (player(status="LOGIN_REQUIRED", reason="Sign in to confirm you’re not a bot"), "blocked"),
        (player(status="UNPLAYABLE", reason="Not available", more="Try again later."), "blocked"),
        (player(status="LOGIN_REQUIRED", reason="This video is private"), "good"),
        ('{"playabilityStatus": ', "odd"),
        ('{"responseContext": {}}', "odd"),
        ("[]", "odd"),
        ('{"playabilityStatus": []}', "odd"),
        ('{"playabilityStatus": {}, "videoDetails": []}', "good"),
        ('{"playabilityStatus": {}, "videoDetails": "bbbbbbbbbbb"}', "good"),
        ('{"playabilityStatus": {}, "videoDetails": {"videoId": ["aaaaaaaaaaa"]}}', "transient"),
        ('{"playabilityStatus": {"reason": ["not a bot"]}}', "good"),
        ('{"playabilityStatus": {"errorScreen": "not a bot"}}', "good"),
        (
            '{"playabilityStatus": {"errorScreen": {"playerErrorMessageRenderer": {"subreason": {"runs": ["x"]}}}}}',
            "good",
        ),
        (
            '{"playabilityStatus": {"errorScreen": {"playerErrorMessageRenderer": {"subreason": {"runs": [{"text": 5}]}}}}}',
            "good",
        ),
        ("[" * 300_000, "odd"),
        ('{"a":' * 300_000, "odd"),
    ],
    ids=lambda part: part[:60],
)
def test_player(body, expected):
    assert verdict(PLAYER, body, asked={"videoId": VIDEO})[0] == expected


def test_an_answer_about_another_video_is_named():
    assert verdict(PLAYER, player("bbbbbbbbbbb"), asked={"videoId": VIDEO})[1].endswith(
        "another video (bbbbbbbbbbb)"
    )


@pytest.mark.parametrize("other", ["b" * 5000, "<script>", "../../x", 5, ["b"]])
def test_an_answer_about_what_is_no_video_is_not_repeated(other):
    expected = ("transient", "YouTube answered about another video")
    details = json.dumps({"playabilityStatus": {}, "videoDetails": {"videoId": other}})
    assert verdict(PLAYER, details, asked={"videoId": VIDEO}) == expected
    if isinstance(other, str):
        assert verdict(WATCH, f'{KEY} "videoDetails":{{"videoId":"{other}"') == expected


def test_a_block_is_told_in_youtubes_words_cut_and_clean():
    reason = "Sign in to confirm\x00 you’re not a bot " + "x" * 500
    found = verdict(PLAYER, player(reason=reason, more="Or else."), asked={"videoId": VIDEO})
    assert found[0] == "blocked"
    assert found[1].startswith("Sign in to confirm you’re not a bot xx")
    assert len(found[1]) <= 201


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<?xml version="1.0"?><transcript><text start="0">a</text></transcript>', "good"),
        ("<transcript/>", "good"),
        ('<transcript><text start="0">a', "transient"),
        ("<!DOCTYPE html><html></html>", "transient"),
        ("", "transient"),
    ],
)
def test_captions(body, expected):
    assert verdict(TEXT, body)[0] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [('{"contents": {}}', "good"), ('{"responseContext": {}}', "odd"), ("<html>", "odd")],
)
def test_search(body, expected):
    assert verdict("https://www.youtube.com/youtubei/v1/search", body, asked={"query": "x"})[0] == expected


def test_a_request_is_the_same_whatever_is_signed():
    other = TEXT.replace("S1", "S2") + "&expire=9"
    assert request_of("GET", TEXT, None) == request_of("GET", other, None)
    assert request_of("GET", TEXT, None) != request_of("GET", TEXT.replace("lang=en", "lang=de"), None)


def test_a_request_to_a_player_is_of_its_video_and_client():
    def body(video: str, client: str, visitor: str) -> bytes:
        context = {"client": {"clientName": client, "visitorData": visitor}}
        return json.dumps({"context": context, "videoId": video}).encode()

    first = request_of("POST", PLAYER, body(VIDEO, "ANDROID", "1"))
    assert first == request_of("POST", PLAYER, body(VIDEO, "ANDROID", "2"))
    assert first != request_of("POST", PLAYER, body(VIDEO, "WEB", "1"))
    assert first != request_of("POST", PLAYER, body("bbbbbbbbbbb", "ANDROID", "1"))


def track(language: str, generated: bool = False) -> dict:
    return {"language": language, "name": language, "generated": generated}


@pytest.mark.parametrize(
    ("tracks", "languages", "expected"),
    [
        ([track("en", True), track("en")], ["en"], track("en")),
        ([track("de"), track("en", True)], ["en"], track("en", True)),
        ([track("de"), track("en", True)], ["en", "de"], track("de")),
        ([track("en-GB")], ["en"], track("en-GB")),
        ([track("es"), track("fr", True)], ["en"], track("fr", True)),
        ([track("es")], ["en"], track("es")),
        ([], ["en"], None),
    ],
)
def test_the_best_track(tracks, languages, expected):
    assert choose_track(tracks, languages) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0123456789_", "0123456789_"),
        ("https://www.youtube.com/watch?v=0123456789_&t=1", "0123456789_"),
        ("https://m.youtube.com/watch?v=0123456789_", "0123456789_"),
        ("https://youtu.be/0123456789_", "0123456789_"),
        ("https://www.youtube.com/shorts/0123456789_", "0123456789_"),
        ("https://www.youtube.com/embed/0123456789_", "0123456789_"),
        ("https://vimeo.com/0123456789_", None),
        ("https://www.youtube.com/watch?v=short", None),
        ("trailer.mp4", None),
    ],
)
def test_video_ids(text, expected):
    assert video_id(text) == expected
