"""Translation: which transcripts need one, each way of getting it, and that the original is never lost."""

from __future__ import annotations

import copy
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from loopback_llm import Site
from loopback_llm.faults import retry_after
from tiny_marian import make_marian

from trailerflow.configuration import configuration_problems
from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.outcomes import Outcome
from trailerflow.trailers.transcripts.merge_transcripts import (
    models_used,
    transcripts_table,
    translation_usage,
)
from trailerflow.trailers.transcripts.prepare_transcript import prepare_transcript
from trailerflow.trailers.translating import marian
from trailerflow.trailers.translating.translate_transcript import (
    Translation,
    UntranslatedError,
    foreign_language,
    translate_transcript,
)
from trailerflow.trailers.translating.translators import choose_translator

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[4]
PROMPT = ROOT / "resources/prompts/translations/translate.txt"
FRENCH = "[Musique] Ils sont venus dans la nuit, et personne ne les a vus. Maintenant elle doit choisir."
ENGLISH = "They came at night and nobody saw them. Now she has to choose."


def transcript(text: str = FRENCH, **facts: Any) -> Outcome:
    segments = [
        {"start": float(number), "end": number + 1.0, "text": part}
        for number, part in enumerate(re.split(r"(?<=\.) ", text))
    ]
    data = {"segments": segments, "language": None, "language_probability": None, "origin": "captions"}
    return Outcome.ok(
        "transcribe_trailer", "7", data | facts, source={"file": "7.srt"}, made_by={"trailerflow": "0"}
    )


def never(_: Any) -> Translation:
    raise AssertionError("nothing was to be translated")


def answering(text: str):
    return lambda data: Translation([{"start": 0.0, "end": 2.0, "text": text}], by="llm", seconds=1.5)


def raising(error: Exception):
    def translator(data: Any) -> Translation:
        raise error

    return translator


# ---- which transcripts need a translation


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, "fr"),  # seen in the text
        ({"language": "fr-CA"}, "fr-CA"),  # the caption track's own code comes first
        ({"language": "en-GB"}, None),
        ({"language": "en", "language_probability": 0.4}, "fr"),  # heard in doubt
        ({"language": "en", "language_probability": 0.5}, None),
        ({"language": "es", "language_probability": 0.9}, "es"),
    ],
)
def test_the_language_is_told_then_heard_then_seen(facts, found):
    assert foreign_language(transcript(**facts).data, "en") == found


@pytest.mark.parametrize("text", ["Où est-il, Léon?", "[Musique]", ENGLISH])
def test_short_silent_and_english_texts_need_none(text):
    assert foreign_language(transcript(text).data, "en") is None
    outcome = translate_transcript(transcript(text), translator=never)
    assert (outcome.data["translated"], outcome.data["translated_by"]) == (False, None)
    assert "untranslated" not in outcome.source


def test_the_language_of_the_prompts_may_be_another():
    assert foreign_language(transcript().data, "fr") is None
    assert foreign_language(transcript(ENGLISH).data, "fr") == "en"


# ---- what becomes of them


def test_keep_keeps_and_says_so():
    before = transcript(language="fr", translation=[])
    outcome = translate_transcript(before, translator=choose_translator({"by": "keep"}, never))
    kept = {key: value for key, value in before.data.items() if key != "translation"}
    assert outcome.data == kept | {
        "original": {"segments": before.data["segments"], "language": "fr"},
        "translated": False,
        "translated_by": None,
    }
    assert (outcome.source, outcome.seconds) == (before.source, 0.0)


def test_the_original_goes_along_with_the_translation():
    before = transcript()
    outcome = translate_transcript(before, translator=answering(ENGLISH))
    assert outcome.data["original"] == {"segments": before.data["segments"], "language": "fr"}
    assert (outcome.data["translated"], outcome.data["translated_by"], outcome.data["language"]) == (
        True,
        "llm",
        "en",
    )
    prepared = prepare_transcript(outcome, words=600)
    assert prepared.data["text"] == ENGLISH
    assert prepared.data["original_text"].startswith("Ils sont venus dans la nuit")
    assert (prepared.data["translated"], prepared.data["language"]) == (True, "en")
    unchanged = prepare_transcript(translate_transcript(transcript()), words=600)
    assert (unchanged.data["translated"], unchanged.data["language"]) == (False, "fr")
    assert "original_text" not in unchanged.data
    table = transcripts_table([prepared, unchanged, Outcome.absent("prepare_transcript", "8", "none")])
    assert table["translated"].tolist()[:2] == [True, False]
    assert table["translated"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("translator", "reason"),
    [
        (answering(""), "its translation by llm is empty"),
        (answering("[Music]"), "its translation by llm is empty"),
        (answering(FRENCH), "its translation by llm is still in fr"),
        (raising(UntranslatedError("its translation by m was cut")), "its translation by m was cut"),
    ],
)
def test_a_translation_that_cannot_be_used_leaves_the_original(translator, reason):
    outcome = translate_transcript(transcript(), translator=translator)
    assert outcome.status == "ok"
    assert outcome.data["translated"] is False
    assert outcome.source == {"file": "7.srt", "untranslated": reason}
    assert prepare_transcript(outcome, words=600).data["text"].startswith("Ils sont venus")


def test_no_answer_is_later_or_failed():
    later = translate_transcript(transcript(), translator=raising(LaterError("busy", "2030-01-01T00:00:00Z")))
    assert (later.status, later.reasons, later.earliest) == ("later", ("busy",), "2030-01-01T00:00:00Z")
    failed = translate_transcript(transcript(), translator=raising(RefusedError("too long")))
    assert (failed.status, failed.reasons, failed.rule) == ("failed", ("too long",), "translate_transcript")


# ---- whisper


def heard(**facts: Any) -> Outcome:
    return transcript(origin="speech", language="fr", language_probability=0.9, **facts)


def test_what_whisper_heard_in_english_is_used():
    segments = [{"start": 0.5, "end": 4.0, "text": ENGLISH}]
    translator = choose_translator({"by": "whisper"}, never)
    outcome = translate_transcript(heard(translation=segments), translator=translator)
    assert (outcome.data["segments"], outcome.data["translated_by"]) == (segments, "whisper")
    assert "translation" not in outcome.data


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (transcript(), "Whisper translates what it hears, and these are captions"),
        (heard(), "Whisper was not sure enough of the language to translate it"),
        (heard(translation=[]), "its translation by whisper is empty"),
    ],
)
def test_what_whisper_did_not_translate_is_marked(before, reason):
    outcome = translate_transcript(before, translator=choose_translator({"by": "whisper"}, never))
    assert (outcome.data["translated"], outcome.source["untranslated"]) == (False, reason)


# ---- a language model


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(reply=lambda body: ENGLISH) as site:
        yield site


def translate_by(site: Site, folder: Path, before: Outcome, words: int = 600) -> Outcome:
    model = {
        "name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 1, "threads": 1,
        "temperature": 0.0, "seed": 0, "frequency_penalty": 0.0, "base_url": site.address,
    }  # fmt: skip
    settings = {"by": "llm", "language": "en", "words": words, "prompt": str(PROMPT), "model": model}

    def client(asked: Any) -> Client:
        places = {"cache": folder / "cache", "run": folder / "run", "models_folder": folder}
        return Client(LanguageModel.from_settings(dict(asked)), threads=1, **places)

    return translate_transcript(before, translator=choose_translator(settings, client))


def test_a_language_model_is_asked_once(site, tmp_path):
    outcome = translate_by(site, tmp_path, transcript())
    (asked,) = site.journal
    assert asked["messages"][-1]["content"].startswith("Translate into English:\nIls sont venus dans la nuit")
    assert "Musique" not in asked["messages"][-1]["content"]
    assert outcome.data["segments"] == [{"start": 0.0, "end": 2.0, "text": ENGLISH}]
    assert outcome.data["translated_by"] == "llm"
    assert outcome.made_by["translation"]["model"] == "hosted"
    assert outcome.source["usage"]["cached"] is False
    again = translate_by(site, tmp_path, transcript())
    assert (again.data, again.source["usage"]["cached"], len(site.journal)) == (outcome.data, True, 1)
    assert [model["model"] for model in models_used([outcome, again])] == ["hosted"]
    prepared = prepare_transcript(again, words=600)  # passes the source on, which is not counted twice
    (row,) = translation_usage([outcome, again, prepared], "")
    assert (row["model"], row["prompt"], row["requests"], row["cached"]) == ("hosted", "translate", 2, 1)
    assert translation_usage([translate_transcript(transcript())], "") == []


def test_a_long_transcript_is_cut_before_it_is_translated(site, tmp_path):
    before = transcript(
        " ".join(f"Elle doit choisir entre {n} amis et {n + 1} morts cette nuit." for n in range(40))
    )
    translate_by(site, tmp_path, before, words=50)
    text = site.journal[0]["messages"][-1]["content"].partition("\n")[2]
    assert 40 <= len(text.split()) <= 50
    assert 100 <= site.journal[0]["max_tokens"] <= 200


def test_a_cut_answer_is_not_used(site, tmp_path):
    site.fail("cut by length")
    outcome = translate_by(site, tmp_path, transcript())
    assert (outcome.data["translated"], outcome.source["untranslated"]) == (
        False,
        "its translation by hosted was cut",
    )


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(retry_after("3600"), "later"), ("503", "later"), ("context too long", "failed"), ("refusal", "failed")],
)
def test_a_server_without_an_answer(site, tmp_path, fault, expected):
    site.fail(fault, times=3)
    assert translate_by(site, tmp_path, transcript()).status == expected


def test_an_english_transcript_asks_nobody(site, tmp_path):
    translate_by(site, tmp_path, transcript(ENGLISH))
    assert site.journal == []


# ---- a Marian model


@pytest.fixture(scope="module")
def marian_model(tmp_path_factory) -> Path:
    pytest.importorskip("sentencepiece", reason="sentencepiece is not installed: pip install sentencepiece")
    return make_marian(tmp_path_factory.mktemp("marian"))


@pytest.mark.slow
def test_a_marian_model_translates_sentence_by_sentence(marian_model):
    assert marian.translate("Uno perro corre. Casa verde duerme.", marian_model) == (
        "One dog runs. House green sleeps."
    )
    before = transcript("Perro rojo. Noche duerme. Uno perro corre.", language="es")
    settings = {"by": "ctranslate2", "folder": str(marian_model), "words": 600}
    outcome = translate_transcript(before, translator=choose_translator(settings, never))
    assert outcome.data["segments"][0]["text"] == "Dog red. Night sleeps. One dog runs."
    assert outcome.data["translated_by"] == "ctranslate2"
    assert outcome.made_by["translation"]["model_hash"]


@pytest.mark.slow
def test_a_text_without_full_stops_is_read_in_parts(marian_model, monkeypatch):
    monkeypatch.setattr(marian, "MOST_PIECES", 3)
    assert len(marian.translate("perro corre noche duerme casa rojo " * 20, marian_model).split()) > 60


@pytest.mark.slow
def test_a_damaged_marian_model_has_one_sentence(marian_model, tmp_path):
    for file in marian_model.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[: 200 if file.name == "model.bin" else None])
    with pytest.raises(TrailerflowError, match="cannot load the translation model"):
        marian.translate("Uno.", tmp_path)


def test_without_sentencepiece_the_way_out_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(TrailerflowError, match="pip install sentencepiece"):
        marian.translate("Uno.", tmp_path)


# ---- the configuration

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())


@pytest.mark.parametrize(
    ("translation", "speech", "sentence"),
    [
        ({"by": "keep", "model": "x"}, None, "config: trailers.translation.model is not for by: keep; set it to null."),
        ({"by": "llm"}, None, "config: trailers.translation.model is null; by: llm takes the name of one of models.llm: "),
        ({"by": "llm", "model": "gpt"}, None, "config: trailers.translation.model is gpt; by: llm takes the name"),
        ({"by": "ctranslate2"}, None, "config: trailers.translation.model is null; by: ctranslate2 takes the folder"),
        ({"by": "ctranslate2", "model": "opus"}, None, "config: trailers.translation.model is opus, where there is no model.bin and no source.spm"),
        ({"by": "whisper", "language": "de"}, None, "config: trailers.translation.language is de, but Whisper translates into English only"),
        ({"by": "whisper"}, "faster-whisper-tiny.en", "config: trailers.translation.by is whisper, but models.speech.model faster-whisper-tiny.en cannot translate"),
        ({"by": "ask"}, None, "config: trailers.translation.by is 'ask'; choose one of keep, whisper, llm, ctranslate2."),
    ],
)  # fmt: skip
def test_a_way_that_cannot_work_is_told_before_any_job(translation, speech, sentence):
    config = copy.deepcopy(CONFIG)
    config["trailers"]["translation"] |= translation
    config["models"]["speech"]["model"] = speech or config["models"]["speech"]["model"]
    problems = configuration_problems(config, ROOT / "config.schema.yaml", ROOT)
    assert len(problems) == 1, json.dumps(problems)
    assert problems[0].startswith(sentence)


def test_ways_that_work_are_fine(tmp_path):
    for name in ("model.bin", "source.spm", "target.spm"):
        (tmp_path / name).touch()
    for translation in (
        {"by": "whisper"},
        {"by": "llm", "language": "de", "model": CONFIG["models"]["llm"][0]["name"]},
        {"by": "ctranslate2", "language": "de", "model": str(tmp_path)},
    ):
        config = copy.deepcopy(CONFIG)
        config["trailers"]["translation"] |= translation
        assert configuration_problems(config, ROOT / "config.schema.yaml", ROOT) == []
