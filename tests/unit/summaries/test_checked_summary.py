"""Checked summaries: what is kept of them, and when nothing is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from document_types import check_document

from trailerflow.errors import LaterError
from trailerflow.llm.types import Answer, Request
from trailerflow.outcome_tables import outcomes_table
from trailerflow.outcomes import Outcome
from trailerflow.summaries.check import check_of
from trailerflow.summaries.merge_summaries import claims_table
from trailerflow.summaries.summarise_movie import summarise_movie
from trailerflow.summaries.ways.prompt_file import PromptFile
from unit.summaries.test_summarise_movie import ROOT, ZERO_SHOT, Stub, answer, summarise

SUPPORTED = ROOT / "resources/prompts/support/supported.txt"


@dataclass
class Reader(Stub):
    """Writes a summary, and then answers each question of its check."""

    says: Answer | Exception = field(default_factory=lambda: answer("Yes."))

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request: Request) -> Answer:
        if "Statement: " not in request.messages[-1]["content"]:
            return super().ask(request)
        self.requests.append(request)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


SPOKEN = "the bank is surrounded and his wife is in their hands"


def checked_summary(
    text: str,
    says: Answer | Exception,
    unsupported: str = "drop",
    spoken_words: str = SPOKEN,
) -> Outcome:
    client = Reader(answer(text), says=says)
    spoken = {
        "text": spoken_words, "segments": [{"start": 1.0, "end": 4.5, "text": spoken_words}],
        "words": len(spoken_words.split()), "words_before_trim": len(spoken_words.split()), "language": "en",
    }  # fmt: skip
    settings = {"measure": "yes_no_words", "threshold": 0.5, "unsupported": unsupported}
    return summarise_movie(
        Outcome.ok("prepare_transcript", "42", spoken),
        title="Net, The",
        way=PromptFile("zero_shot"),
        prompts={"zero_shot": ZERO_SHOT},
        words=100,
        client=client,
        check=check_of(settings, spoken["text"], {"supported": SUPPORTED}, client),
    )


def test_a_checked_summary_keeps_what_is_supported_and_says_what_was_written():
    outcome = checked_summary("He robs a bank. Rosa sings.", answer("Yes."))
    assert outcome.data | {"claims": len(outcome.data["claims"])} == {
        "summary": "He robs a bank.",
        "words": 4,
        "finish_reason": "stop",
        "written": "He robs a bank. Rosa sings.",
        "claims": 2,
    }
    check_document(outcome)
    assert len(outcome.source["usages"]) == 3 and outcome.seconds == 4.5
    assert outcome.made_by["check"] == {
        "measure": "yes_no_words", "threshold": 0.5, "unsupported": "drop",
    }  # fmt: skip


def test_a_naming_that_nobody_speaks_is_left_out_and_the_rest_may_be_kept():
    written = "The film is about a man named Rosa who robs a bank."
    outcome = checked_summary(written, answer("Yes."))
    assert outcome.data["summary"] == "The film is about a man who robs a bank."
    assert outcome.data["written"] == written
    marked = checked_summary(written, answer("Yes."), "mark")
    assert marked.data["summary"] == written
    assert {claim["kept"] for claim in marked.data["claims"]} == {False}


def test_what_tells_of_the_text_tells_of_the_film():
    written = "The text describes a short film about a man who robs a bank."
    assert (
        checked_summary(written, answer("Yes.")).data["summary"] == "The film is about a man who robs a bank."
    )
    assert checked_summary(written, answer("Yes."), "mark").data["summary"] == written


def test_a_summary_of_which_nothing_is_kept_is_absent_and_can_be_looked_at():
    outcome = checked_summary("He robs a bank.", answer("No."))
    assert (outcome.status, outcome.reasons) == ("absent", ("the trailer does not tell",))
    assert outcome.source["written"] == "He robs a bank."
    assert [claim["support"] for claim in outcome.source["claims"]] == [0.0]
    assert outcomes_table([outcome])["reason"].tolist() == ["the trailer does not tell"]


def test_nothing_is_asked_of_a_transcript_that_tells_nothing():
    outcome = checked_summary("He robs a bank.", AssertionError("asked"), spoken_words="la la la")
    assert outcome.status == "absent"
    assert outcome.reasons[0].startswith("the trailer does not tell: too few words")
    assert outcome.made_by["prompt"] == "zero_shot" and not outcome.source


def test_marked_claims_stay_in_the_text():
    outcome = checked_summary("He robs a bank.", answer("No."), "mark")
    assert outcome.data["summary"] == "He robs a bank."
    assert [claim["kept"] for claim in outcome.data["claims"]] == [False]


def test_a_check_that_is_for_later_makes_the_summary_later():
    outcome = checked_summary("He robs a bank.", LaterError("429", "2030-01-01T00:00:00Z"))
    assert (outcome.status, outcome.reasons, outcome.earliest) == ("later", ("429",), "2030-01-01T00:00:00Z")


def test_an_answer_without_a_summary_is_not_checked():
    assert checked_summary("NOTHING", AssertionError("asked")).reasons == (
        "the model found nothing to summarise",
    )


def test_claims_of_checked_summaries_are_a_table():
    outcomes = [
        checked_summary("He robs a bank. Rosa sings.", answer("Yes.")),
        checked_summary("He robs a bank.", answer("No.")),
        summarise(answer("She runs."))[0],
    ]
    claims = claims_table(outcomes)
    assert claims["kept"].tolist() == [True, False, False]
    assert claims["claim"].tolist() == [0, 1, 0]
    assert claims["invented_names"].tolist() == ["", "Rosa", ""]
    assert claims.iloc[0].drop(["kept", "claim", "invented_names"]).to_dict() == {
        "movie": "42", "model": "stub", "prompt": "zero_shot", "measure": "yes_no_words", "sentence": 0, "text": "He robs a bank.",
        "support": 1.0, "copied": False, "window": SPOKEN, "start": 1.0, "end": 4.5,
    }  # fmt: skip
    assert claims_table([]).dtypes.equals(claims.dtypes)
