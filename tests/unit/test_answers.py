"""Kept answers hold no secret, and are for their owner alone."""

from __future__ import annotations

import errno
import json
import stat

import pytest

from trailerflow.answers import AnswerStore, answer_key
from trailerflow.errors import TrailerflowError

KEY = 'k/"0+1=2\\3'


@pytest.fixture
def store(tmp_path, monkeypatch) -> AnswerStore:
    monkeypatch.setenv("SOME_API_KEY", KEY)
    return AnswerStore(tmp_path / "cache" / "answers")


def test_a_secret_that_a_server_repeats_is_not_kept(store):
    request = {"url": "https://a.b?key=1", "headers": {"x": KEY}}
    answer = {"text": f"You sent {KEY}", "raw": json.dumps({"said": KEY}), KEY: [KEY, 5, None]}
    kept = store.put(request, answer)
    written = kept.path.read_text()
    assert not any(
        form in written for form in (KEY, json.dumps(KEY)[1:-1], json.dumps(json.dumps(KEY))[3:-3])
    )
    assert kept.answer == {
        "text": "You sent [secret]",
        "raw": '{"said": "[secret]"}',
        "[secret]": ["[secret]", 5, None],
    }
    assert json.loads(written)["request"] == {"url": "https://a.b?key=1", "headers": {"x": "[secret]"}}
    assert store.get(request) == kept


def test_the_name_of_an_answer_is_the_hash_of_the_request_itself(store):
    one, other = {"headers": KEY}, {"headers": "[secret]"}
    assert store.put(one, 1).path.stem == answer_key(one) != answer_key(other)
    assert store.get(other) is None


def test_only_the_owner_may_read_an_answer(store):
    path = store.put({"a": 1}, 2).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in list(path.parents)[:3]] == [0o700] * 3


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"text"', b"5", b"[" * 100_000, b'{"answer": ' + b"[" * 100_000, b"\xff\xfe", b"\0" * 50,
        b'{"check": 1, "fetched": 2, "answer": 3}', b'{"check": null, "fetched": "2026", "answer": null}',
    ],
)  # fmt: skip
def test_a_damaged_entry_counts_as_none_and_is_written_anew(store, content):
    path = store.put({"a": 1}, 2).path
    path.write_bytes(content)
    assert store.get({"a": 1}) is None
    store.put({"a": 1}, 3)
    assert store.get({"a": 1}).answer == 3


def test_an_entry_that_cannot_be_read_is_told_before_anything_is_asked(store):
    path = store.put({"a": 1}, 2).path
    path.unlink()
    path.mkdir()
    with pytest.raises(
        TrailerflowError, match=r"v1-\w+\.json cannot be read \(Is a directory\); delete it, or make it"
    ):
        store.get({"a": 1})
    path.rmdir()
    path.parent.rmdir()
    path.parent.write_text("a file where the folder belongs")
    with pytest.raises(TrailerflowError, match=r"cannot be read \(Not a directory\)"):
        store.get({"a": 1})


def test_an_entry_of_somebody_else_is_told(store, monkeypatch):
    path = store.put({"a": 1}, 2).path

    def denied(self):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(type(path), "read_bytes", denied)  # root may read everything
    with pytest.raises(TrailerflowError, match=r"cannot be read \(Permission denied\)"):
        store.get({"a": 1})
