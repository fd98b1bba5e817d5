"""What the rules of all stages share: read once while the graph is built, then looked up by every job."""

import functools
import hashlib
import json
import os
import sys
import time
import zlib
from dataclasses import asdict
from pathlib import Path

from snakemake.io import contains_wildcard, local, sourcecache_entry

from trailerflow.catalogue import archive_file, list_movies
from trailerflow.configuration import ENCODER_WEIGHTS, CodeHashes, secret_variables
from trailerflow.contents import Contents
from trailerflow.errors import TrailerflowError
from trailerflow.files import close_folder
from trailerflow.llm import LanguageModel
from trailerflow.llm.operation import OPERATION_VARIABLE, REFRESH, REPLAY
from trailerflow.llm.preflight import model_problems
from trailerflow.llm.prompts import example_problems
from trailerflow.models.fetch import read_model_list
from trailerflow.models.store import manifest_path
from trailerflow.models.translating import MARIAN_FILES
from trailerflow.servers.warm_server import RUN_VARIABLE, run_identity
from trailerflow.outcomes import attempt_number
from trailerflow.places import found, stable_name
from trailerflow.program import told
from trailerflow.redaction import SECRETS_VARIABLE, redact
from trailerflow.register import BY_NAME, CHAIN, STAGES, SUMMARISE_MOVIE
from trailerflow.synopses.synopsis_table import read_synopses
from trailerflow.trailers.finding.media import list_media, match_media, media_kind
from trailerflow.trailers.translating.translate_transcript import foreign_language
from trailerflow.web.arguments import SETTINGS_VARIABLE

LLM = {
    settings["name"]: LanguageModel.from_settings(settings)
    for settings in config["models"]["llm"]
}
MODELS = list(LLM)
ANSWERS = config["models"]["answers"]
RUN = run_identity(Path.cwd())

ENVIRONMENT = {
    # The code's place is no parameter, so that a moved checkout reruns nothing.
    "TRAILERFLOW_CODE": str(ROOT),
    "PYTHONHASHSEED": "0",  # BERTScore sorts its batches by way of a set: the last digits hang on it
    RUN_VARIABLE: RUN,
    SECRETS_VARIABLE: " ".join(secret_variables(config)),
    SETTINGS_VARIABLE: json.dumps(
        {
            name: value
            for name, value in config["web"].items()
            if name != "refresh_before"
        }
    ),
    OPERATION_VARIABLE: json.dumps(
        {
            **ANSWERS,
            "budget_usd": config["models"]["budget"]["usd"],
            "budget_tokens": config["models"]["budget"]["tokens"],
            "run": hashlib.sha256(RUN.encode()).hexdigest()[:8],
            "models": {name: model.running for name, model in LLM.items()},
        }
    ),
}
"""What all jobs of this run are told beside their parameters."""

if vars(workflow).setdefault("trailerflow_environment", ENVIRONMENT) != ENVIRONMENT:
    raise WorkflowError(
        "Two modules of this workflow are trailerflow, from different places or with different settings, and jobs "
        "would mix them up; run each in a working folder of its own (snakemake --directory)."
    )
os.environ.update(ENVIRONMENT)

# Jobs call the Python of this very run, whatever is first on the user's PATH.
PROGRAMS = [str(Path(sys.executable).parent)]
PROGRAMS += os.environ.get("PATH", os.defpath).split(os.pathsep)
os.environ.update(PATH=os.pathsep.join(dict.fromkeys(PROGRAMS)))

# What one machine and one address can do at a time, where neither a profile nor the command line says it.
for resource, most in {"llm": 100, "hosted": 100, "speech": 1, "youtube": 1}.items():
    if resource not in workflow.global_resources:
        workflow.register_resource(resource, most)

NOW = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
CODE = CodeHashes(ROOT / "scripts", ROOT / "src")
DOWNLOADS = Path("resources/downloads")
MODELS_FOLDER = config["models"]["folder"]
MODEL_LIST = read_model_list(found(config["models"]["list"]))
CONTENTS = Contents(Path("run/contents.jsonl"))
PROMPTS = config["summaries"]["prompts"]
RANKING_PROMPTS = {
    name: "yes_no" if model.log_probabilities else "likelihood"
    for name, model in LLM.items()
}
"""The question that each model ranks by: yes or no where its log-probabilities are told, else a likelihood."""
JUDGE = config["judging"]["judge"]["model"] or MODELS[0]
TRANSLATION = config["trailers"]["translation"]
IDLE_SECONDS = 60


# ---- files from outside: their contents are among the params of the jobs that read them, their times count for nothing


def given(path):
    """A file from outside for a job's input: the user's own, or one of the code's under its stable name.

    A module's prefix is for what rules make, so it does not count here.
    """
    name = stable_name(path)
    path = local(str(path))
    return ancient(path if name == path else sourcecache_entry(path, name))


def of_code(name):
    """A file of the code for a job's input, which no file of the user's can stand in for."""
    path = ROOT / name
    return ancient(
        sourcecache_entry(local(str(path)), name)
        if Path(name).absolute() != path
        else local(name)
    )


def prompt_file(name):
    """A prompt for a job's input: the user's own, or else ours."""
    return given(found(f"resources/prompts/{name}.txt"))


FILM_PEOPLE = of_code("resources/film_people.txt")
METRIC_MODULES = [
    of_code(f"resources/evaluate/{name}/{name}.py")
    for name in ("trailer_rouge", "trailer_bertscore")
]


def folder_of_metric_modules(wildcards, input):
    """The folder that holds the metric modules' folders."""
    return str(Path(input.modules[0]).parents[1])


def contents_of(files):
    """A params function: the hash of what files hold, given as a list or by an input function."""
    if callable(files):
        return lambda wildcards: CONTENTS.digest(files(wildcards))
    return lambda wildcards: CONTENTS.digest(files)


# ---- movies


def listed_movies():
    """The movies as far as they are known now, by id, or None where the archive must be downloaded first."""
    catalogue = config["catalogue"]
    table = catalogue["movies"] and str(found(catalogue["movies"]))
    rows = list_movies(table, catalogue["archive"], DOWNLOADS)
    return None if rows is None else {row.id: row for row in rows}


@functools.cache
def movie_rows():
    """Every movie's row by id; waits for the checkpoint where the archive must be downloaded first."""
    rows = listed_movies()
    if rows is None:
        checkpoints.fetch_catalogue.get()
        rows = listed_movies()
    titles = [row.title for row in rows.values()]
    if problems := example_problems(summary_prompts(None), titles):
        raise TrailerflowError(" ".join(problems))
    return rows


def MOVIES():
    """Ids of all movies, in the order of the catalogue."""
    return list(movie_rows())


def movie_row(columns):
    """A params function: these columns of a movie as JSON, so that no other column reruns the job."""

    return lambda wildcards: movie_rows()[wildcards.movie].to_json(columns)


def attempt(rule):
    """A params function: number of the attempt that a job is to make (docs/decisions/0001-typed-outcomes.md)."""
    # a module may have a prefix
    pattern = str(workflow.modifier.modify_path(BY_NAME[rule].output))
    return lambda wildcards: attempt_number(pattern.format(**wildcards), NOW)


def per_movie(rule):
    """Outcome documents of all movies by a rule."""
    pattern = BY_NAME[rule].output
    return [pattern.format(movie=movie) for movie in MOVIES()]


# ---- catalogue


def catalogue_archive(wildcards):
    """The user's own archive, where there is one."""
    archive = archive_file(config["catalogue"]["archive"])
    return [given(archive)] if archive else []


def catalogue_table(wildcards):
    """The user's own table of movies, where there is one."""
    table = config["catalogue"]["movies"]
    return [given(found(table))] if table else []


# ---- models


include: "common_models.smk"


# ---- trailers


include: "common_trailers.smk"


# ---- summaries


@functools.cache
def synopses():
    """The user's synopses by movie id, where their table is a source."""
    table = config["synopses"]["table"]
    wanted = "table" in config["synopses"]["sources"]
    return read_synopses(found(table)) if table and wanted else {}


def synopsis_table(wildcards):
    """The user's table of synopses, where there is one and it is a source."""
    table = config["synopses"]["table"]
    wanted = "table" in config["synopses"]["sources"]
    return [given(found(table))] if table and wanted else []


def synopsis_sources(wildcards):
    """The sources that may be asked for a movie's synopsis: none after the table where the table has it."""
    sources = config["synopses"]["sources"]
    last = sources.index("table") if wildcards.movie in synopses() else len(sources)
    return sources[: last + 1]


def synopsis_has_web(wildcards):
    """Whether a movie's synopsis may be sought on the web."""
    return set(synopsis_sources(wildcards)) != {"table"}


def synopsis_movie(wildcards):
    """A movie's row as JSON; its id alone where no site is asked, so that another title or year reruns nothing."""
    columns = ["id", "title", "year"] if synopsis_has_web(wildcards) else ["id"]
    return movie_row(columns)(wildcards)


def synopsis_refresh_before(wildcards):
    """The time before which answers are asked for again, where a site may be asked."""
    wanted = synopsis_has_web(wildcards)
    return (config["web"]["refresh_before"] or "") if wanted else ""


def synopsis_hash(wildcards):
    """Hash of a movie's own synopsis, so that no other row reruns the job."""
    return hashlib.sha256(synopses().get(wildcards.movie, "").encode()).hexdigest()[:16]


def summaries_for(section):
    """An input function: a model's own summaries by the prompt that a section names, so that no other model's matter."""
    return lambda wildcards: summaries_by(wildcards.model, config[section]["summaries"])


def encoder_summaries(wildcards):
    """The summaries that the encoder reads: the first model's."""
    return summaries_by(MODELS[0], config["genres"]["summaries"])


def summaries_by(model, prompt):
    """Outcome documents of the summaries by one model and prompt."""
    pattern = SUMMARISE_MOVIE.output
    return [
        pattern.format(model=model, prompt=prompt, movie=movie) for movie in MOVIES()
    ]


def summary_files(wildcards):
    """Outcome documents of all summaries."""
    return [
        path
        for model in MODELS
        for prompt in PROMPTS
        for path in summaries_by(model, prompt)
    ]


def synopsis_files(wildcards):
    """Outcome documents of all reference synopses."""
    return per_movie("fetch_synopsis")


def as_paths(files):
    """Files as a program takes them: one whose name begins with a dash is no option."""
    return [f"./{path}" if path.startswith("-") else path for path in files]


def as_arguments(name):
    """A parameter with the rule's input files of a name, as a program takes them."""
    return lambda wildcards, input: as_paths(
        [input[name]] if isinstance(input[name], str) else list(input[name])
    )


def rating_exports(wildcards):
    """The files that people saved from the rating kit."""
    folder = config["judging"]["ratings"]["folder"]
    return (
        [given(path) for path in sorted(Path(folder).glob("*.json"))] if folder else []
    )


# ---- what is wrong with the user's tables and folders is told now, before any job

try:
    if listed_movies() is not None:
        movie_rows()
        media_files()
    synopses()
except (TrailerflowError, OSError) as error:
    raise WorkflowError(redact(told(error) or str(error))) from None
