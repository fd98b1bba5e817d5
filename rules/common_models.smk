"""What rules read of models while the graph is built: files, settings, and the threads and slots of their servers."""


def weights_of(model):
    """Hash of an embedded model's files as the model list has them: other files under the same name are another model."""
    if not model.is_embedded:
        return {}
    files = MODEL_LIST[model.model]["files"]
    listing = json.dumps({name: facts.get("sha256") for name, facts in files.items()})
    return {"weights": hashlib.sha256(listing.encode()).hexdigest()[:16]}


MODEL_SETTINGS = {
    name: json.dumps(
        model.answering
        | weights_of(model)
        | (
            {"refresh_before": ANSWERS["refresh_before"]}
            if ANSWERS["mode"] == REFRESH
            else {}
        ),
        sort_keys=True,
    )
    for name, model in LLM.items()
}
"""What a job of a model depends on beside its files: all that can change an answer, and what asks for it again."""


def model_manifest(name):
    """The note that a model is there whole; ancient, because its name and hash say what it is, not its time."""
    return ancient(local(str(manifest_path(Path(MODELS_FOLDER), name))))


def wanted_models():
    """Names of all models of the list that this configuration uses."""
    embedded = [model.model for model in LLM.values() if model.is_embedded]
    encoder = ENCODER_WEIGHTS[config["genres"]["encoder"]["model"]]
    return sorted(
        {
            *embedded,
            config["models"]["speech"]["model"],
            config["models"]["embedding"],
            encoder,
        }
    )


def folder_of_model(wildcards, output):
    """The folder that a model's manifest goes to."""
    return str(Path(output[0]).parent)


def folder_of_embedding(wildcards, input):
    """The folder that the manifest of BERTScore's encoder lies in."""
    return str(Path(input.encoder).parent)


def encoder_weights(wildcards):
    """The manifest of the weights that the encoder starts from."""
    return [model_manifest(ENCODER_WEIGHTS[config["genres"]["encoder"]["model"]])]


def model_entry(wildcards):
    """A model's entry of the list as JSON, so that a changed neighbour fetches nothing again."""
    return json.dumps(MODEL_LIST[wildcards.name], sort_keys=True)


def files_of_model(name):
    """The manifest of an embedded language model; nothing for a hosted one."""
    model = LLM[name]
    return [model_manifest(model.model)] if model.is_embedded else []


def llm_files(wildcards):
    """The files of the wildcards' language model."""
    return files_of_model(wildcards.model)


def hosted_model_problems():
    """What is wrong with hosted models: a dead one, a refused key, a wrong address; in replay nobody is asked."""
    return [] if ANSWERS["mode"] == REPLAY else model_problems(LLM.values())


def model_settings(wildcards):
    """A language model's settings as JSON."""
    return MODEL_SETTINGS[wildcards.model]


def summary_prompts(wildcards):
    """The prompt files of the summaries."""
    return [prompt_file(f"summaries/{prompt}") for prompt in PROMPTS]


def summary_prompt(wildcards):
    """The prompt file of one summary."""
    return [prompt_file(f"summaries/{wildcards.prompt}")]


def ranking_prompt(wildcards):
    """The question that a model ranks by."""
    return [prompt_file(f"recommendations/{RANKING_PROMPTS[wildcards.model]}")]


def ranking_prompts(wildcards):
    """The questions that any model ranks by."""
    names = sorted(set(RANKING_PROMPTS.values()))
    return [prompt_file(f"recommendations/{name}") for name in names]


def genre_prompt(wildcards):
    """The prompt file of the genres."""
    return [prompt_file("genres/predict")]


def judge_prompt(wildcards):
    """The prompt file of the judge."""
    return [prompt_file("judging/rate_pair")]


def all_prompts(wildcards):
    """The prompt files of all models' work but translation."""
    return [
        *summary_prompts(wildcards),
        *judge_prompt(wildcards),
        *genre_prompt(wildcards),
        *ranking_prompts(wildcards),
    ]


def threads_of_server(name):
    """Threads of a model's embedded server: those of the configuration, but never more than this run was given."""
    model = LLM[name]
    wanted = model.threads if model.is_embedded else 1
    cores = (
        workflow.resource_settings.cores
    )  # None on a cluster without --cores, where workflow.cores raises
    return min(wanted, cores or wanted)


def threads_of_request(name, wildcards):
    """Threads of one request: its part of the server's, since as many are in flight as there are slots.

    Where a server has more slots than threads, these are dealt out: a share of the requests counts one, the others
    none, so that the slots are filled and the server's cores are counted once. A cluster's job starts a server of its
    own, and asks for all its threads.
    """
    threads, slots = threads_of_server(name), LLM[name].slots
    if workflow.non_local_exec:
        return threads
    if threads >= slots:
        return -(-threads // slots)
    return int(zlib.crc32("/".join(wildcards).encode()) % slots < threads)


def share_of_request(name, embedded):
    """Hundredths of a resource that a request takes: a model with N slots works on N at a time.

    Embedded models share the resource llm, since they share this machine's cores; hosted ones share the resource hosted.
    """
    model = LLM[name]
    return max(1, 100 // model.slots) if model.is_embedded == embedded else 0


def slots_of_model(name, embedded):
    """All of a resource, for a job that keeps as many requests in flight as its model has slots."""
    return 100 * (LLM[name].is_embedded == embedded)


def all_slots(embedded):
    """A resource function: all slots of the wildcards' model."""
    return lambda wildcards: slots_of_model(wildcards.model, embedded)


def server_threads(wildcards):
    """Threads of the server of the wildcards' model."""
    return threads_of_server(wildcards.model)


def status_of(path):
    """Status of an outcome document; FileNotFoundError tells Snakemake to ask again once it is there."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)["status"]


def is_ok(path):
    """Whether an outcome is ok; assumed while it is not there, since threads, unlike resources, may not be unknown.

    Snakemake asks again when the job is ready to run.
    """
    return not Path(path).exists() or status_of(path) == "ok"


def llm_threads(wildcards, input):
    """Threads of a summary's request, or one where there is nothing to ask."""
    asked = is_ok(input.transcript)
    return threads_of_request(wildcards.model, wildcards) if asked else 1


def share_if_needed(embedded):
    """A resource function: the share of a summary's request, or nothing where there is nothing to ask."""

    def share(wildcards, input):
        ok = status_of(input.transcript) == "ok"
        return share_of_request(wildcards.model, embedded) if ok else 0

    return share
