"""No secret is left in words or documents, whatever it is written as; ordinary words stay as they are."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import string
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from trailerflow.redaction import (
    HIDDEN,
    MODELS_VARIABLE,
    SECRETS_VARIABLE,
    RedactedStream,
    literal_secrets,
    redact,
    redact_document,
    redact_values,
    variables_named,
    with_secrets,
)
from trailerflow.secret_names import is_secret_name, is_secret_variable

ENCODINGS = {
    "as it is": str,
    "an address": lambda value: quote(value, safe=""),
    "an address with slashes": quote,
    "an address in small letters": lambda value: re.sub(
        "%..", lambda found: found[0].lower(), quote(value, safe="")
    ),
    "a form": quote_plus,
    "JSON": lambda value: json.dumps(value)[1:-1],
    "JSON in UTF-8": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda value: json.dumps(json.dumps(value))[1:-1],
    "JSON of PHP": lambda value: value.replace("/", "\\/"),
    "Python": lambda value: repr(value)[1:-1],
    "HTML": html.escape,
    "HTML of Jinja": lambda value: str(escape(value)),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 of addresses": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
}
KEY = st.text(string.ascii_letters + string.digits + "/+=._-~!#$%&*<>\"'\\ é", min_size=8, max_size=40).map(
    lambda value: f"k{value}1"
)
WORDS = st.text("abcdefghijklmnopqrstuvwxyzABC \n.,;!?()-", max_size=60)
once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("encoding", ENCODINGS)
@once
@given(key=KEY, before=WORDS, after=WORDS)
@example(key="k/+==é1", before="", after="")
@example(key='k"é0123', before="", after="")
def test_a_secret_is_left_in_no_writing(monkeypatch, encoding, key, before, after):
    monkeypatch.setenv("SOME_API_KEY", key)
    written = ENCODINGS[encoding](key)
    for cleaned in (redact(before + written + after), redact_values(before + written + after)):
        assert written not in cleaned
        assert HIDDEN in cleaned
    assert redact_values(before + written + after).startswith(before)


@once
@given(key=KEY, words=st.lists(WORDS))
def test_a_secret_is_left_nowhere_in_a_document(monkeypatch, key, words):
    monkeypatch.setenv("SOME_TOKEN", key)
    document = {"a": [*words, f"told {key}", {"b": key, f"c {key}": 1.5}], "n": None, "t": True}
    for cleaned in (redact_values(document), redact_document(document)):
        assert key not in json.dumps(cleaned, ensure_ascii=False)
        assert json.dumps(key)[1:-1] not in json.dumps(cleaned)
    assert redact_values(document)["a"][: len(words)] == words
    assert redact_values(document)["a"][-1][f"c {HIDDEN}"] == 1.5


@given(words=WORDS)
@example(words="Basic information is missing; the bearer understands the key: it opens the door")
@example(words="Unexpected token: '<'. KeyError: 'candidates'. config: trailers.words is 'many'")
@example(words="needs an API key: set the environment variable TMDB_API_KEY, or remove tmdb")
@example(words="https://medium.com/@somebody and https://www.youtube.com/watch?v=abcdefghijk&t=12")
@example(words="prompt_tokens=12, max_tokens: 1200, eos_token: <|im_end|>, prompt_cache_key: run-20261123")
@example(words="a sk-learn estimator; password: swordfish, said the guard; api_key: field required")
@example(words="the header Cookie: none was sent; fields: ['api_key', 'model'], the bearer understands")
@example(words="key='abcd1', ('x-api-key', 'abcdefgh'), access_token: \"<s>\"")
@example(words="hash 5f0c1d2e3a4b5c6d, 2026-11-23T00:00:00Z, resources/cache/web/v1-0a1b2c3d.json")
def test_ordinary_words_stay(words):
    assert redact(words) == words
    assert redact_values(words) == words


@given(text=st.text(max_size=200))
@example(text="a=b; cookie: c=d; api_key='x1y2z3' token=:// password=[secret] ://a@b")
def test_redacting_again_changes_nothing(text):
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("https://a.b/v1?api-key=0123&x=1", "https://a.b/v1?api-key=[secret]&x=1"),
        ("https://a.b/v1?key=0123", "https://a.b/v1?key=[secret]"),
        ("https://a.b/v1?x=1&amp;subscription-key=q", "https://a.b/v1?x=1&amp;subscription-key=[secret]"),
        ("to=https%3A%2F%2Fa.b%3Fapi_key%3Dabc%26x", "to=https%3A%2F%2Fa.b%3Fapi_key%3D[secret]"),
        ("http://me:pa@ss@proxy:3128/", "http://[secret]@proxy:3128/"),
        ('{"api_key": "a\\"b", "n": 1}', '{"api_key": "[secret]", "n": 1}'),
        ('"{\\"secret_key\\": \\"ab\\"}"', '"{\\"secret_key\\": \\"[secret]\\"}"'),
        ("{'X-Api-Key': 'abc', 'n': 1}", "{'X-Api-Key': '[secret]', 'n': 1}"),
        ("[(b'x-goog-api-key', b'abc123'), (b'n', b'1')]", "[(b'x-goog-api-key', b'[secret]'), (b'n', b'1')]"),
        ("Client(api_key='x', n=1)", "Client(api_key='[secret]', n=1)"),
        ("password=hunter2", "password=[secret]"),
        ("key='abcde1'", "key='[secret]'"),
        ("key='abcdefghi1'", "key='[secret]'"),
        ('"auth_key": "abcdefgh"', '"auth_key": "[secret]"'),
        ('password: "<hunter2>"', 'password: "[secret]"'),
        ("x-api-key: AbCdEfGh", "x-api-key: [secret]"),
        ("Authorization: Bearer abc", "Authorization: [secret]"),
        ("sent Bearer abcdefghijkl to it", "sent Bearer [secret] to it"),
        ("Basic dXNlcjpwYXNzd29yZA==", "Basic [secret]"),
        ("sent bearer abcdefgh1 to it", "sent bearer [secret] to it"),
        ("http://${USER_TOKEN}@proxy:3128/", "http://${USER_TOKEN}@proxy:3128/"),
        ("f(api_key='one token=two', n=1)", "f(api_key='[secret]', n=1)"),
        ("Set-Cookie: SID=ab; Path=/\nnext", "Set-Cookie: [secret]\nnext"),
        ("Incorrect API key provided: sk-lo***key. See", "Incorrect API key provided: [secret] See"),
        ("the key gsk_0123456789abcdefABCDEF", "the key [secret]"),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKx", "[secret]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow1\n-----END RSA PRIVATE KEY-----\n.", "[secret]\n."),
        ("https://a.b/v1?api-key=${AZURE_KEY}&x=1", "https://a.b/v1?api-key=${AZURE_KEY}&x=1"),
        ('"Authorization": "Bearer ${GATEWAY}"', '"Authorization": "Bearer ${GATEWAY}"'),
    ],
)  # fmt: skip
def test_what_is_called_or_looks_like_a_secret_goes(text, left):
    assert redact(text) == left
    assert redact(left) == left


@pytest.mark.parametrize(
    "text", ["api_key='" * 9000, "key:" * 3000, "cookie:" * 9000, "sk-" * 20000, "://" * 9000, "eyJ-" * 9000]
)
def test_hostile_words_take_no_long_time(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOME_KEY", "0123456789")
        assert len(redact(text)) <= 3 * len(text)


def test_variables_that_the_run_names_hold_secrets_too(monkeypatch):
    monkeypatch.setenv("MISTRAL", "m-value")
    monkeypatch.setenv("GATEWAY", "g-value")
    monkeypatch.setenv("OTHER", "o-value")
    text = "m-value, g-value, o-value"
    assert redact(text) == text
    monkeypatch.setenv(MODELS_VARIABLE, json.dumps({"models": {"m": {"key_variable": "MISTRAL"}}}))
    monkeypatch.setenv(SECRETS_VARIABLE, "GATEWAY NOT_SET")
    assert redact(text) == "[secret], [secret], o-value"
    assert redact_values(text, ["OTHER"]) == "[secret], [secret], [secret]"
    monkeypatch.setenv(MODELS_VARIABLE, "[1]")
    assert redact(text) == "m-value, [secret], o-value"


def test_of_two_secrets_the_longer_goes_first(monkeypatch):
    monkeypatch.setenv("A_KEY", "abcdef")
    monkeypatch.setenv("B_KEY", "abcdefghi")
    assert redact("abcdefghi abcdef") == "[secret] [secret]"


def test_what_is_no_key_stays(monkeypatch):
    monkeypatch.setenv("A_KEY", "short")
    monkeypatch.setenv("B_KEY", "secret")
    monkeypatch.setenv("C_KEY", "      ")
    assert redact("a short secret,       told") == "a short secret,       told"


def test_blanks_around_a_key_do_not_matter_and_the_lines_of_a_long_one_count(monkeypatch):
    monkeypatch.setenv("A_KEY", "0123456789\n")
    monkeypatch.setenv("B_KEY", "BEGIN\nMIIEowIBAAKCAQEAx1\nEND")
    assert redact("0123456789 MIIEowIBAAKCAQEAx1 END") == "[secret] [secret] END"


def test_a_password_that_is_a_word_is_taken_out_of_what_we_say_and_not_out_of_films(monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", "batman")
    monkeypatch.setenv("MY_TOKEN", "gotham")
    assert redact("batman in gotham") == "[secret] in [secret]"
    assert redact_values("batman in gotham") == "batman in [secret]"
    monkeypatch.setenv("DB_PASSWORD", "batman2")
    assert redact_values("batman2 in gotham") == "[secret] in [secret]"


def test_tokens_of_text_and_their_numbers_are_no_secrets_and_what_belongs_to_another_thing_is():
    document = {"access_token": "<s>", "hf_token": 50256, "token_secret": 50256, "password": "<s>"}
    assert redact_document(document) == document | {"token_secret": HIDDEN, "password": HIDDEN}


def test_a_document_for_people_has_no_secret_fields():
    document = {
        "base_url": "https://a.b/v1?api-key=x1", "api_key": "EMPTY", "token": "t", "eos_token": "</s>", "max_tokens": 5,
        "nested": [{"clientSecret": 12345, "password": None, "Authorization": "Bearer ${NAME}", "secret": True}],
    }  # fmt: skip
    assert redact_document(document) == {
        "base_url": "https://a.b/v1?api-key=[secret]", "api_key": HIDDEN, "token": HIDDEN, "eos_token": "</s>",
        "max_tokens": 5,
        "nested": [{"clientSecret": HIDDEN, "password": None, "Authorization": "Bearer ${NAME}", "secret": True}],
    }  # fmt: skip
    assert redact_document(redact_document(document)) == redact_document(document)


@pytest.mark.parametrize(
    ("part", "places"),
    [
        ({"api_key": "x"}, ["p.api_key"]),
        ({"extra_headers": {"X-Api-Key": "x"}}, ["p.extra_headers.X-Api-Key"]),
        ({"extra_body": [{"auth": {"clientSecret": "x"}}]}, ["p.extra_body[0].auth.clientSecret"]),
        ({"headers": {"X-Any": "Bearer abcdefghij"}}, ["p.headers.X-Any"]),
        ({"password": 123456}, ["p.password"]),
        ({"api_keys": ["${A}", "x"]}, ["p.api_keys"]),
        ({"where": "https://a.b?key=x"}, ["p.where"]),
        ({"where": "https://me:x@a.b"}, ["p.where"]),
        ({"any": "the-value-1"}, ["p.any"]),
        ({"any": ["x", "is the-value-1."]}, ["p.any[1]"]),
        ({"the-value-1": 1}, ["p.[secret]"]),
        ({"any": "sk-0123456789abcdefghij"}, ["p.any"]),
        ({"api_key": "Bearer x0123456789 ${A}"}, ["p.api_key"]),
        ({"api_key": "v123456 ${A}"}, ["p.api_key"]),
        ({"api_key": "v12345 ${A}"}, []),
        (json.loads('{"api_key": "[secret]"}'), []),
        ({"api_key": "${A}", "h": {"Authorization": "Token ${A}", "Cookie": "SID=${A}; X=${B}"}}, []),
        ({"where": "https://a.b?key=${A}&api-version=2024-06-01"}, []),
        ({"prompt_cache_key": "run-0123456789", "eos_token": "<|im_end|>", "pad_token": "[PAD]", "stop_token": "END"}, []),
        ({"assistant_token": "<|assistant|>", "h": {"Authorization": "v1 ${A}"}}, []),
        ({"reasoning_effort": "low", "max_tokens": None, "random_seed": 0, "logit_bias": {"50256": -100}}, []),
        ({"api_key": None, "secret": False, "token": ""}, []),
        ({"tools": [{"properties": {"password": {"type": "string"}}}], "token": 50256}, []),
        ({"user": "me@example.org", "stop": ["\n", "###"], "service_tier": "auto", "thinking": {"type": "disabled"}}, []),
    ],
)  # fmt: skip
def test_where_a_secret_stands_as_it_is(monkeypatch, part, places):
    monkeypatch.setenv("THE_SECRET", "the-value-1")
    assert list(literal_secrets(part, "p")) == places


def test_a_named_secret_is_filled_in_where_it_is_sent(monkeypatch):
    monkeypatch.setenv("A", "1")
    monkeypatch.setenv("B_2", "two")
    document = {"a": "Bearer ${A}", "b": [1, "${A}${B_2}", None], "c": "$A ${} ${a b}"}
    assert variables_named(document) == ["A", "B_2"]
    assert with_secrets(document) == {"a": "Bearer 1", "b": [1, "1two", None], "c": "$A ${} ${a b}"}
    assert urlencode({"key": with_secrets("${B_2}")}) == "key=two"
    monkeypatch.delenv("A")
    with pytest.raises(KeyError, match="A"):
        with_secrets(document)


@pytest.mark.parametrize(
    "name",
    ["api_key", "apiKey", "APIKEY", "X-API-Key", "openaiApiKey", "hf_token", "access-token", "client_secret", "db_password",
     "Authorization", "Proxy-Authorization", "cf-aig-authorization", "Set-Cookie", "aws_secret_access_key", "api_key_2", "key",
     "token", "Ocp-Apim-Subscription-Key", "passphrase", "credentials", "private_key", "x-functions-key", "helicone-auth"],
)  # fmt: skip
def test_names_of_secrets(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ["prompt_cache_key", "eos_token", "bos_token", "pad_token", "max_tokens", "tokens", "prompt_tokens", "random_seed",
     "reasoning_effort", "key_variable", "keys", "keyword", "monkey", "tokenizer", "primary_key", "next_page_token", "cookies",
     "author", "stop", "", "123", "logit_bias", "max_completion_tokens", "api_version"],
)  # fmt: skip
def test_names_of_other_things(name):
    assert not is_secret_name(name)


def test_variables_that_hold_secrets_are_told_by_their_names():
    secret = "OPENAI_API_KEY APIKEY HF_TOKEN CLIENT_SECRET PGPASSWORD DB_PASS MYSQL_PWD GITHUB_PAT AZURE_KEY_1 AWS_ACCESS_KEY_ID"
    other = "PATH PWD OLDPWD HOME SSH_AUTH_SOCK XAUTHORITY PYTHONHASHSEED KEYTIMEOUT LANG TRAILERFLOW_RUN TOKENIZERS_PARALLELISM"
    assert [name for name in secret.split() if not is_secret_variable(name)] == []
    assert [name for name in other.split() if is_secret_variable(name)] == []


def test_a_stream_passes_on_lines_without_secrets(monkeypatch):
    monkeypatch.setenv("SOME_KEY", "0123456789")
    below = io.StringIO()
    stream = RedactedStream(below)
    stream.write("one 01234")
    assert below.getvalue() == ""
    stream.write("56789 two\nthree")
    assert below.getvalue() == "one [secret] two\n"
    stream.flush()
    stream.write(" four\n")
    assert below.getvalue() == "one [secret] two\nthree four\n"
    assert not stream.isatty()
