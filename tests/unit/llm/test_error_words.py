"""Whom a service's error is about: by its status, its codes and its words together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm.exchange import Reply
from trailerflow.llm.faults import Fault, fault_of, said
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.replies import PausedError, UnknownReplyError, for_later, is_long, read_reply
from trailerflow.retry import TransientError


def fault(status: int, document: Any) -> Fault:
    return fault_of(said(status, document, json.dumps(document).encode()))


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


GEMINI_KEY = [
    {
        "error": {
            "code": 400,
            "message": "API key not valid. Please pass a valid API key.",
            "status": "INVALID_ARGUMENT",
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
        }
    }
]
EXTRA_FIELD = {
    "detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]
}


@pytest.mark.parametrize(
    ("status", "document", "about"),
    [
        # the key
        (400, GEMINI_KEY, Fault.KEY),
        (400, error("Incorrect API key provided: sk-***", code="invalid_api_key"), Fault.KEY),
        (403, error("Not allowed", code="permission_denied"), Fault.KEY),
        (403, {"message": "Invalid token"}, Fault.KEY),
        (403, error("Your organization has been disabled for violating our usage policies"), Fault.KEY),
        (401, error("User not found."), Fault.KEY),
        (401, {"detail": "Rate limit of failed log-ins"}, Fault.KEY),
        (407, {}, Fault.KEY),
        (200, {"error": {"code": 401, "message": "User not found."}}, Fault.KEY),
        (422, {"detail": "Missing authentication header"}, Fault.KEY),
        # the model or the address
        (404, error("The model `m` does not exist", code="model_not_found"), Fault.MODEL),
        (404, {"detail": "Not Found"}, Fault.MODEL),
        (400, error("The model `m` has been decommissioned", code="model_decommissioned"), Fault.MODEL),
        (400, error("Model m is deprecated"), Fault.MODEL),
        (400, error("openai/gpt-x is not a valid model ID"), Fault.MODEL),
        (403, error("Project does not have access to model gpt-5"), Fault.MODEL),
        (410, {}, Fault.MODEL),
        (405, {}, Fault.MODEL),
        (406, {}, Fault.MODEL),
        (411, {}, Fault.MODEL),
        (415, {}, Fault.MODEL),
        (421, {}, Fault.MODEL),
        (426, {}, Fault.MODEL),
        (451, {}, Fault.MODEL),
        (200, {"error": {"code": 429, "message": "Slow down", "metadata": {"code": 500}}}, Fault.LIMIT),
        (200, {"error": {"code": 404, "message": "No endpoints found for m"}}, Fault.MODEL),
        # a field of the request
        (400, error("response_format json_schema is not supported"), Fault.FIELD),
        (400, error("Unsupported parameter: 'logprobs' is not supported with this model"), Fault.FIELD),
        (400, error("System role not supported"), Fault.FIELD),
        (400, error("Conversation roles must alternate user/assistant/user/assistant"), Fault.FIELD),
        (422, EXTRA_FIELD, Fault.FIELD),
        (400, error("Unrecognized request argument supplied: seed"), Fault.FIELD),
        (400, error("max_tokens must be at least 16"), Fault.FIELD),
        # this very text
        (400, error("Maximum context length is 8192 tokens", code="context_length_exceeded"), Fault.TEXT),
        (400, {"object": "error", "message": "This model's maximum context length is 4096 tokens. However", "code": 400}, Fault.TEXT),
        (400, error("prompt is too long: 210000 tokens > 200000 maximum"), Fault.TEXT),
        (400, error("Please reduce the length of the messages"), Fault.TEXT),
        (413, error("Payload"), Fault.TEXT),
        (429, error("Request too large for model `m` on tokens per minute (TPM): Limit 8000", code="rate_limit_exceeded"), Fault.TEXT),
        (400, error("Failed to generate JSON", code="json_validate_failed"), Fault.TEXT),
        (403, error('m requires moderation. Your input was flagged for "violence".', code=403), Fault.TEXT),
        (403, {"code": "no permission to execute", "error": "Content violates usage guidelines. Failed check: SAFETY_CHECK"}, Fault.TEXT),
        (400, error("The response was filtered by Azure OpenAI's content management policy", code="content_filter"), Fault.TEXT),
        (400, error("Output data may contain inappropriate content", code="DataInspectionFailed"), Fault.TEXT),
        (451, error("Blocked by our content policy"), Fault.TEXT),
        (200, {"error": {"message": "Your input was flagged by moderation", "code": 403}}, Fault.TEXT),
        # limits and credit
        (429, error("Too many requests"), Fault.LIMIT),
        (429, [error("You exceeded your current quota. Please retry in 11h32m5.5s.", status="RESOURCE_EXHAUSTED")], Fault.LIMIT),
        (400, error("Rate limit reached"), Fault.LIMIT),
        (403, error("Quota exceeded for requests per minute", status="rateLimitExceeded"), Fault.LIMIT),
        (200, {"error": {"code": 429, "message": "Slow down"}}, Fault.LIMIT),
        (200, {"error": {"code": "429", "message": "Slow down"}}, Fault.LIMIT),
        (503, error("Request was throttled"), Fault.LIMIT),
        (429, error("You exceeded your current quota", code="insufficient_quota"), Fault.CREDIT),
        (402, {}, Fault.CREDIT),
        (403, error("Insufficient balance"), Fault.CREDIT),
        (400, error("Your credit balance is too low to access the API"), Fault.CREDIT),
        (200, {"error": {"code": 402, "message": "Add more credits"}}, Fault.CREDIT),
        # what may pass
        (500, {}, Fault.TROUBLE),
        (503, error("Overloaded"), Fault.TROUBLE),
        (529, {}, Fault.TROUBLE),
        (408, {}, Fault.TROUBLE),
        (409, {}, Fault.TROUBLE),
        (424, error("Failed dependency"), Fault.TROUBLE),
        (425, {}, Fault.TROUBLE),
        (498, error("Flex tier is over its capacity"), Fault.TROUBLE),
        (499, error("The operation was cancelled"), Fault.TROUBLE),
        (200, {"error": {"code": 502, "message": "Provider returned error"}}, Fault.TROUBLE),
        (200, {"choices": [{"error": {"code": 503, "message": "No instances"}, "message": {"content": "A"}}]}, Fault.TROUBLE),
        # what nobody knows
        (400, {}, Fault.UNKNOWN),
        (400, error("Bad request"), Fault.UNKNOWN),
        (422, error("Unprocessable"), Fault.UNKNOWN),
        (418, error("I am a teapot"), Fault.UNKNOWN),
        (200, {"error": "Upstream failed"}, Fault.UNKNOWN),
        (200, {"id": "c", "choices": []}, Fault.UNKNOWN),
        (200, {"id": "c", "choices": None, "error": None}, Fault.UNKNOWN),
        (200, {"error": {"code": 20, "message": "odd"}}, Fault.UNKNOWN),
        (200, [], Fault.UNKNOWN),
    ],
)  # fmt: skip
def test_what_an_error_is_about(status, document, about):
    assert fault(status, document) is about


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (error("Too  many\nrequests"), "Too many requests"),
        ({"detail": "Not Found"}, "Not Found"),
        (EXTRA_FIELD, "Extra inputs are not permitted"),
        ({"errors": [{"message": "first"}, {"message": "second"}]}, "first — second"),
        ("Just words", "Just words"),
        (error("busy \ud83d\x1b[31m"), "busy \ufffd[31m"),
        (
            error("Provider returned error", metadata={"raw": "upstream says no"}),
            "Provider returned error — upstream says no",
        ),
        ({"status": "fine"}, '{"status": "fine"}'),
        (error("x" * 500), "x" * 200),
    ],
)
def test_the_words_of_an_error(document, words):
    assert said(500, document, json.dumps(document).encode()).words == words


def test_bytes_that_are_no_document_are_its_words():
    assert said(502, None, b"<html>Bad gateway</html>\xff").words == "<html>Bad gateway</html>\ufffd"


def test_no_secret_is_told_on(monkeypatch):
    monkeypatch.setenv("THE_DOOR", "open-sesame-123")
    words = said(
        401, error("Key open-sesame-123 is wrong: sk-abcdefgh0123456789xyz"), b"", ["THE_DOOR"]
    ).words
    assert "sesame" not in words
    assert "abcdefgh" not in words


# ---- what becomes of it


def model(kind: str = "openai_compatible") -> LanguageModel:
    return LanguageModel.from_settings(
        {"name": "hosted", "kind": kind, "model": "m", "context": 4096, "base_url": "http://127.0.0.1:9/v1"}
    )


def reply(status: int, document: Any, **headers: str) -> Reply:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Reply(status, headers, data)


@pytest.mark.parametrize(
    ("status", "document", "kind"),
    [
        (400, error("Bad request"), UnknownReplyError),
        (418, error("I am a teapot"), UnknownReplyError),
        (200, {"choices": []}, UnknownReplyError),
        (200, {"choices": None}, UnknownReplyError),
        (200, {"choices": ["x"]}, UnknownReplyError),
        (200, {"choices": {}}, UnknownReplyError),
        (200, [], UnknownReplyError),
        (200, 7, UnknownReplyError),
        (200, b"", TransientError),
        (200, b"<html>", TransientError),
        (200, b"[" * 300_000, TransientError),
        (503, b"[" * 300_000, TransientError),
        (200, {"choices": [{"finish_reason": "abort", "message": {"content": "Half"}}]}, TransientError),
        (424, {}, TransientError),
        (200, {"error": {"code": 502}}, TransientError),
        (429, {}, PausedError),
        (402, {}, PausedError),
        (403, error("Your input was flagged"), RefusedError),
        (400, error("prompt is too long"), RefusedError),
        (401, {}, TrailerflowError),
        (400, error("json_schema is not supported"), TrailerflowError),
    ],
)
def test_each_fault_is_what_it_is_for_a_job(status, document, kind):
    with pytest.raises(Exception) as caught:
        read_reply(model(), reply(status, document))
    assert type(caught.value) is kind
    assert not isinstance(caught.value, LaterError) or caught.value.earliest is not None


@pytest.mark.parametrize(
    ("headers", "document", "seconds"),
    [
        ({}, error("Too many requests"), 20.0),
        ({"retry-after": "3"}, error("Too many requests"), 3.0),
        ({"retry-after": "0"}, error("Too many requests"), 0.0),
        ({}, error("Please retry in 11h32m5.5s."), 41_525.5),
    ],
)
def test_how_long_a_limit_pauses(headers, document, seconds):
    with pytest.raises(PausedError) as caught:
        read_reply(model(), reply(429, document, **headers))
    assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"), [({}, 600.0), ({"retry-after": "7200"}, 7200.0)], ids=["unnamed", "named"]
)
def test_how_long_a_missing_credit_pauses(headers, seconds):
    with pytest.raises(PausedError, match="no credit left") as caught:
        read_reply(model(), reply(402, error("Insufficient Balance"), **headers))
    assert caught.value.seconds == seconds


def test_trouble_that_names_a_wait_is_a_pause():
    with pytest.raises(PausedError) as caught:
        read_reply(model(), reply(503, {}, **{"retry-after": "5"}))
    assert caught.value.seconds == 5.0


def test_trouble_of_an_embedded_server_is_the_requests():
    embedded = LanguageModel.from_settings({"name": "e", "kind": "embedded", "model": "m", "context": 512})
    with pytest.raises(RefusedError, match="e answered 500: failed"):
        read_reply(embedded, reply(500, error("failed")))


def test_a_good_reply_is_its_document():
    document = {"choices": [{"message": {"content": "A film."}, "finish_reason": "stop", "error": None}]}
    assert read_reply(model(), reply(200, document)) == document


@pytest.mark.parametrize(
    "end", ["abort", "error", "cancelled", "timeout", "INTERRUPTED", "insufficient_system_resource"]
)
def test_an_answer_that_was_broken_off_is_asked_for_again(end):
    with pytest.raises(TransientError, match=f"broke its answer off \\({end}\\)"):
        read_reply(model(), reply(200, {"choices": [{"finish_reason": end, "message": {"content": "Half"}}]}))


@pytest.mark.parametrize(("seconds", "long"), [(89.9, False), (90.0, False), (90.1, True), (0.0, False)])
def test_which_pauses_are_long(seconds, long):
    assert is_long(PausedError(seconds, "x")) is long


def test_a_pause_for_later_names_the_first_whole_second_after_it(monkeypatch):
    monkeypatch.setattr("trailerflow.llm.replies.time.time", lambda: 1_800_000_000.5)
    assert for_later(PausedError(100.0, "x")).earliest == "2027-01-15T08:01:41Z"


def test_the_first_choice_counts():
    choices = [
        {"message": {"content": "A"}, "finish_reason": "stop"},
        {"message": {"content": "B"}, "finish_reason": "abort"},
    ]
    assert read_reply(model(), reply(200, {"choices": choices}))["choices"] == choices


def test_an_error_is_looked_through_to_some_depth_and_no_further():
    document: dict[str, Any] = {"message": "the innermost"}
    for depth in range(6):
        document = {"error": document, "message": f"depth {5 - depth}"}
    assert said(500, document, b"").words == "depth 0 — depth 1 — depth 2 — depth 3"
