"""What is edited decides what runs again: exactly the jobs that depend on it."""

from __future__ import annotations

import csv

import pytest
from workflow.test_new_film import trailerflow

pytestmark = pytest.mark.slow

MERGED = {
    "merge_summaries", "score_summaries", "judge_summaries", "make_rating_kit", "read_ratings", "score_ratings",
    "account_costs", "make_report",
    "score_genres",  # it shows synopses, which are merged with the summaries
}  # fmt: skip
AFTER_SUMMARIES = MERGED | {
    "embed_texts", "predict_genres", "train_genres", "rank_films", "score_rankings", "diagnose_rankers",
}  # fmt: skip
OF_ONE_MOVIE = {
    "fetch_captions", "fetch_audio", "transcribe_trailer", "translate_transcript", "prepare_transcript",
}  # fmt: skip


def edited_jobs(finished) -> dict[str, set[str]]:
    jobs = finished.jobs()
    jobs.pop("all", None)
    return jobs


def per_movie(rules: set[str], movie: str) -> dict[str, set[str]]:
    return {rule: {f"results/{rule}/{movie}.json"} for rule in rules}


def summaries(
    *movies: str, prompts: tuple[str, ...] = ("zero_shot", "few_shot"), model: str = "smollm2"
) -> set[str]:
    return {
        f"results/summarise_movie/{model}/{prompt}/{movie}.json" for prompt in prompts for movie in movies
    }


def rows(finished) -> list[dict[str, str]]:
    with open(finished.folder / "resources/sample/movies.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_nothing_edited_nothing_runs(finished):
    assert edited_jobs(finished) == {}


def test_a_subtitle(finished):
    row = rows(finished)[0]
    file = finished.folder / "resources/sample" / row["media"]
    file.write_bytes(file.read_bytes() + b"\n\n999\n00:09:00,000 --> 00:09:02,000\nAnd then it rained.\n")
    jobs = edited_jobs(finished)
    movie = row["id"]
    assert {rule: jobs.pop(rule) for rule in OF_ONE_MOVIE} == per_movie(OF_ONE_MOVIE, movie)
    assert jobs.pop("summarise_movie") == summaries(movie)
    assert set(jobs) == AFTER_SUMMARIES | {"merge_transcripts"}


def test_a_catalogue_row(finished):
    row = rows(finished)[0]
    finished.replace(
        "resources/sample/movies.csv",
        f"\n{row['id']},{row['title']}",
        f"\n{row['id']},The New {row['title']}",
    )
    jobs = edited_jobs(finished)
    movie, rules = row["id"], OF_ONE_MOVIE | {"find_trailer"}
    assert {rule: jobs.pop(rule) for rule in rules} == per_movie(rules, movie)
    assert jobs.pop("summarise_movie") == summaries(movie)
    assert set(jobs) == AFTER_SUMMARIES | {
        "gather_extra_texts", "merge_transcripts", "select_movies", "split_movies", "split_ratings", "audit_splits",
    }  # fmt: skip


def test_a_prompt(finished):
    file = finished.folder / "resources/prompts/summaries/few_shot.txt"
    file.write_text(file.read_text() + "Be exact.\n")
    jobs = edited_jobs(finished)
    movies = [row["id"] for row in rows(finished)]
    assert jobs.pop("summarise_movie") == summaries(*movies, prompts=("few_shot",))
    assert set(jobs) == MERGED  # genres and rankings read the other prompt's summaries


def test_the_models_settings(finished):
    finished.settings["models"]["llm"] = [{**finished.settings["models"]["llm"][0], "temperature": 0.5}]
    jobs = edited_jobs(finished)
    assert jobs.pop("summarise_movie") == summaries(*[row["id"] for row in rows(finished)])
    assert set(jobs) == AFTER_SUMMARIES


def test_another_model(finished):
    finished.settings["models"]["llm"] = [{**finished.settings["models"]["llm"][0], "name": "smollm2-b"}]
    finished.settings["genres"]["texts"] = ["summary/smollm2-b/zero_shot"]
    jobs = edited_jobs(finished)
    assert jobs.pop("summarise_movie") == summaries(*[row["id"] for row in rows(finished)], model="smollm2-b")
    assert set(jobs) == AFTER_SUMMARIES


def test_a_function_that_only_prepare_transcript_uses(finished):
    file = finished.folder / "src/trailerflow/trailers/transcripts/prepare_transcript.py"
    file.write_text(file.read_text() + "\n\ndef one_more() -> int:\n    return 1\n")
    jobs = edited_jobs(finished)
    movies = [row["id"] for row in rows(finished)]
    assert jobs.pop("prepare_transcript") == {f"results/prepare_transcript/{movie}.json" for movie in movies}
    assert jobs.pop("summarise_movie") == summaries(*movies)
    assert set(jobs) == AFTER_SUMMARIES | {"merge_transcripts"}


def test_a_function_in_how_jobs_are_run(finished):
    for name in ("llm/limits.py", "servers/energy.py", "web/pace.py", "lock.py"):
        file = finished.folder / "src/trailerflow" / name
        file.write_text(file.read_text() + "\n\ndef one_more() -> int:\n    return 1\n")
    assert edited_jobs(finished) == {}


def test_a_comment_or_docstring_anywhere_in_the_source(finished):
    for file in [*finished.folder.glob("src/**/*.py"), *finished.folder.glob("scripts/*.py")]:
        file.write_text(file.read_text() + "\n# one more word\n")
    assert edited_jobs(finished) == {}


def test_a_movies_deleted_summary_is_made_again_without_asking(finished):
    path = finished.folder / "results/summarise_movie/smollm2/zero_shot" / f"{rows(finished)[0]['id']}.json"
    text = path.read_text()
    path.unlink()
    answers = set((finished.folder / "resources/cache/llm").rglob("v1-*.json"))
    finished.run()
    assert set((finished.folder / "resources/cache/llm").rglob("v1-*.json")) == answers
    assert path.read_text().split('"seconds"')[0] == text.split('"seconds"')[0]


def test_why_a_films_jobs_would_run_is_said_in_words(finished):
    edited, other = rows(finished)[:2]
    file = finished.folder / "resources/sample" / edited["media"]
    file.write_bytes(file.read_bytes() + b"\n\n999\n00:09:00,000 --> 00:09:02,000\nAnd then it rained.\n")
    movie = edited["id"]
    first, cause, *others = trailerflow(finished, "why", movie).stdout.splitlines()
    assert first == f"{1 + len(others)} jobs of the film {movie} would run:"
    assert cause.startswith(f"  results/fetch_captions/{movie}.json: changed: the contents of a file")
    assert all(": made again before it: " in line for line in others)
    assert {line.split(":")[0].strip() for line in others} >= summaries(movie)
    untouched = trailerflow(finished, "why", other["id"]).stdout
    assert untouched == f"Nothing of the film {other['id']} would run: its documents are up to date.\n"
    unknown = trailerflow(finished, "why", "nobody")
    assert unknown.returncode == 1 and "This run has no film with the id 'nobody'" in unknown.stderr
