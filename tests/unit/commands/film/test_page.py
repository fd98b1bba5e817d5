"""The page of a film, from folders of results made by hand."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trailerflow.commands.film import film_of_run
from trailerflow.commands.film.costs import cost_part
from trailerflow.commands.film.genres import genre_part, genres_of
from trailerflow.commands.film.known import Known, known_of
from trailerflow.commands.film.layout import WIDTH, Part, page_text
from trailerflow.commands.film.nearest import audience_part, film_vectors, nearest_by_audience, text_part
from trailerflow.commands.film.trailer import summary_part, transcript_part, warning_part
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.predictions import COLUMN_TYPES, CROSS_VALIDATION, INNER
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome, write_outcome
from trailerflow.tables import write_table

CONFIG: dict[str, Any] = {
    "catalogue": {"movies": "movies.csv", "archive": "mine.zip"},
    "models": {
        "folder": "models",
        "llm": [
            {
                "name": "large", "kind": "openai_compatible", "model": "x", "base_url": "http://localhost:1",
                "context": 4096, "prices": {"input": 1.0, "output": 3.0, "date": "2026-11-01"},
            }
        ],
    },
    "summaries": {"prompts": ["zero_shot"]},
    "genres": {"texts": [], "systems": [], "language_models": {"ways": ["zero_shot"]}},
    "recommendations": {"texts": ["transcript"], "seed": 0},
}  # fmt: skip
MOVIE = Movie("new", "Night Crew, The", 1999, genres=("Crime",))
USAGE = {"prompt_tokens": 1000, "completion_tokens": 500, "seconds": 2.0, "cached": False, "estimated": False}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, the present folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def known() -> Known:
    return known_of(copy.deepcopy(CONFIG), MOVIE, Path("my run.yaml"))


def transcript(**data: Any) -> None:
    told = {
        "text": "one two three", "words": 3, "words_before_trim": 3, "language": "en", "origin": "captions",
        "translated": False,
    }  # fmt: skip
    outcome = Outcome.ok("prepare_transcript", "new", told | data)
    write_outcome(outcome, "results/prepare_transcript/new.json")
    captions = {"segments": [], "language": "en", "candidate": {"kind": "subtitles", "path": "mine/new.srt"}}
    write_outcome(Outcome.ok("fetch_captions", "new", captions), "results/fetch_captions/new.json")


def summary(outcome: Outcome[Any]) -> None:
    write_outcome(outcome, "results/summarise_movie/large/zero_shot/new.json")


def written(part: Part) -> str:
    return "\n".join(part.lines)


def test_what_was_not_run_yet_names_the_command_that_makes_it():
    run = "not run yet; snakemake --cores 2 {} --configfile 'my run.yaml' makes it."
    assert transcript_part(known()).lines == [run.format("results/prepare_transcript/new.json")]
    path = "results/summarise_movie/large/zero_shot/new.json"
    assert summary_part(known()).lines == ["large, zero_shot", "  " + run.format(path)]
    assert run.format("results/predict_genres/large/zero_shot.parquet") in written(
        genre_part(known(), genres_of(known()))
    )
    assert audience_part(known()).lines == [run.format("results/fetch_catalogue/ratings.parquet")]
    assert text_part(known(), film_vectors(known())).lines == [
        run.format("results/gather_film_texts/vectors.parquet")
    ]
    assert cost_part(known()).lines == ["No language model has been asked about this film."]
    assert warning_part(known()).lines == ["none"]


def test_a_transcript_is_shortened_and_has_its_source():
    transcript(text=" ".join(f"w{n}" for n in range(61)), words=61, words_before_trim=700)
    first, text = transcript_part(known()).lines
    assert first == "Captions of mine/new.srt, in en, 61 words."
    assert text.startswith("“w0 ") and text.endswith("w59 …”")
    assert warning_part(known()).lines == ["prepare_transcript: 700 words were cut to 61."]


def test_a_trailer_without_words_is_said_to_tell_no_story():
    heard = Outcome.absent("transcribe_trailer", "new", "no words were heard")
    write_outcome(heard, "results/transcribe_trailer/new.json")
    passed_on = heard.passed_on("prepare_transcript")
    write_outcome(passed_on, "results/prepare_transcript/new.json")
    summary(passed_on.passed_on("summarise_movie"))
    assert transcript_part(known()).lines == [
        "absent: no words were heard",
        "So the story cannot be told from the trailer: the film is known by its title, year and genres alone.",
    ]
    assert summary_part(known()).lines[1] == "  absent: no words were heard."
    assert warning_part(known()).lines == ["transcribe_trailer: absent: no words were heard"]


def test_a_model_that_finds_no_story_is_told():
    summary(Outcome.absent("summarise_movie", "new", "the model found nothing to summarise"))
    told = "absent: the model found nothing to summarise; the story cannot be told from the trailer."
    assert summary_part(known()).lines[1] == f"  {told}"


def test_a_source_that_answers_later_is_told_with_its_time():
    write_outcome(
        Outcome.later("fetch_captions", "new", "blocked", earliest="2026-11-30T10:00:00Z"),
        "results/fetch_captions/new.json",
    )
    told = "fetch_captions: later: blocked (to be asked again after 2026-11-30T10:00:00Z)"
    assert warning_part(known()).lines == [told]


def test_costs_are_those_of_this_film_by_the_list_prices():
    made_by = {"model": "large", "prompt": "zero_shot"}
    data = {"summary": "He runs.", "words": 2, "finish_reason": "length"}
    summary(Outcome.ok("summarise_movie", "new", data, source={"usages": [USAGE]}, made_by=made_by))
    films = pd.DataFrame(
        {
            "movie": ["new", "old"],
            "prompt_tokens": [100, 7],
            "completion_tokens": [10, 7],
            "seconds": [1.0, 7.0],
        }
    )
    write_table(films, "results/predict_genres/films/large/zero_shot.parquet")
    rows = [line.split() for line in cost_part(known()).lines[1:]]
    # 1000 and 100 tokens read at 1 dollar, 500 and 10 written at 3 dollars a million
    assert rows[1] == ["summarise_movie", "large", "zero_shot", "1", "1,000", "500", "2.0", "0.0025"]
    assert rows[2] == ["predict_genres", "large", "zero_shot", "1", "100", "10", "1.0", "0.0001"]
    assert rows[3] == ["together", "large", "2", "1,100", "510", "3.0", "0.0026"]
    assert "was cut off at its longest" in written(warning_part(known()))


def predictions(path: str, movie: str, **columns: Any) -> None:
    """Rows of all genres: Action is likely, the others are not."""
    rows = pd.DataFrame(
        {
            "genre": list(GENRES),
            "movie": movie,
            "system": "large/zero_shot",
            "status": "ok",
            "arm": "transcript, titled",
        }
    )
    rows["probability"] = rows["score"] = np.where(rows["genre"] == "Action", columns.pop("likely"), 0.1)
    rows["predicted_global"] = rows["predicted_per_genre"] = rows["genre"] == "Action"
    rows = rows.assign(**columns).reindex(columns=list(COLUMN_TYPES))
    earlier = [pd.read_parquet(path)] if Path(path).is_file() else []
    write_table(pd.concat([*earlier, rows], ignore_index=True).astype({"fold": "Int64"}), path)


def test_genres_are_of_fits_that_did_not_know_the_film():
    path = "results/predict_genres/large/zero_shot.parquet"
    predictions(path, "new", part=CROSS_VALIDATION, seed=0, likely=0.6)
    predictions(path, "new", part=CROSS_VALIDATION, seed=1, likely=0.8)
    predictions(path, "new", part=INNER, seed=0, likely=1.0)
    predictions(path, "old", part=CROSS_VALIDATION, seed=0, likely=1.0)
    (one,) = genres_of(known())
    assert one.named() == ("Action",)
    lines = genre_part(known(), [one]).lines
    assert lines[0] == "large/zero_shot (transcript, titled): of the last run"
    assert lines[2].startswith("  probabilities: Action 0.70, ")


def test_the_nearest_by_audience_are_by_the_cosine_of_who_rated():
    pairs = {"a": "12345", "b": "1234", "c": "34567", "d": "12"}
    ratings = pd.DataFrame(
        [(user, movie) for movie, users in pairs.items() for user in users], columns=["user", "movie"]
    )
    near = nearest_by_audience(ratings, "a")
    assert near is not None
    assert near[["movie", "together"]].to_numpy().tolist() == [["b", 4], ["c", 3]]  # d: two people
    assert near["cosine"].tolist() == pytest.approx([4 / np.sqrt(5 * 4), 3 / 5])
    assert nearest_by_audience(ratings, "new") is None
    write_table(ratings, "results/fetch_catalogue/ratings.parquet")
    assert audience_part(known()).lines == ["None: nobody in the archive has rated this film."]


def test_the_nearest_by_text_are_by_the_cosine_of_vectors_less_their_mean():
    vectors = {"new": [1.0, 0.2], "near": [1.0, 0.0], "far": [-1.0, 0.0], "farther": [-1.0, -0.2]}
    table = pd.DataFrame({"movie": list(vectors), "vector": list(vectors.values())})
    write_table(table, "results/gather_film_texts/vectors.parquet")
    movies = pd.DataFrame({"movie": ["near"], "title": ["Heat, The"], "year": [1995]})
    write_table(movies, "results/fetch_catalogue/movies.parquet")
    lines = text_part(known(), film_vectors(known())).lines
    assert lines[0] == "Compared: transcript"
    assert [line.split("  ")[0] for line in lines[1:]] == ["The Heat (1995)", "far", "farther"]
    assert lines[1].endswith("cosine 0.98")


def test_a_film_without_that_text_has_no_nearest_films():
    write_table(
        pd.DataFrame({"movie": ["old"], "vector": [[1.0]]}), "results/gather_film_texts/vectors.parquet"
    )
    assert text_part(known(), film_vectors(known())).lines[1] == "None: the film has no such text."


def test_no_line_is_longer_than_a_terminal_or_controls_it():
    page = page_text("A " * 80, [Part("Part", ["b " * 90, "  " + "c " * 90, "\x1b[31mred"])])
    assert max(map(len, page.splitlines())) <= WIDTH
    assert "PART" in page and "\x1b" not in page


def test_a_film_that_is_not_in_the_run_is_refused(project: Path):
    (project / "movies.csv").write_text("id,title,year\ntoy-story,Toy Story,1995\n")
    config = {"catalogue": {"movies": "movies.csv", "archive": None}}
    assert film_of_run(config, "toy-story").title == "Toy Story"
    with pytest.raises(
        TrailerflowError, match=r"no film with the id 'toy-storey'; did you mean toy-story, Toy Story\?"
    ):
        film_of_run(config, "toy-storey")
    with pytest.raises(TrailerflowError, match="no film with the id '9'; trailerflow add adds a film"):
        film_of_run(config, "9")
