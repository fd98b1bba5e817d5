"""A trailer in another language is translated by a language model, and no other movie waits for one."""

from __future__ import annotations

import json

import pytest
from loopback_llm import Site
from workflow.projects import small_genres

pytestmark = pytest.mark.slow

FRENCH = "Ils sont venus dans la nuit, et personne ne les a vus. Maintenant elle doit choisir."
ENGLISH = "They came at night and nobody saw them. Now she has to choose."


def prepared(workflow, movie: str) -> dict:
    return json.loads((workflow.folder / f"results/prepare_transcript/{movie}.json").read_text())


def test_one_french_trailer_among_english_ones(workflow):
    site = Site()
    site.reply = lambda body: ENGLISH
    sample = workflow.folder / "resources/sample"
    (sample / "media/french.srt").write_text(f"1\n00:00:01,000 --> 00:00:05,000\n{FRENCH}\n")
    (sample / "movies.csv").write_text(
        "id,title,year,media\n1,Toy Story,1995,media/1.vtt\n2,Nuit,1995,media/french.srt\n3,None,1995,\n"
    )
    hosted = {
        "name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 2, "threads": 1,
        "temperature": 0.0, "seed": 0, "frequency_penalty": 0.0, "base_url": site.address,
    }  # fmt: skip
    workflow.settings["models"]["llm"] = [hosted]
    workflow.settings["trailers"] = {"translation": {"by": "llm", "model": "hosted"}}
    workflow.settings["genres"] = small_genres("transcript")
    targets = [f"results/prepare_transcript/{movie}.json" for movie in "123"]
    workflow.run(*targets)
    # The run begins with the question whether the model is there, which takes one token.
    asked = [question["messages"][-1]["content"] for question in site.journal if question["max_tokens"] > 1]
    assert len(asked) == 1 and FRENCH in asked[0]
    assert prepared(workflow, "2")["data"]["text"] == ENGLISH
    assert prepared(workflow, "2")["data"]["original_text"] == FRENCH
    assert prepared(workflow, "1")["data"]["translated"] is False
    assert prepared(workflow, "3")["status"] == "absent"
    assert workflow.jobs(*targets) == {}

    workflow.replace("resources/prompts/translations/translate.txt", "Leave nothing out", "Leave out nothing")
    assert set(workflow.jobs(*targets)) == {"translate_transcript", "prepare_transcript"}
    workflow.settings["trailers"] = {"translation": {"by": "whisper"}}  # tiny.en cannot translate
    refused = workflow.run("-n", *targets, check=False)
    assert "faster-whisper-tiny.en cannot translate" in refused.stdout + refused.stderr
    site.server.shutdown()
