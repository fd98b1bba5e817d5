"""trailerflow: from movie trailers to summaries, genres, recommendations and a report."""

import inspect
from pathlib import Path

from snakemake.common import overwrite_function_params
from snakemake.common.configfile import load_configfile
from snakemake.exceptions import WorkflowError
from snakemake.jobs import Job
from snakemake.scheduling.job_scheduler import JobScheduler
from snakemake.utils import min_version, update_config

min_version("9.27")


include: "rules/place.smk"


# Ours is beside the code; the user's own, in the working folder, holds only what differs.
configfile: str(ROOT / "config.yaml")


if Path("config.yaml").exists() and not Path("config.yaml").samefile(
    ROOT / "config.yaml"
):

    configfile: "config.yaml"


if not workflow.modifier.is_main_snakefile():
    # A module's own config is in place of all files: ours lies below it.
    differing, config = config, load_configfile(ROOT / "config.yaml")
    update_config(config, differing)


from trailerflow.configuration import configuration_problems, give_types
from trailerflow.errors import TrailerflowError
from trailerflow.files import close_folder
from trailerflow.llm.operation import REPLAY
from trailerflow.llm.preflight import model_problems
from trailerflow.planning.functions import rule_functions
from trailerflow.planning.logs import remove_empty_logs
from trailerflow.planning.models import wanted_models
from trailerflow.planning.wide_graphs import find_pipes_once, list_remaining_when_read
from trailerflow.program import told
from trailerflow.redaction import redact

give_types(config, workflow.config_settings.config_args)
if problems := configuration_problems(config, ROOT / "config.schema.yaml"):
    raise WorkflowError("\n".join(problems))


report: "report/workflow.rst"


wildcard_constraints:
    movie=r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}",
    model=r"[a-z0-9][a-z0-9._-]*",
    way=r"[A-Za-z0-9][A-Za-z0-9._-]*",
    split=r"[a-z][a-z0-9_]*",
    ranker=r"[a-z0-9][a-z0-9._-]*(/[a-z][a-z0-9_]*)?",
    name=r"[A-Za-z0-9][A-Za-z0-9._-]*",


include: "rules/common.smk"
include: "rules/catalogue.smk"
include: "rules/models.smk"
include: "rules/trailers.smk"
include: "rules/trailers_transcripts.smk"
include: "rules/synopses.smk"
include: "rules/summaries.smk"
include: "rules/judging.smk"
include: "rules/genres_texts.smk"
include: "rules/genres.smk"
include: "rules/recommendations_texts.smk"
include: "rules/recommendations.smk"
include: "rules/recommendations_scores.smk"
include: "rules/recommendations_search.smk"
include: "rules/recommendations_saved.smk"
include: "rules/costs.smk"
include: "rules/reports.smk"


# What is wrong with the user's tables and folders is told now, before any job.
try:
    if listed_movies() is not None:
        media_files()
    synopses()
except (TrailerflowError, OSError) as error:
    raise WorkflowError(redact(told(error) or str(error))) from None


onstart:
    # Here and not above: a dry run, or a run that has nothing to do, asks nobody.
    for folder in (Path("resources/cache"), Path("run")):
        close_folder(folder)
    if ANSWERS["mode"] != REPLAY and (problems := model_problems(LLM.values())):
        raise WorkflowError(redact("\n".join(problems)))


LOGS = Path(workflow.modifier.modify_path("logs"))  # a module may have a prefix


# A job on a cluster has a Snakemake of its own, and ends beside others whose logs are empty yet.
onsuccess:
    if workflow.is_main_process:
        remove_empty_logs(LOGS)


onerror:
    if workflow.is_main_process:
        remove_empty_logs(LOGS)


rule all:
    """Everything, to the report. Each movie's last files and the report's tables are named, so that a deleted one is made again."""
    default_target: True
    input:
        removed_audio,
        summary_files,
        synopsis_files,
        saved_rankers,
        [f"results/{name}" for name in PAGE_FILES],
        "results/make_report/index.html",


rule catalogue:
    """The tables of movies and ratings, and nothing after them."""
    input:
        "results/select_movies/movies.parquet",


rule models:
    """Every model that the configuration names."""
    input:
        [
            model_manifest(name)
            for name in wanted_models(config["models"], config["genres"], LLM.values())
        ],


rule trailers:
    """Every movie's prepared transcript, and their table."""
    input:
        lambda wildcards: per_movie("prepare_transcript"),
        removed_audio,
        "results/merge_transcripts/transcripts.parquet",


rule summaries:
    """Every movie's summaries, and their scores."""
    input:
        summary_files,
        "results/score_summaries/metrics.csv",


rule genres:
    """Predicted genres, and their scores."""
    input:
        "results/score_genres/metrics.csv",
        expand("results/probe_memory/{model}.csv", model=PROBED),
        found_settings,


rule recommendations:
    """Every ranker's rankings, their scores, and what the splits give away."""
    input:
        "results/audit_splits/audit.csv",
        "results/score_rankings/metrics.csv",
        "results/diagnose_rankers/diagnosis.csv",


rule saved_rankers:
    """Every ranker that is saved for users and films that come later."""
    input:
        saved_rankers,


rule retrained_rankers:
    """The same, fitted with the feedback too; a run makes them where they are asked for."""
    input:
        retrained_rankers,


# Snakemake would work them out for every job: a hundred thousand times for 1,682 movies.
for function in rule_functions(workflow.rules):
    overwrite_function_params(function, inspect.signature(function).parameters)

find_pipes_once(Job)
list_remaining_when_read(JobScheduler)
