"""Summaries: the prompts, what a model's answer means, the synopsis table, and the merged tables."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.prompts import render
from trailerflow.llm.types import Answer, Request
from trailerflow.movies.movie import Movie
from trailerflow.outcome_tables import outcomes_table
from trailerflow.outcomes import Outcome, read_outcome, write_outcome
from trailerflow.summaries.merge_summaries import (
    models_of,
    summaries_table,
    synopses_table,
    usage_of_outcomes,
)
from trailerflow.summaries.summarise_movie import summarise_movie, without_cut_sentence
from trailerflow.summaries.ways.prompt_file import PromptFile
from trailerflow.synopses.fetch_synopsis import fetch_synopsis
from trailerflow.synopses.synopsis_table import read_synopses
from trailerflow.web.access import WebAccess

ROOT = Path(__file__).parents[3]
PROMPTS = sorted((ROOT / "resources/prompts/summaries").glob("*.txt"))
OF_THE_ORIGINAL = [path for path in PROMPTS if "_shot" in path.stem]
ZERO_SHOT = ROOT / "resources/prompts/summaries/zero_shot.txt"
SUPPORTED = ROOT / "resources/prompts/support/supported.txt"
MODEL = LanguageModel(
    name="stub",
    kind="embedded",
    model="stub",
    context=512,
    slots=1,
    threads=1,
    temperature=0.0,
    seed=0,
    frequency_penalty=0.0,
)
TRANSCRIPT = Outcome.ok("prepare_transcript", "42", {"text": "A {title} of braces. {}", "words": 5})


@dataclass
class Stub:
    """Answers every request alike, or raises."""

    reply: Answer | Exception
    model: LanguageModel = MODEL
    requests: list[Request] = field(default_factory=list)

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request: Request) -> Answer:
        self.requests.append(request)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


NO_WEB = WebAccess(Path("unused"), Path("unused"), 0.0, None, 0.0, None, None, None)


def from_table(movie: str, table: Path | None) -> Outcome:
    return fetch_synopsis(Movie(movie), ["table"], web=NO_WEB, table=table)


def answer(text: str, finish_reason: str = "stop") -> Answer:
    return Answer(text, finish_reason, 200, 30, 1.5, False, [])


def summarise(reply: Answer | Exception, transcript: Outcome = TRANSCRIPT) -> tuple[Outcome, Stub]:
    stub = Stub(reply)
    outcome = summarise_movie(
        transcript,
        title="Net, The",
        way=PromptFile("zero_shot"),
        prompts={"zero_shot": ZERO_SHOT},
        words=100,
        client=stub,
    )
    return outcome, stub


VARIABLES = ("title", "words", "transcript", "masked_transcript")


@given(st.text())
def test_a_transcript_is_shown_as_it_is(text):
    for prompt in OF_THE_ORIGINAL:
        masked = prompt.stem.endswith("masked")
        values = {"title": "T", "words": "100", "transcript": text, "masked_transcript": text}
        titled = "" if masked else "Title: T\n"
        last = render(prompt, values)[-1]
        assert last["content"] == f"{titled}Spoken words:\n{text}\n\nSummary of about 100 words:"


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda path: path.stem)
def test_what_is_told_of_a_movie_comes_last(prompt):
    first = prompt.read_text(encoding="utf-8").partition("### user")[0]
    assert not any(f"{{{name}}}" in first for name in ("title", "transcript", "masked_transcript"))
    assert first.startswith(("### system", "### examples"))


@pytest.mark.parametrize("prompt", OF_THE_ORIGINAL, ids=lambda path: path.stem)
def test_prompts_begin_alike_for_all_movies_and_the_transcript_comes_last(prompt):
    one = render(prompt, dict(zip(VARIABLES, ("One", "100", "first", "first"), strict=True)))
    two = render(prompt, dict(zip(VARIABLES, ("Two", "100", "second", "second"), strict=True)))
    assert one[:-1] == two[:-1]
    assert [message["role"] for message in one[:2]] == ["system", "user"]
    assert one[-1]["content"].endswith("Spoken words:\nfirst\n\nSummary of about 100 words:")
    assert "NOTHING" in one[0]["content"]
    assert "100 words" in one[0]["content"]


def test_the_request_has_the_title_as_people_say_it_and_room_for_the_words():
    _, stub = summarise(answer("She runs."))
    assert stub.requests[0].messages[-1]["content"].startswith("Title: The Net\n")
    assert stub.requests[0].max_tokens == 150


def test_a_summary_is_one_paragraph_with_its_cost_and_origin():
    outcome, _ = summarise(answer(" She runs.\n\nHe  follows. "))
    assert outcome.status == "ok"
    assert outcome.data == {"summary": "She runs. He follows.", "words": 4, "finish_reason": "stop"}
    assert outcome.source["usages"] == [
        {
            "prompt_tokens": 200,
            "completion_tokens": 30,
            "seconds": 1.5,
            "cached": False,
            "estimated": False,
            "run": "",
        }
    ]
    assert outcome.made_by["model"] == "stub"
    assert outcome.made_by["model_hash"] == MODEL.hash
    assert outcome.made_by["prompt"] == "zero_shot"


@pytest.mark.parametrize(
    "transcript",
    [
        Outcome.absent("fetch_audio", "42", "no trailer was found").passed_on("prepare_transcript"),
        Outcome.failed("prepare_transcript", "42", "damaged"),
        Outcome.later("fetch_audio", "42", "blocked", earliest="2030-01-01T00:00:00Z").passed_on(
            "prepare_transcript"
        ),
    ],
    ids=lambda outcome: outcome.status,
)
def test_a_transcript_that_is_not_ok_is_passed_on_and_no_model_is_asked(transcript):
    outcome, stub = summarise(answer("never"), transcript)
    assert stub.requests == []
    assert (outcome.status, outcome.reasons, outcome.earliest) == (
        transcript.status,
        transcript.reasons,
        transcript.earliest,
    )
    assert (outcome.rule, outcome.made_by["model"]) == ("summarise_movie", "stub")


def test_a_server_in_trouble_means_later_and_a_refusal_means_failed():
    later, _ = summarise(LaterError("429", "2030-01-01T00:00:00Z"))
    assert (later.status, later.reasons, later.earliest) == ("later", ("429",), "2030-01-01T00:00:00Z")
    failed, _ = summarise(RefusedError("too long"))
    assert (failed.status, failed.reasons) == ("failed", ("too long",))


@pytest.mark.parametrize("text", ["NOTHING", "Nothing.", '"NOTHING"', "**NOTHING**\n\nNo story is told."])
def test_a_model_that_finds_no_story_makes_the_summary_absent(text):
    outcome, _ = summarise(answer(text))
    assert (outcome.status, outcome.reasons) == ("absent", ("the model found nothing to summarise",))
    assert outcome.source["usages"][0]["prompt_tokens"] == 200


def test_a_summary_that_begins_with_the_word_nothing_is_a_summary():
    assert summarise(answer("Nothing stops Ada from leaving."))[0].status == "ok"


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_answer_is_failed(text):
    assert summarise(answer(text))[0].status == "failed"


def test_a_cut_answer_ends_with_its_last_whole_sentence():
    outcome, _ = summarise(answer("She runs. He follows her to the", "length"))
    assert outcome.data == {"summary": "She runs.", "words": 2, "finish_reason": "length"}
    assert without_cut_sentence("One only, without an end") == "One only, without an end"
    assert without_cut_sentence("他走了。她说：“停！”他们来到") == "他走了。她说：“停！”"
    assert without_cut_sentence("वह गया। वह हँसी। वे") == "वह गया। वह हँसी।"
    assert without_cut_sentence('"Run!" she says. He says "Stop."') == '"Run!" she says. He says "Stop."'


@pytest.fixture
def table(tmp_path):
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "synopses.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_synopses_are_read_by_id(table):
    path = table('note,id,synopsis\n,7,"A film,\nand ""more""."\n,8,\n', "utf-8-sig")
    assert read_synopses(path) == {"7": 'A film, and "more".'}
    assert from_table("7", path).data == {"text": 'A film, and "more".', "words": 4}
    assert from_table("8", path).reasons == (f"no synopsis in {path}",)
    assert from_table("7", None).reasons == ("no synopsis table is configured",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "row 1: the column id is missing"),
        ("id,plot\n1,x\n", "row 1: the column synopsis is missing"),
        ("id,synopsis\n1,x\n2,y\n1,z\n", "row 4: the id '1' is in row 2 already"),
        ("id,synopsis\n1,x\n2\n", "row 3: the id or the synopsis is missing"),
        ("id,synopsis\n,x\n", "row 2: the id or the synopsis is missing"),
        ('id,synopsis\n1,"x\n', "is not a CSV table"),
    ],
)
def test_a_faulty_synopsis_table_is_refused_with_its_row(table, text, sentence):
    with pytest.raises(TrailerflowError, match=sentence):
        read_synopses(table(text))


def test_a_synopsis_table_that_is_missing_or_no_text_is_refused(table, tmp_path):
    with pytest.raises(TrailerflowError, match="is missing"):
        read_synopses(tmp_path / "none.csv")
    with pytest.raises(TrailerflowError, match="UTF-8"):
        read_synopses(table("id,synopsis\n1,é\n", "latin-1"))


def test_the_tables_have_a_row_for_every_outcome_and_say_why():
    outcomes = [
        summarise(answer("She runs."))[0],
        summarise(answer("NOTHING"))[0],
        summarise(answer("x"), Outcome.absent("prepare_transcript", "43", "nothing spoken", "music"))[0],
        from_table("42", None),
    ]
    summaries = summaries_table(outcomes)
    assert summaries["status"].tolist() == ["ok", "absent", "absent"]
    assert summaries["reason"].tolist()[2] == "nothing spoken; music"
    assert summaries["words"].isna().tolist() == [False, True, True]
    assert summaries["prompt_tokens"].isna().tolist() == [False, False, True]
    assert synopses_table(outcomes)["status"].tolist() == ["absent"]
    assert outcomes_table(outcomes)["rule"].tolist() == ["summarise_movie"] * 3 + ["fetch_synopsis"]
    (row,) = usage_of_outcomes(outcomes, "")
    assert (row["model"], row["prompt"], row["movies"], row["requests"], row["cached"]) == (
        "stub",
        "zero_shot",
        2,
        2,
        0,
    )
    assert (row["prompt_tokens"], row["completion_tokens"], row["seconds"]) == (400, 60, 3.0)
    (row,) = usage_of_outcomes(outcomes, "a later run")  # what earlier runs paid for is kept
    assert (row["cached"], row["new_prompt_tokens"], row["prompt_tokens"]) == (2, 0, 400)
    assert models_of(outcomes) == [{"name": "stub", "hash": MODEL.hash}]


def test_the_tables_of_no_outcomes_have_the_same_columns_and_types():
    one = summaries_table([summarise(answer("She runs."))[0]])
    assert summaries_table([]).dtypes.equals(one.dtypes)
    assert synopses_table([]).columns.tolist() == ["movie", "status", "reason", "text", "words"]


def run_script(name: str, *options: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / name, *options],
        input=stdin,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
        check=False,
    )


def fetched_by_script(folder: Path, movie: str, *table: Path) -> Path:
    written = folder / f"results/fetch_synopsis/{movie}.json"
    settings = {
        "pause_seconds": 8,
        "visits_per_day": None,
        "blocked_minutes": 60,
        "cookies": None,
        "contact": None,
    }
    done = run_script(
        "fetch_synopsis.py", "--movie", json.dumps({"id": movie}), "--sources", "table", "--table", *table,
        "--web", json.dumps(settings), "--refresh-before", "", "--cache", folder, "--run", folder,
        "--attempt", "0", "--output", written,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return written


def test_the_scripts_fetch_and_merge(table, tmp_path):
    path = table("id,synopsis\n7,A film.\n")
    written = fetched_by_script(tmp_path, "7", path)
    assert read_outcome(written).status == "ok"
    none = fetched_by_script(tmp_path, "8")
    assert read_outcome(none).status == "absent"

    summary = tmp_path / "results/summarise_movie/stub/zero_shot/42.json"
    write_outcome(summarise(answer("She runs."))[0], summary)
    names = ("summaries", "claims", "synopses", "outcomes")
    options = [part for name in names for part in (f"--{name}", tmp_path / f"{name}.parquet")]
    about = tmp_path / "about.json"
    done = run_script(
        "merge_summaries.py", *options, "--about", about, stdin=f"{written} {none}\n{summary}\n"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(about.read_text())["usage"][0]["requests"] == 1


def test_the_programs_per_movie_start_lean():
    code = (
        "import sys; import trailerflow.summaries.summarise_movie, trailerflow.synopses.fetch_synopsis; "
        "print(sorted({'numpy', 'pandas', 'requests', 'yaml', 'torch', 'snakemake'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
        check=True,
    )
    assert done.stdout.strip() == "[]"
