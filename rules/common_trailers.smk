"""What the trailer rules read while the graph is built: media, sources on the web, speech, translation."""

@functools.cache
def media_files():
    """Media files of each movie: the table's column, then the media folder, listed once."""
    rows = movie_rows()
    folder = found(config["trailers"]["media"]) if config["trailers"]["media"] else None
    files = list_media(folder) if folder else []
    matched = match_media(files, list(rows.values()), folder)
    for path in sum(matched.values(), []):
        if contains_wildcard(str(path)):
            raise TrailerflowError(
                f"{path}: Snakemake takes a word in braces for a wildcard; give the file or its folder a name without."
            )
    return {movie: matched.get(movie, []) for movie in rows}


def trailer_media(wildcards):
    """A movie's own media files."""
    return [given(path) for path in media_files()[wildcards.movie]]


def trailer_media_arguments(wildcards):
    """Names of a movie's own media files as a program takes them, which finds them wherever the code lies."""
    return as_paths(map(stable_name, media_files()[wildcards.movie]))


def captions_media(wildcards):
    """A movie's own subtitle files."""
    return [
        path
        for path in trailer_media(wildcards)
        if media_kind(Path(path)) == "subtitles"
    ]


def audio_media(wildcards):
    """A movie's own files with sound."""
    return [
        path
        for path in trailer_media(wildcards)
        if media_kind(Path(path)) != "subtitles"
    ]


def grouplens_table(wildcards):
    """The user's own copy of the GroupLens table of trailers, where there is one."""
    table = config["trailers"]["grouplens_table"]
    return [given(table)] if table else []


def trailer_table(wildcards):
    """The table of match_trailer_table, where it is a source."""
    wanted = "grouplens" in config["trailers"]["sources"]
    return ["results/match_trailer_table/trailers.json"] if wanted else []


def has_web(wildcards):
    """Whether the movie's trailer may be sought on the web."""
    sources = config["trailers"]["sources"]
    named = "table" in sources and movie_rows()[wildcards.movie].trailer
    return bool(named) or bool(set(sources) - {"table"})


def has_sound(wildcards):
    """Whether there may be something to transcribe."""
    return bool(audio_media(wildcards)) or has_web(wildcards)


def asks_youtube(wildcards):
    """The one visit to YouTube at a time, where the movie's trailer may be sought on the web."""
    return int(has_web(wildcards))


def asks_youtube_for_sound(wildcards, input):
    """The one visit to YouTube at a time, where there are no captions."""
    return asks_youtube(wildcards) if status_of(input.captions) != "ok" else 0


def searches_youtube(wildcards):
    """The one visit to YouTube at a time, where it may be searched."""
    return int("search" in config["trailers"]["sources"])


def refresh_before(wildcards):
    """The time before which answers are asked for again, where the web is asked at all."""
    return (config["web"]["refresh_before"] or "") if has_web(wildcards) else ""


def caption_languages(wildcards):
    """Languages of captions that are wanted, where YouTube may be asked."""
    return config["trailers"]["languages"] if has_web(wildcards) else []


def audio_limits(wildcards):
    """Limits of a download as JSON; 0 where nothing is downloaded, so that other limits rerun nothing there."""
    audio = config["trailers"]["audio"]
    limits = {name: audio[name] for name in ("seconds", "megabytes")}
    return json.dumps(limits if has_web(wildcards) else dict.fromkeys(limits, 0))


def keeps_audio(wildcards):
    """Whether a downloaded sound stays after its transcription."""
    return "yes" if config["trailers"]["audio"]["keep"] else "no"


def speech_model(wildcards):
    """The speech model's manifest, where the movie may have sound."""
    return (
        [model_manifest(config["models"]["speech"]["model"])]
        if has_sound(wildcards)
        else []
    )


def speech_settings(wildcards):
    """Settings of the speech recogniser as JSON; none where the movie has no sound."""
    if not has_sound(wildcards):
        return "{}"
    speech = config["models"]["speech"]
    return json.dumps(
        {
            "model": speech["model"],
            "pipeline": speech["pipeline"],
            "batch": speech["batch"] if speech["pipeline"] == "batched" else None,
            "beam_size": speech["beam"],
            "device": speech["device"],
            "compute_type": speech["compute_type"],
            "translate": TRANSLATION["by"] == "whisper",
            "idle_seconds": IDLE_SECONDS,
        }
    )


def wants_gpu():
    """Whether speech is recognised on a GPU: as configured, or on this machine where it has one."""
    device = config["models"]["speech"]["device"]
    here = device == "auto" and not workflow.non_local_exec
    return device == "cuda" or (here and Path(os.sep, "dev", "nvidia0").exists())


def gpu_if_needed(wildcards, input):
    """A GPU where there is something to transcribe, and a GPU to do it on."""
    return int(wants_gpu() and status_of(input.audio) == "ok")


def speech_if_needed(wildcards, input):
    """The speech server's slot where there is something to transcribe."""
    return int(status_of(input.audio) == "ok")


def speech_threads(wildcards, input):
    """The speech server's threads where there is something to transcribe."""
    return config["models"]["speech"]["threads"] if is_ok(input.audio) else 1


def translation_settings(wildcards):
    """How transcripts are translated, as JSON: only what the configured way needs, so that nothing else reruns it."""
    by = TRANSLATION["by"]
    settings = {"by": by, "language": TRANSLATION["language"]}
    if by in ("llm", "ctranslate2"):
        settings["words"] = config["trailers"]["words"]
    if by == "llm":
        settings["model"] = json.loads(MODEL_SETTINGS[TRANSLATION["model"]])
    if by == "ctranslate2":
        settings["folder"] = TRANSLATION["model"]
    return json.dumps(settings, sort_keys=True)


def translation_prompt(wildcards):
    """The prompt of a translation by a language model."""
    by_llm = TRANSLATION["by"] == "llm"
    return [prompt_file("translations/translate")] if by_llm else []


def translation_model(wildcards):
    """What else a translation is made with: an embedded model's manifest, or the files of a Marian model."""
    name = TRANSLATION["model"]
    if TRANSLATION["by"] == "ctranslate2":
        return [given(Path(name, file)) for file in MARIAN_FILES]
    return files_of_model(name) if TRANSLATION["by"] == "llm" else []


def translation_contents(wildcards):
    """Hash of the prompt or of the Marian model; an embedded model's is among its settings."""
    files = translation_prompt(wildcards)
    if TRANSLATION["by"] == "ctranslate2":
        files = translation_model(wildcards)
    return CONTENTS.digest(files)


def is_asked_to_translate(path):
    """Whether a language model is to translate the transcript of an outcome of transcribe_trailer."""
    if TRANSLATION["by"] != "llm" or status_of(path) != "ok":
        return False
    with open(path, encoding="utf-8") as file:
        transcript = json.load(file)["data"]
    return foreign_language(transcript, TRANSLATION["language"]) is not None


def translation_threads(wildcards, input):
    """Threads of a translation's request where there is one; assumed while the transcript is not there (see is_ok)."""
    if TRANSLATION["by"] != "llm":
        return 1
    known = Path(input.transcript).exists()
    asked = not known or is_asked_to_translate(input.transcript)
    return threads_of_request(TRANSLATION["model"], wildcards) if asked else 1


def translation_share(embedded):
    """A resource function: the share of a translation's request, or nothing where there is nothing to ask."""

    def share(wildcards, input):
        asked = TRANSLATION["by"] == "llm" and is_asked_to_translate(input.transcript)
        return share_of_request(TRANSLATION["model"], embedded) if asked else 0

    return share


def translation_server_threads(wildcards):
    """Threads of the server that translates."""
    by_llm = TRANSLATION["by"] == "llm"
    return threads_of_server(TRANSLATION["model"]) if by_llm else 1


def trailer_outcomes(wildcards):
    """Outcome documents of all movies by all trailer rules."""
    rules = [rule for rule in CHAIN if rule in STAGES["trailers"]]
    return [path for rule in rules for path in per_movie(rule)]
