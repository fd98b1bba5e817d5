"""Each rule's outcome holds exactly the keys that its type says, and only values of their types."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest
from document_types import DOCUMENTS, check_document

from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome, read_outcome, write_outcome
from trailerflow.register import RULES
from trailerflow.summaries.summarise_movie import summarise_movie
from trailerflow.summaries.ways.prompt_file import PromptFile
from trailerflow.synopses.fetch_synopsis import fetch_synopsis
from trailerflow.trailers.fetching.fetch_audio import fetch_audio
from trailerflow.trailers.fetching.fetch_captions import fetch_captions
from trailerflow.trailers.fetching.remove_audio import remove_audio
from trailerflow.trailers.finding.find_trailer import find_trailer
from trailerflow.trailers.speech.transcribe_trailer import transcribe_trailer
from trailerflow.trailers.transcripts.prepare_transcript import prepare_transcript
from trailerflow.trailers.translating.translate_transcript import Translation, translate_transcript
from trailerflow.trailers.youtube.audio import AudioLimits
from unit.scripted_model import ScriptedModel, said
from unit.trailers.test_stages import NO_WEB, SPEECH, SRT

ROOT = Path(__file__).parents[2]
NOT_ON_THE_WAY = {"remove_audio", "fetch_synopsis", "summarise_movie"}
FRENCH = SPEECH | {
    "language": "fr",
    "segments": [SPEECH["segments"][0] | {"text": "Ils sont venus la nuit et personne ne les a entendus."}],
    "translation": {"segments": [SPEECH["segments"][0] | {"text": "They came at night, unheard."}]},
}


def whole_way(media: list[Path], speech: dict) -> list[Outcome]:
    """The outcomes of a movie from its files to its transcript; a foreign one is translated."""
    trailer = find_trailer(Movie("2", "GoldenEye", 1995, trailer="lcOqUE0rv1I"), media, ["table"], web=NO_WEB)
    captions = fetch_captions(trailer, ["en"], web=NO_WEB)
    limits = AudioLimits(0, 0)
    audio = fetch_audio(trailer, captions, limits, web=NO_WEB, is_transcribed=lambda sha256: False)
    transcript = transcribe_trailer(captions, audio, lambda path, sha256: (speech, False))
    translated = translate_transcript(
        transcript, translator=lambda heard: Translation(heard["translation"], by="whisper")
    )
    return [trailer, captions, audio, transcript, translated, prepare_transcript(translated, 600)]


def checked(outcomes: list[Outcome], folder: Path) -> set[str]:
    """Rules with an ok outcome; each was written, read and checked."""
    for outcome in outcomes:
        path = folder / f"{outcome.rule}.json"
        write_outcome(outcome, path)
        check_document(read_outcome(path))
    return {outcome.rule for outcome in outcomes if outcome.status == "ok"}


def test_every_document_of_the_way_from_captions_to_a_transcript(tmp_path):
    (tmp_path / "2.srt").write_text(SRT)
    (tmp_path / "3.txt").write_text("In a world of cats.\n")  # which tells no times
    for name in ("2.srt", "3.txt"):
        rules = checked(whole_way([tmp_path / name], SPEECH), tmp_path / "results")
        assert rules == set(DOCUMENTS) - {"fetch_audio", *NOT_ON_THE_WAY}


@pytest.mark.parametrize("speech", [SPEECH, FRENCH], ids=["English", "translated"])
def test_every_document_of_the_way_from_sound_to_a_transcript(tmp_path, speech):
    outcomes = whole_way([tmp_path / "2.mp3"], speech)
    rules = checked(outcomes, tmp_path / "results")
    assert rules == set(DOCUMENTS) - {"fetch_captions", *NOT_ON_THE_WAY}
    assert outcomes[-1].data["translated"] == (speech is FRENCH)


def test_candidates_of_the_web_and_sources_that_are_asked_last(tmp_path):
    movie = Movie("2", "GoldenEye", 1995, trailer="https://youtu.be/lcOqUE0rv1I")
    trailer = find_trailer(movie, [], ["table", "search"], web=NO_WEB)
    assert [candidate["kind"] for candidate in trailer.data["candidates"]] == ["youtube", "source"]
    assert checked([trailer], tmp_path) == {"find_trailer"}


def test_a_summary_and_a_synopsis(tmp_path):
    prompt, table = tmp_path / "short.txt", tmp_path / "synopses.csv"
    prompt.write_text("### system\nShort.\n### user\n{transcript}\n")
    table.write_text("id,synopsis\n2,A spy fights a friend.\n")
    (tmp_path / "2.srt").write_text(SRT)
    client = ScriptedModel(said("A world of cats."))
    client.model = SimpleNamespace(name="scripted", hash="abc")
    summary = summarise_movie(
        whole_way([tmp_path / "2.srt"], SPEECH)[-1],
        title="GoldenEye",
        way=PromptFile("short"),
        prompts={"short": prompt},
        words=20,
        client=client,
    )
    synopsis = fetch_synopsis(Movie("2"), ["table"], web=NO_WEB, table=table)
    assert checked([summary, synopsis], tmp_path) == {"summarise_movie", "fetch_synopsis"}


def test_a_sound_that_is_gone(tmp_path):
    data = {"path": "cache/sounds/lcOqUE0rv1I.140.m4a", "candidate": {"kind": "youtube"}, "sha256": "0"}
    heard = Outcome.absent("transcribe_trailer", "2", "nothing is spoken in the trailer")
    outcome = remove_audio(Outcome.ok("fetch_audio", "2", data), [heard], tmp_path)
    assert checked([outcome], tmp_path / "results") == {"remove_audio"}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"text": "A spy."}, r"data has no \['words'\]"),
        ({"text": "A spy.", "words": 2, "note": ""}, r"data has \['note'\] beside"),
        ({"text": None, "words": 2}, r"data\['text'\] is None"),
        ({"text": "A spy.", "words": True}, r"data\['words'\] is True"),
        ({"text": "A spy.", "words": 2.0}, r"data\['words'\] is 2\.0"),
    ],
)
def test_data_of_another_form_are_told(data, problem):
    with pytest.raises(AssertionError, match=problem):
        check_document(Outcome.ok("fetch_synopsis", "2", data))


def test_a_part_of_another_form_is_told_with_its_place():
    part = {"kind": "video", "path": "a.mp4", "from": "table"}
    with pytest.raises(AssertionError, match=r"data\['candidates'\]\[1\] has \['from'\] beside"):
        check_document(
            Outcome.ok("find_trailer", "2", {"candidates": [{"kind": "video", "path": "b.mp4"}, part]})
        )


# ---- which rules, and who imports the types


def test_every_rule_that_works_on_single_movies_has_its_type():
    assert set(DOCUMENTS) == {rule.name for rule in RULES if rule.makes_outcomes}


def test_the_types_are_imported_for_the_type_checker_alone():
    for path in (ROOT / "src").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for block in tree.body:
            if not (isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"):
                for node in ast.walk(block):
                    assert getattr(node, "module", None) != "trailerflow.documents", path
