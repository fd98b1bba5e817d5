"""The table of treatments: what is done to a finished run, and the very jobs that must run then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from workflow.changes import (
    add_code,
    add_other_file,
    add_row,
    another_checkout,
    append_feedback,
    as_module,
    bump_version,
    by_directory,
    change_price,
    change_style_and_people,
    change_synopsis,
    comment,
    edit_rows,
    model,
    move_checkout,
    move_media,
    other_model,
    remove,
    reorder_settings,
    restore,
    save_anew,
    settings,
    skew_clocks,
    swap_prompts,
    touch,
    write,
)
from workflow.projects import Workflow

Jobs = dict[str, set[str]]
"""Rule to the values of each job's wildcards, joined by a slash; empty for a rule without wildcards."""


class Treatment(NamedTuple):
    """A thing that happens to a finished run.

    Attributes:
        name: What happens, in words; the first column of docs/reruns.md.
        change: Does it. It may give further arguments of Snakemake, and another folder to the run.
        runs: The jobs that must run then; all others must not.
    """

    name: str
    change: Callable[[Workflow], Sequence[str] | None]
    runs: Jobs


# ---- the jobs of the finished run, by hand

MOVIES = ("1", "7", "48", "50", "69", "71", "72", "183", "56", "127")
"""183 and 56 have sound, 127 has no trailer, the others have subtitles."""
WAYS = ("zero_shot", "few_shot")
CHAIN = (
    "find_trailer", "fetch_captions", "fetch_audio", "transcribe_trailer", "translate_transcript", "prepare_transcript",
)  # fmt: skip
"""From a row to a prepared transcript."""


def together(*groups: Jobs) -> Jobs:
    """The jobs of several groups."""
    joined: Jobs = {}
    for group in groups:
        for rule, jobs in group.items():
            joined.setdefault(rule, set()).update(jobs)
    return joined


def once(*rules: str) -> Jobs:
    """Rules with one job."""
    return {rule: {""} for rule in rules}


def chain(*movies: str, after: str = "") -> Jobs:
    """The jobs of movies from their rows to their transcripts, or those after a rule."""
    rules = CHAIN[CHAIN.index(after) + 1 :] if after else CHAIN
    return {rule: set(movies) for rule in rules}


def summaries(*movies: str, ways: Sequence[str] = WAYS, model: str = "smollm2") -> Jobs:
    """Their summaries."""
    return {"summarise_movie": {f"{model}/{way}/{movie}" for way in ways for movie in movies}}


def ranked(*rankers: str) -> Jobs:
    """Rankings, and what reads them."""
    rankings: Jobs = {"rank_films": {f"this_run/{ranker}" for ranker in rankers}}
    return together(rankings, once("score_rankings", "diagnose_rankers", "make_report"))


def asked(model: str = "smollm2") -> Jobs:
    """A language model's answers on genres and its rankings."""
    return together({"predict_genres": {f"{model}/zero_shot"}}, ranked(f"{model}/yes_no"))


JUDGED = once("judge_summaries", "score_ratings", "account_costs", "make_report")
MERGED = together(
    JUDGED, once("merge_summaries", "score_summaries", "make_rating_kit", "read_ratings", "score_genres")
)
"""What reads the tables of summaries and synopses."""
TRAINED: Jobs = {"train_genres": {"words", "minilm-distilbert", "vectors", "both"}}
LEARNT = together({"embed_texts": {"minilm"}}, TRAINED, asked())
"""What reads the summaries by the first prompt, film by film."""
AFTER_SUMMARIES = together(MERGED, LEARNT)
AFTER_TRANSCRIPTS = together(once("merge_transcripts"), AFTER_SUMMARIES)
OTHER_RANKERS = ranked("popularity", "item_knn")
OF_THE_TABLE = together(
    once("select_movies", "split_movies", "gather_extra_texts", "audit_splits"),
    {"split_ratings": {"this_run"}}, LEARNT, OTHER_RANKERS, JUDGED,
    once("score_summaries", "make_rating_kit", "read_ratings", "score_genres"),
)  # fmt: skip
"""What reads the selected movies: another title, year or genre, or another movie, may change each of them."""
WHEN_MOVIES_CHANGE = together(OF_THE_TABLE, AFTER_TRANSCRIPTS)
EVERYTHING = together(
    once("fetch_catalogue"), WHEN_MOVIES_CHANGE, chain(*MOVIES), summaries(*MOVIES),
    {"fetch_synopsis": set(MOVIES), "fit_rankers": {"bias"}},
)  # fmt: skip
NOTHING: Jobs = {}

TREATMENTS = (
    Treatment("nothing", lambda run: None, NOTHING),
    # the table of movies
    Treatment(
        "a row is changed: its title",
        edit_rows(lambda rows: rows[0].update(title="Another Story")),
        together(chain("1"), summaries("1"), WHEN_MOVIES_CHANGE),
    ),
    Treatment(
        "a row is changed: its genres", edit_rows(lambda rows: rows[0].update(genres="Drama")), OF_THE_TABLE
    ),
    Treatment(
        "a row is changed: its media", move_media, together(chain("50"), summaries("50"), AFTER_TRANSCRIPTS)
    ),
    Treatment(
        "a row is added",
        add_row,
        together(chain("new"), summaries("new"), {"fetch_synopsis": {"new"}}, WHEN_MOVIES_CHANGE),
    ),
    Treatment("a row is removed", edit_rows(lambda rows: rows.pop(0)), WHEN_MOVIES_CHANGE),
    Treatment("the rows change places", edit_rows(lambda rows: rows.reverse()), NOTHING),
    Treatment("the table is saved anew by a spreadsheet", save_anew, NOTHING),
    # media and texts from outside
    Treatment(
        "a subtitle is changed",
        write("resources/sample/media/50.srt", lambda old: old + b"\n\n999\n00:09:00,000 --> 00:09:02,000\nIt rained.\n"),
        together(chain("50", after="find_trailer"), summaries("50"), AFTER_TRANSCRIPTS),
    ),
    Treatment(
        "a subtitle is replaced by an older file",
        write("resources/sample/media/7.vtt", lambda old: old + b"\n\n00:09:00.000 --> 00:09:02.000\nIt rained.\n", older=True),
        together(chain("7", after="find_trailer"), summaries("7"), AFTER_TRANSCRIPTS),
    ),
    Treatment(
        "a sound is replaced",
        write("resources/sample/media/183.ogg", lambda old: old[: len(old) // 2], older=True),
        together(chain("183", after="fetch_captions"), summaries("183"), AFTER_TRANSCRIPTS),
    ),
    Treatment(
        "a file beside the media that is no movie's",
        add_other_file,
        NOTHING,
    ),
    Treatment("a synopsis is changed", change_synopsis, together({"fetch_synopsis": {"50"}}, MERGED)),
    # language models and their prompts
    Treatment(
        "a prompt is changed",
        write("resources/prompts/summaries/few_shot.txt", lambda old: old + b"Be exact.\n"),
        together(summaries(*MOVIES, ways=["few_shot"]), MERGED),  # genres and rankings read the other's summaries
    ),
    Treatment("two prompts change places", swap_prompts, together(summaries(*MOVIES), AFTER_SUMMARIES)),
    Treatment(
        "the question about genres is changed",
        write("resources/prompts/genres/zero_shot.txt", lambda old: old + b"Be exact.\n"),
        together({"predict_genres": {"smollm2/zero_shot"}}, once("score_genres", "account_costs", "make_report")),
    ),
    Treatment(
        "another model",
        other_model,
        together(
            summaries(*MOVIES, model="other"), MERGED, asked("other"), {"embed_texts": {"minilm"}}, TRAINED
        ),
    ),
    Treatment(
        "the temperature of a model", model(temperature=0.5), together(summaries(*MOVIES), AFTER_SUMMARIES)
    ),
    Treatment(
        "the price of a model",
        change_price,
        once("account_costs", "diagnose_rankers", "make_report"),
    ),
    Treatment("how a model is run", model(threads=1, slots=2), once("make_report")),
    # code
    Treatment(
        "the code of one stage",
        add_code("trailers/transcripts/prepare_transcript.py"),
        together({"prepare_transcript": set(MOVIES)}, summaries(*MOVIES), AFTER_TRANSCRIPTS),
    ),
    Treatment("the code of one ranker", add_code("recommendations/rankers/item_knn.py"), ranked("item_knn")),
    Treatment(
        "a function that three stages share",
        add_code("differences.py"),
        once("score_summaries", "score_genres", "score_rankings", "diagnose_rankers", "make_report"),
    ),
    Treatment(
        "code of how jobs are run",
        add_code("llm/limits.py", "servers/energy.py", "web/pace.py", "lock.py"),
        NOTHING,
    ),
    Treatment("a comment in every program and module", comment("src/**/*.py", "scripts/*.py"), NOTHING),
    Treatment("a comment in every Snakefile", comment("Snakefile", "rules/*.smk"), NOTHING),
    Treatment("a new version number", bump_version, NOTHING),
    Treatment(
        "the page's style, and a list that summaries are scored by",
        change_style_and_people,
        once("score_summaries", "make_report"),
    ),
    # the configuration
    Treatment("a setting of judging", settings("judging", judge={"movies": 2}), JUDGED),
    Treatment(
        "a setting of trailers",
        settings("trailers", words=50),
        together({"prepare_transcript": set(MOVIES)}, summaries(*MOVIES), AFTER_TRANSCRIPTS),
    ),
    Treatment("a setting of reports", settings("reports", examples=1), once("make_report")),
    Treatment("a setting of how the web is asked", settings("web", pause_seconds=9), once("make_report")),
    Treatment("the settings change places", reorder_settings, NOTHING),
    Treatment("a rating comes in as feedback", append_feedback, NOTHING),
    # results, times and places
    Treatment(
        "a table of the report is deleted", remove("results/score_summaries/metrics.csv"), once("score_summaries", "make_report")
    ),
    Treatment("a table that only other jobs read is deleted", remove("results/split_movies/splits.csv"), NOTHING),
    Treatment(
        "a summary is deleted",
        remove("results/summarise_movie/smollm2/few_shot/50.json"),
        together(summaries("50", ways=["few_shot"]), MERGED),
    ),
    Treatment(
        "all documents of a movie are deleted",
        remove("results/*/50.json", "results/summarise_movie/*/*/50.json"),
        together(chain("50"), summaries("50"), {"fetch_synopsis": {"50"}}, AFTER_TRANSCRIPTS),
    ),
    Treatment("all results are deleted", remove("results"), EVERYTHING),
    Treatment("every file is touched", touch, NOTHING),
    Treatment("every file is restored from a copy", restore, NOTHING),
    Treatment("clocks that are a day fast or slow", skew_clocks, NOTHING),
    Treatment("Snakemake's records are gone", remove(".snakemake"), NOTHING),
    Treatment("the whole checkout is moved", move_checkout, NOTHING),
    Treatment("another checkout", another_checkout, NOTHING),
    Treatment("the working folder by --directory", by_directory, NOTHING),
    Treatment("as a module", as_module, NOTHING),
)  # fmt: skip

NAMED = {treatment.name: treatment for treatment in TREATMENTS}
