"""Asking for the summaries of all movies ahead: what is asked, what is left alone, and how the movies' own jobs find it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from loopback_llm import Site

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import Operation
from trailerflow.llm.types import Request
from trailerflow.lock import long_lock
from trailerflow.outcomes import Outcome, write_outcome
from trailerflow.summaries.ask_summaries import Asking, Film, Tally, ask_summaries
from trailerflow.summaries.asked_ahead import AfterAsking, NewAnswers, lock_of
from trailerflow.summaries.merge_summaries import usage_of_outcomes
from trailerflow.summaries.summarise_movie import check_for, summarise_movie
from trailerflow.summaries.ways import way_of
from unit.llm.hosted_client import most_in_flight

ROOT = Path(__file__).parents[3]
PROMPTS = ROOT / "resources/prompts"
SPOKEN = "His daughter is gone and her father is looking for their family, said film"
CHECK = {"measure": "yes_no", "threshold": 0.0, "unsupported": "mark"}
RUN = "this run"
FILMS = tuple("123456")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.chdir(tmp_path)
    with Site(reply=lambda body: "A hero leaves home. He comes back.") as made:
        yield made


def client_at(site: Site, operation: Operation | None = None) -> Client:
    settings = {
        "name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 12, "base_url": site.address,
    }  # fmt: skip
    model = LanguageModel.from_settings(settings)
    places = {"cache": Path("cache"), "run": Path("run"), "models_folder": Path("models")}
    return Client(model, **places, threads=1, operation=operation or Operation(run=RUN))


def film(movie: str, *, words: str = "") -> Film:
    data = {"text": f"{SPOKEN} {movie} {words}", "language": "en", "words_before_trim": 15, "segments": []}
    return Film(Outcome("m" + movie, "prepare_transcript", "ok", data=data), f"Film {movie}")  # type: ignore[arg-type]


def asking(**checks: Mapping[str, Any] | None) -> Asking:
    return Asking(
        checks=checks or {"zero_shot": None},
        prompts={path.stem: path for path in (PROMPTS / "summaries").glob("*.txt")},
        check_prompts=[PROMPTS / "support/supported.txt"],
        words=40,
        outcomes="results/summarise_movie/{model}/{way}/{movie}.json",
    )


def ask_ahead(client: Client, films: list[Film], asked: Asking | None = None) -> Tally:
    return ask_summaries(films, asked or asking(), client, NewAnswers(Path("run"), "hosted", RUN))


def requests(tally: Tally) -> dict[str, int]:
    """What became of requests, without what became of none."""
    return {what: count for what, count in tally.requests.items() if count}


def run_own_job(client: Client, told: Film, way: str = "zero_shot", check: Any = None) -> Outcome[Any]:
    """What a movie's own job does."""
    after, asked = AfterAsking(client, Path("run")), asking()
    outcome = summarise_movie(
        told.transcript, title=told.title, way=way_of(way), prompts=asked.prompts, words=asked.words, client=after,
        check=check_for(told.transcript, check, asked.check_prompts, after),
    )  # fmt: skip
    write_outcome(outcome, asked.outcomes.format(model="hosted", way=way, movie=told.transcript.movie))
    return outcome


def test_all_movies_and_ways_are_asked_about_and_their_own_jobs_find_the_answers(site):
    films = [film(movie) for movie in FILMS]
    tally = ask_ahead(client_at(site), films, asking(zero_shot=None, one_sentence=CHECK))
    assert requests(tally) == {"asked": len(site.journal)}
    assert len(site.journal) == len({entry["hash"] for entry in site.journal}) > 2 * len(films)
    before = len(site.journal)
    for way, check in (("zero_shot", None), ("one_sentence", CHECK)):
        outcomes = [run_own_job(client_at(site), told, way, check) for told in films]
        assert {outcome.status for outcome in outcomes} == {"ok"}
    assert len(site.journal) == before


def test_as_many_requests_are_in_flight_as_there_are_slots(site):
    site.delay = 0.5
    ask_ahead(client_at(site), [film(str(number)) for number in range(24)])
    assert 10 <= most_in_flight(site.journal) <= 12


def test_what_is_kept_is_not_asked_again(site):
    ask_ahead(client_at(site), [film("1"), film("2")])
    tally = ask_ahead(client_at(site), [film(movie) for movie in "123"])
    assert requests(tally) == {"kept": 2, "asked": 1}
    assert len(site.journal) == 3


def test_no_answer_is_asked_for_on_which_an_outcome_rests_though_it_is_gone(site):
    films = [film("1"), film("2")]
    for told in films:
        run_own_job(client_at(site), told, "one_sentence", CHECK)
    asked = len(site.journal)
    shutil.rmtree("cache")
    checked = asking(one_sentence=CHECK)
    assert requests(ask_ahead(client_at(site), films, checked)) == {"had": 2}
    assert len(site.journal) == asked
    changed = [films[0], film("2", words="who is a spy")]  # its outcome rests on other words
    tally = ask_ahead(client_at(site), changed, checked)
    assert tally.requests["had"] == 1 and tally.requests["asked"] == len(site.journal) - asked > 1


def test_a_new_check_asks_about_the_claims_of_summaries_that_are_there(site):
    run_own_job(client_at(site), film("1"), "one_sentence")
    assert len(site.journal) == 1
    tally = ask_ahead(client_at(site), [film("1")], asking(one_sentence=CHECK))
    assert tally.requests["kept"] == 1 and tally.requests["asked"] == len(site.journal) - 1 > 0


def test_a_claim_that_was_refused_is_not_asked_about_again(site):
    site.fail("context too long", containing="He comes back.")
    run_own_job(client_at(site), film("1"), "one_sentence", CHECK)
    assert any(entry["fault"] for entry in site.journal)
    asked = len(site.journal)
    assert requests(ask_ahead(client_at(site), [film("1")], asking(one_sentence=CHECK))) == {"kept": 1}
    assert len(site.journal) == asked


def test_a_refusal_is_counted_and_its_outcome_left_alone_after_that(site):
    site.fail("context too long", containing="film 2", times=float("inf"))
    films = [film(movie) for movie in "123"]
    assert requests(ask_ahead(client_at(site), films)) == {"asked": 2, "refused": 1}
    assert [run_own_job(client_at(site), told).status for told in films] == ["ok", "failed", "ok"]
    asked = len(site.journal)
    tally = ask_ahead(client_at(site), films)
    assert (requests(tally), tally.left) == ({"kept": 2}, 1)
    assert len(site.journal) == asked


def test_what_is_for_later_is_counted_and_nothing_more_is_sent(site):
    tally = ask_ahead(client_at(site, Operation(run=RUN, budget_tokens=1)), [film(movie) for movie in FILMS])
    assert requests(tally) == {"later": len(FILMS)}
    assert tally.times == [None] * len(FILMS)
    assert site.journal == []


@pytest.mark.parametrize(
    ("earliest", "left"), [("2999-01-01T00:00:00Z", 1), ("2001-01-01T00:00:00Z", 0), (None, 0)]
)
def test_an_outcome_for_later_is_asked_for_when_its_time_has_come(site, earliest, left):
    outcome = Outcome.unanswered("summarise_movie", "m1", LaterError("a quota", earliest))
    write_outcome(outcome, "results/summarise_movie/hosted/zero_shot/m1.json")
    tally = ask_ahead(client_at(site), [film("1")])
    assert (tally.left, len(site.journal)) == (left, 1 - left)


def test_replay_asks_nothing(site):
    tally = ask_ahead(client_at(site, Operation(mode="replay", run=RUN)), [film("1"), film("2")])
    assert requests(tally) == {"later": 2}
    assert site.journal == []


def test_a_refresh_asks_again_what_came_before_it_and_nothing_that_is_gone(site):
    films = [film("1"), film("2")]
    for told in films:
        run_own_job(client_at(site), told)
    old, gone = sorted(Path("cache/answers").rglob("v1-*.json"))
    old.write_text(json.dumps(json.loads(old.read_text()) | {"fetched": "2020-01-01T00:00:00Z"}))
    gone.unlink()
    refresh = Operation(mode="refresh", refresh_before="2021-01-01T00:00:00Z", run=RUN)
    assert requests(ask_ahead(client_at(site, refresh), films)) == {"asked": 1, "had": 1}
    assert requests(ask_ahead(client_at(site, refresh), films)) == {"kept": 1, "had": 1}
    assert len(site.journal) == 3
    # The one was paid for ahead, the other by its own job.
    assert [cached(run_own_job(client_at(site, refresh), told)) for told in films] == [[False], [False]]
    assert len(site.journal) == 4


def test_a_wrong_key_is_an_error(site):
    site.fail("wrong key", times=float("inf"))
    with pytest.raises(TrailerflowError, match="key"):
        ask_ahead(client_at(site), [film("1")])
    assert list(Path("run/progress").iterdir()) == []


# ---- what an answer cost is told once


def cached(outcome: Outcome[Any]) -> list[bool]:
    return [usage["cached"] for usage in outcome.source["usages"]]


def test_an_answer_that_was_got_ahead_in_this_run_is_paid_for_once(site):
    ask_ahead(client_at(site), [film("1")])
    outcomes = [run_own_job(client_at(site), film("1")) for _ in range(2)]  # both rest on the same answer
    assert [cached(outcome) for outcome in outcomes] == [[False], [True]]
    (row,) = usage_of_outcomes(outcomes, RUN)
    assert (row["requests"], row["cached"]) == (2, 1)
    assert 0 < row["new_prompt_tokens"] < row["prompt_tokens"]


def test_what_was_kept_or_got_ahead_by_an_earlier_run_is_not_paid_for_again(site):
    client_at(site, Operation(run="before")).ask(Request([{"role": "user", "content": "a"}], 5))
    ask_summaries([film("1")], asking(), client_at(site), NewAnswers(Path("run"), "hosted", "an earlier run"))
    assert cached(run_own_job(client_at(site), film("1"))) == [True]
    tally = ask_ahead(client_at(site), [film("1")])
    assert requests(tally) == {"kept": 1}
    assert cached(run_own_job(client_at(site), film("1"))) == [True]
    assert [path.name for path in Path("run/ask_summaries/new/hosted").iterdir()] == [f"run-{RUN}"]


def test_what_a_movies_job_asked_itself_is_noted_by_nobody(site):
    site.delay = 1.0
    outcomes: list[Outcome[Any]] = []
    own = threading.Thread(target=lambda: outcomes.append(run_own_job(client_at(site), film("1"))))
    own.start()
    while not site.journal:
        own.join(0.05)
    assert requests(ask_ahead(client_at(site), [film("1")])) == {
        "kept": 1
    }  # it waited for the other's answer
    own.join()
    assert len(site.journal) == 1
    assert cached(outcomes[0]) == [False]
    assert not any(path.is_file() for path in Path("run/ask_summaries/new").rglob("*"))


# ---- who asks now


def test_a_movies_job_waits_while_all_are_asked_about_until_its_answer_is_there(site):
    outcomes: list[Outcome[Any]] = []
    own = threading.Thread(target=lambda: outcomes.append(run_own_job(client_at(site), film("1"))))
    with long_lock(lock_of(Path("run"), "hosted"), lambda: None):
        own.start()
        own.join(1.0)
        assert own.is_alive() and site.journal == []
        ask_ahead(client_at(site), [film("1")])
        own.join(5.0)
        assert not own.is_alive()
    assert (cached(outcomes[0]), len(site.journal)) == ([False], 1)


def test_a_movies_job_asks_itself_where_it_was_passed_over_or_the_other_was_killed(site):
    lock = lock_of(Path("run"), "hosted")
    with long_lock(lock, lambda: None):
        pass
    assert run_own_job(client_at(site), film("1")).status == "ok"
    dead = subprocess.Popen(["true"])
    dead.wait()
    lock.write_text(json.dumps({"host": os.uname().nodename, "pid": dead.pid, "token": "0" * 16}))
    assert run_own_job(client_at(site), film("2")).status == "ok"
    assert not lock.exists() and len(site.journal) == 2
