"""What the rules of several files share: read once while the graph is built, then looked up by every job.

What can be computed without Snakemake is in ``trailerflow.planning``. What serves the rules of one file stands in that file,
above them. There it is a lambda, since Snakemake's linter wants no function beside rules.
"""

import functools
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

from snakemake.io import local, sourcecache_entry

from trailerflow.catalogue import list_movies
from trailerflow.configuration import CodeHashes
from trailerflow.contents import Contents
from trailerflow.errors import TrailerflowError
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.prompts import example_problems
from trailerflow.models.fetch import read_model_list
from trailerflow.models.store import manifest_path
from trailerflow.outcomes import attempt_number, has_marks
from trailerflow.places import found, stable_name
from trailerflow.planning import servers
from trailerflow.planning.gpus import wants_gpu
from trailerflow.planning.models import answer_settings
from trailerflow.planning.programs import (
    JOBS_VARIABLE,
    as_paths,
    job_environment,
    jobs_place,
    path_from,
)
from trailerflow.planning.web import refresh_time
from trailerflow.published import published_hash
from trailerflow.register import BY_NAME, SUMMARISE_MOVIE
from trailerflow.servers.warm_server import run_identity
from trailerflow.summaries.ways import module_of, way_of

LLM = {
    settings["name"]: LanguageModel.from_settings(settings)
    for settings in config["models"]["llm"]
}
MODELS = list(LLM)
ANSWERS = config["models"]["answers"]

RUN = run_identity(Path.cwd())
ENVIRONMENT = job_environment(config, LLM, code=ROOT, run=RUN)
"""What all jobs of this run are told beside their parameters."""
if workflow.is_main_process:
    # A job that has a Snakemake of its own, as on a cluster, is the only one that this would serve.
    ENVIRONMENT[JOBS_VARIABLE] = str(jobs_place(RUN))

if vars(workflow).setdefault("trailerflow_environment", ENVIRONMENT) != ENVIRONMENT:
    raise WorkflowError(
        "Two modules of this workflow are trailerflow, from different places or with different settings, and jobs "
        "would mix them up; run each in a working folder of its own (snakemake --directory)."
    )
os.environ.update(ENVIRONMENT)
os.environ.update(PATH=path_from(sys.executable, os.environ.get("PATH")))


# Each submission of a cluster has these for itself; a service and the web are shared by all.
resource_scopes:
    llm="local",
    speech="local",
    gpu="local",


# What one machine and one address can do at a time, where neither a profile nor the command line says it.
for resource, most in {"llm": 100, "hosted": 100, "speech": 1, "youtube": 1}.items():
    if resource not in workflow.global_resources:
        workflow.register_resource(resource, most)

NOW = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
CODE = CodeHashes(ROOT / "scripts", ROOT / "src", memory=Path("run/code.jsonl"))
DOWNLOADS = Path("resources/downloads")
MODELS_FOLDER = config["models"]["folder"]
MODEL_LIST = read_model_list(found(config["models"]["list"]))
MODEL_SETTINGS = {
    name: answer_settings(model, MODEL_LIST, ANSWERS) for name, model in LLM.items()
}
PRICED_MODELS = json.dumps(
    [
        {"name": name, "kind": model.kind, "prices": asdict(model)["prices"]}
        for name, model in LLM.items()
    ]
)
"""Kinds and prices of the language models, as programs take them."""
CONTENTS = Contents(Path("run/contents.jsonl"))
WAYS = {name: way_of(name) for name in config["summaries"]["prompts"]}
"""The ways of asking for a summary."""
GENRE_WAYS = config["genres"]["language_models"]["ways"]
"""The ways of asking for genres."""
PROBED = MODELS if config["genres"]["probe"]["movies"] else []
"""The models whose memory of films is probed."""
SUMMARY_CHECK = config["summaries"]["check"]
"""How summaries are checked."""
JUDGE = config["judging"]["judge"]["model"] or MODELS[0]


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


PUBLISHED = of_code("resources/published_figures.csv")


def contents_of(files):
    """A params function: the hash of what files hold, given as a list or by an input function; a constant of no files."""
    if callable(files):
        return lambda wildcards: CONTENTS.digest(files(wildcards))
    return (lambda wildcards: CONTENTS.digest(files)) if files else CONTENTS.digest([])


def published_of(stage):
    """A params function: the hash of the figures published for one stage."""
    return lambda wildcards: published_hash(
        ROOT / "resources/published_figures.csv", stage
    )


def as_arguments(name):
    """A parameter with the rule's input files of a name, as a program takes them."""
    return lambda wildcards, input: as_paths(
        [input[name]] if isinstance(input[name], str) else list(input[name])
    )


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
    """Number of the attempt that a job is to make (docs/decisions/0001-typed-outcomes.md): a params function, or 0 for all."""
    # a module may have a prefix
    pattern = str(workflow.modifier.modify_path(BY_NAME[rule].output))
    if not has_marks(pattern):
        return 0
    return lambda wildcards: attempt_number(pattern.format(**wildcards), NOW)


def refreshed(asks):
    """The time before which a site is asked again: a params function, or the empty text where none is set.

    ``asks`` says by the wildcards whether a job may ask a site.
    """
    before = config["web"]["refresh_before"]
    return (lambda wildcards: refresh_time(before, asks(wildcards))) if before else ""


def per_movie(rule):
    """Outcome documents of all movies by a rule."""
    pattern = BY_NAME[rule].output
    return [pattern.format(movie=movie) for movie in MOVIES()]


# ---- models and their prompts


def model_manifest(name):
    """The note that a model is there whole; ancient, because its name and hash say what it is, not its time."""
    return ancient(local(str(manifest_path(Path(MODELS_FOLDER), name))))


def files_of_model(name):
    """The manifest of an embedded language model; nothing for a hosted one."""
    model = LLM[name]
    return [model_manifest(model.model)] if model.is_embedded else []


def llm_files(wildcards):
    """The files of the wildcards' language model."""
    return files_of_model(wildcards.model)


def model_settings(wildcards):
    """A language model's settings as JSON."""
    return MODEL_SETTINGS[wildcards.model]


def threads_of_server(name):
    """Threads of a model's embedded server in this run."""
    # None on a cluster without --cores, where workflow.cores raises
    return servers.server_threads(LLM[name], workflow.resource_settings.cores)


def threads_of_request(name, wildcards):
    """Threads of one request; a cluster's job starts a server of its own, and asks for all its threads."""
    threads = threads_of_server(name)
    if workflow.non_local_exec:
        return threads
    return servers.request_threads(threads, LLM[name].slots, "/".join(wildcards))


def gpus(device):
    """GPUs of a job that can use one: 1, or 0 where it is not to, or where there is none.

    ``device`` is cpu, cuda or auto.
    """
    offered = (
        workflow.global_resources["gpu"].value
        if "gpu" in workflow.global_resources
        else 0
    )
    return int(wants_gpu(device, offered=offered if workflow.non_local_exec else None))


def server_threads(wildcards):
    """Threads of the server of the wildcards' model."""
    return threads_of_server(wildcards.model)


def prompts_of_way(name):
    """The prompt files of one way of asking for a summary."""
    return [prompt_file(place) for place in WAYS[name].prompt_places()]


def summary_prompts(wildcards):
    """The prompt files of the summaries."""
    return list(dict.fromkeys(file for name in WAYS for file in prompts_of_way(name)))


def support_prompts(wildcards):
    """The question by which summaries are checked, where any are."""
    return [prompt_file("support/supported")] if SUMMARY_CHECK["ways"] else []


def genre_prompts(wildcards):
    """The questions about genres that any model is asked, a way each."""
    return [prompt_file(f"genres/{way}") for way in GENRE_WAYS]


def probe_prompts(wildcards):
    """The questions about titles alone, where they are asked."""
    names = ["genres/memory_year", "genres/memory_genres"]
    return [prompt_file(name) for name in names if PROBED]


def judge_prompt(wildcards):
    """The prompt file of the judge."""
    return [prompt_file("judging/rate_pair")]


def all_prompts(wildcards):
    """The prompt files of all models' work but translation."""
    files = [
        *summary_prompts(wildcards),
        *support_prompts(wildcards),
        *judge_prompt(wildcards),
        *genre_prompts(wildcards),
        *probe_prompts(wildcards),
        *ranking_prompts(wildcards),
    ]
    return list(dict.fromkeys(files))


# ---- outcomes that several stages read


def summaries_by(model, way):
    """Outcome documents of the summaries by one model and way of asking."""
    pattern = SUMMARISE_MOVIE.output
    return [pattern.format(model=model, way=way, movie=movie) for movie in MOVIES()]


def summary_files(wildcards):
    """Outcome documents of all summaries."""
    return [
        path for model in MODELS for way in WAYS for path in summaries_by(model, way)
    ]


def synopsis_files(wildcards):
    """Outcome documents of all reference synopses."""
    return per_movie("fetch_synopsis")
