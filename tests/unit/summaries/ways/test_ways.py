"""What every way of asking for a summary keeps to, and a made-up chain that joins by one file and one line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hashed_modules import CODE

from trailerflow.configuration.check import configuration_problems
from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm.prompts import render
from trailerflow.llm.types import Asks, Request
from trailerflow.outcomes import Outcome
from trailerflow.summaries.merge_summaries import summaries_table, usage_of_outcomes
from trailerflow.summaries.summarise_movie import summarise_movie
from trailerflow.summaries.ways import module_of, register, way_of
from trailerflow.summaries.ways.contract import Prompts, Told, Way, Written
from trailerflow.summaries.ways.register import WAYS
from unit.configuration.test_check import ROOT, SCHEMA, changed
from unit.scripted_model import ScriptedModel, said

MADE_UP = "draft_and_shorten"
TOLD = Told("Net, The", {"text": "She runs and the net closes.", "words": 6}, words=40)
FORMS = {
    "quoted": ('{"claims": [{"claim": "She runs.", "quote": "the net closes"}]}',),
    "extract_then_write": ('{"quotes": ["She runs and the net"]}',),
    "check_and_mend": (
        "She runs. She flies. He waits. They sing.",
        *[replace(said("No"), top_logprobs=[{"No": -0.1}])] * 4,
    ),
}
"""What a model says to the first requests of a way, where that is not any text."""

EMPTY = {"quoted": '{"claims": []}', "extract_then_write": '{"quotes": []}'}
"""How it says that there is nothing."""

CHECKED = ("one_sentence", "short", "quoted", "extract_lines", "mend")
"""Prompts of ways whose claims are asked about while the server still holds the transcript."""

TRANSCRIPT = Outcome.ok("prepare_transcript", "42", TOLD.transcript)


class DraftAndShorten(Way):
    """Writes a draft, then a shorter summary of it."""

    prompts = ("draft", "shorten")

    def requests(self, told: Told, prompts: Prompts) -> list[Request]:
        draft = " ".join(["word"] * 2 * told.words)
        return [self._draft(told, prompts), self._shorter(draft, told, prompts)]

    def write(self, told: Told, prompts: Prompts, client: Asks) -> Written:
        draft = client.ask(self._draft(told, prompts))
        return Written(client.ask(self._shorter(draft.text, told, prompts)), others=(draft,))

    def _draft(self, told: Told, prompts: Prompts) -> Request:
        return Request(render(prompts["draft"], {"transcript": told.transcript["text"]}), 3 * told.words)

    def _shorter(self, draft: str, told: Told, prompts: Prompts) -> Request:
        return Request(render(prompts["shorten"], {"draft": draft}), 2 * told.words)


@pytest.fixture(params=["zero_shot", *sorted(set(WAYS) - {"prompt_file"}), MADE_UP])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Way:
    monkeypatch.setitem(register.WAYS, MADE_UP, f"{__name__}:DraftAndShorten")  # the one line
    return way_of(request.param)


@pytest.fixture
def prompts(way: Way, tmp_path: Path) -> dict[str, Path]:
    """The way's prompt files: those of the project, and the made-up ones."""
    for name, variable in (("draft", "transcript"), ("shorten", "draft")):
        (tmp_path / f"{name}.txt").write_text(f"### user\n{{{variable}}}\n")
    own = {
        path.stem: path for path in (ROOT / f"resources/prompts/{place}.txt" for place in way.prompt_places())
    }
    own |= {path.stem: path for path in tmp_path.glob("*.txt")}
    return {name: own[name] for name in way.prompts}


def answering(way: Way, prompts: dict[str, Path], *last: object) -> ScriptedModel:
    """A model that answers all the way's requests, or ends with what is given."""
    expected = len(way.requests(TOLD, prompts))
    answers = [f"Answer {number}." for number in range(expected)]
    answers[: len(FORMS.get(way.name, ()))] = FORMS.get(way.name, ())
    model = ScriptedModel(*answers[: expected - len(last)], *last)
    model.model = SimpleNamespace(name="scripted", hash="abc", workers=1, log_probabilities=True)
    return model


def summarise(way: Way, prompts: dict[str, Path], model: ScriptedModel) -> Outcome:
    return summarise_movie(TRANSCRIPT, title=TOLD.title, way=way, prompts=prompts, words=40, client=model)


# ---- the suite


def test_what_is_asked_is_what_was_told_before(way, prompts):
    told, model = way.requests(TOLD, prompts), answering(way, prompts)
    way.write(TOLD, prompts, model)
    assert told
    assert len(model.asked) == len(told)
    assert model.asked[0] == told[0]
    assert [request.max_tokens for request in model.asked] == [request.max_tokens for request in told]
    assert all(request.max_tokens > 0 and request.messages for request in told)


def test_the_same_is_asked_of_the_same_transcript(way, prompts):
    first, second = answering(way, prompts), answering(way, prompts)
    assert way.write(TOLD, prompts, first) == way.write(TOLD, prompts, second)
    assert first.asked == second.asked


def test_every_answer_is_accounted_for(way, prompts):
    model = answering(way, prompts)
    outcome = summarise(way, prompts, model)
    number = len(model.asked)
    assert (outcome.status, outcome.data["words"]) == ("ok", 2)
    assert len(outcome.source["usages"]) == number
    assert outcome.seconds == 1.5 * number
    table = summaries_table([outcome])
    assert table.loc[0, ["prompt", "prompt_tokens", "completion_tokens", "seconds"]].tolist() == [
        way.name, 200 * number, 20 * number, 1.5 * number,
    ]  # fmt: skip
    (usage,) = usage_of_outcomes([outcome], "")
    assert (usage["movies"], usage["requests"], usage["prompt_tokens"]) == (1, number, 200 * number)


@pytest.mark.parametrize(
    ("error", "status"), [(LaterError("busy"), "later"), (RefusedError("too long"), "failed")]
)
def test_a_request_without_an_answer_is_told(way, prompts, error, status):
    outcome = summarise(way, prompts, answering(way, prompts, error))
    assert (outcome.status, outcome.reasons) == (status, (error.reason,))


def test_a_movie_without_a_story_is_absent(way, prompts):
    nothing = [EMPTY.get(way.name, "NOTHING")] * len(way.requests(TOLD, prompts))
    assert summarise(way, prompts, answering(way, prompts, *nothing)).status == "absent"


def test_a_prompt_file_that_is_missing_is_told(way, prompts, tmp_path):
    gone = dict.fromkeys(prompts, tmp_path / "gone.txt")
    with pytest.raises(TrailerflowError, match=r"gone\.txt is missing"):
        way.requests(TOLD, gone)


def test_what_made_it_names_the_way_and_its_files(way, prompts):
    made_by = summarise(way, prompts, answering(way, prompts)).made_by
    assert made_by["prompt"] == way.name
    assert len(made_by["prompt_hash"].split("-")) == len(way.prompts)


# ---- the register


def test_a_name_outside_the_register_is_that_of_a_prompt_file():
    assert (way_of("mine").name, way_of("mine").prompts) == ("mine", ("mine",))


def test_a_way_is_in_the_hash_of_its_own_jobs_alone():
    plain = CODE.modules("summarise_movie")
    assert "trailerflow/summaries/ways/contract.py" in plain
    assert not {"trailerflow/summaries/ways/register.py", "trailerflow/summaries/ways/prompt_file.py"} & plain
    own = CODE.modules("summarise_movie", module_of("zero_shot"))
    assert own - plain >= {"trailerflow/summaries/ways/prompt_file.py"}


def test_each_prompt_file_of_a_way_must_be_there(monkeypatch):
    monkeypatch.setitem(register.WAYS, MADE_UP, f"{__name__}:DraftAndShorten")
    config = changed("summaries.prompts", ["zero_shot", "few_shot", MADE_UP])
    assert configuration_problems(config, SCHEMA, ROOT) == [
        f"config: summaries.prompts names {MADE_UP}, a file resources/prompts/summaries/{name}.txt, and there is no such "
        "file; correct the path."
        for name in ("draft", "shorten")
    ]


@pytest.mark.parametrize("prompt", CHECKED)
def test_a_question_about_a_claim_begins_as_the_summary_was_asked_for(prompt: str):
    prompts = ROOT / "resources/prompts"
    asked, question = (
        (prompts / name).read_text() for name in (f"summaries/{prompt}.txt", "support/supported.txt")
    )
    assert asked.partition("{transcript}")[0] == question.partition("{transcript}")[0]
