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

from snakemake.io import contains_wildcard
from trailerflow.catalogue import archive_file, list_movies
from trailerflow.configuration import ENCODER_WEIGHTS, CodeHashes, secret_variables
from trailerflow.errors import TrailerflowError
from trailerflow.files import close_folder
from trailerflow.llm import LanguageModel
from trailerflow.llm.operation import OPERATION_VARIABLE, REFRESH, REPLAY
from trailerflow.llm.preflight import model_problems
from trailerflow.llm.prompts import example_problems
from trailerflow.models.fetch import read_model_list
from trailerflow.models.store import manifest_path
from trailerflow.models.translating import MARIAN_FILES
from trailerflow.models.warm_server import RUN_VARIABLE, run_identity
from trailerflow.outcomes import attempt_number
from trailerflow.redaction import SECRETS_VARIABLE, redact
from trailerflow.reports.shown_configuration import shown_configuration
from trailerflow.summaries.synopsis_table import read_synopses
from trailerflow.trailers.media import list_media, match_media, media_kind
from trailerflow.trailers.translation import foreign_language
from trailerflow.web.arguments import SETTINGS_VARIABLE

ROOT = Path(workflow.basedir)
LLM = {
    settings["name"]: LanguageModel.from_settings(settings)
    for settings in config["models"]["llm"]
}
MODELS = list(LLM)
ANSWERS = config["models"]["answers"]
RUN = run_identity(Path.cwd())

# Jobs call the Python and the library of this very run, whatever is first on the user's PATH.
os.environ.update(
    PATH=os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    ),
    PYTHONPATH=os.pathsep.join(
        filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")])
    ),
    PYTHONHASHSEED="0",  # BERTScore sorts its batches by way of a set: the last digits hang on it
    **{
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
    },
)

NOW = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
CODE = CodeHashes(ROOT / "scripts", ROOT / "src")
DOWNLOADS = Path("resources/downloads")
MODELS_FOLDER = config["models"]["folder"]
MODEL_LIST = read_model_list(Path(config["models"]["list"]))
PROMPTS = config["summaries"]["prompts"]
RANKING_PROMPTS = {
    name: f"resources/prompts/recommendations/{'yes_no' if model.log_probabilities else 'likelihood'}.txt"
    for name, model in LLM.items()
}
"""The question that each model ranks by: yes or no where its log-probabilities are told, else a likelihood."""
JUDGE = config["summaries"]["judge"]["model"] or MODELS[0]
TRANSLATION = config["trailers"]["translation"]
TRANSLATION_PROMPT = "resources/prompts/translations/translate.txt"
IDLE_SECONDS = 60
TRAILER_RULES = [
    "find_trailer",
    "fetch_captions",
    "fetch_audio",
    "transcribe_trailer",
    "translate_transcript",
    "prepare_transcript",
]
PER_MODEL = {
    "summarise_movie": "results/summarise_movie/{model}/{prompt}/{movie}.json",
    "predict_genres": "results/predict_genres/{model}.parquet",
    "rank_llm": "results/rank_llm/{model}.parquet",
    "judge_summaries": "results/judge_summaries/judgements.parquet",
}
"""Outputs of the rules whose outcomes are not one a movie: where their marks of ``later`` lie."""


# ---- movies


def listed_movies():
    """The movies as far as they are known now, by id, or None where the archive must be downloaded first."""
    catalogue = config["catalogue"]
    rows = list_movies(catalogue["movies"], catalogue["archive"], DOWNLOADS)
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
    """A params function: number of the attempt that a job is to make (decision 1 of docs/architecture.md)."""
    pattern = PER_MODEL.get(rule, f"results/{rule}/{{movie}}.json")
    return lambda wildcards: attempt_number(pattern.format(**wildcards), NOW)


def per_movie(rule):
    """Outcome documents of all movies by a rule."""
    return [f"results/{rule}/{movie}.json" for movie in MOVIES()]


# ---- catalogue


def catalogue_archive(wildcards):
    """The user's own archive, where there is one."""
    found = archive_file(config["catalogue"]["archive"])
    return [str(found)] if found else []


def catalogue_table(wildcards):
    """The user's own table of movies, where there is one."""
    return [config["catalogue"]["movies"]] if config["catalogue"]["movies"] else []


# ---- models


include: "common_models.smk"


# ---- trailers


include: "common_trailers.smk"


# ---- summaries


@functools.cache
def synopses():
    """The user's synopses by movie id, where their table is a source."""
    table = config["summaries"]["synopses"]
    wanted = "table" in config["summaries"]["sources"]
    return read_synopses(table) if table and wanted else {}


def synopsis_table(wildcards):
    """The user's table of synopses, where there is one and it is a source."""
    table = config["summaries"]["synopses"]
    return [table] if table and "table" in config["summaries"]["sources"] else []


def synopsis_sources(wildcards):
    """The sources that may be asked for a movie's synopsis: none after the table where the table has it."""
    sources = config["summaries"]["sources"]
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
    pattern = PER_MODEL["summarise_movie"]
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
    folder = config["summaries"]["ratings"]["folder"]
    return sorted(map(str, Path(folder).glob("*.json"))) if folder else []


# ---- what is wrong with the user's tables and folders is told now, before any job

try:
    if listed_movies() is not None:
        movie_rows()
        media_files()
    synopses()
except TrailerflowError as error:
    raise WorkflowError(redact(str(error))) from None
