"""Trailers.

In: a movie's row of the catalogue and its own media files, matched when the graph is built.
Out: results/transcribe_trailer/{movie}.json, what is spoken in its trailer and when; the rest of the stage is
`trailers_transcripts.smk`.
"""

from snakemake.io import contains_wildcard

from trailerflow.planning.media import media_by_movie, sound_of, subtitles_of
from trailerflow.planning.outcomes import is_ok, status_of
from trailerflow.planning.speech import speech_settings
from trailerflow.planning.web import asks_for_trailer, audio_limits

SOURCES = config["trailers"]["sources"]
SPEECH = config["models"]["speech"]
TRANSLATION = config["trailers"]["translation"]
IDLE_SECONDS = 60

# ---- a movie's own files, and whether the web is asked for it

media_files = functools.cache(
    lambda: media_by_movie(
        movie_rows(),
        found(config["trailers"]["media"]) if config["trailers"]["media"] else None,
        contains_wildcard,
    )
)
"""Media files of each movie, listed once."""

captions_media = lambda wildcards: [
    given(path) for path in subtitles_of(media_files()[wildcards.movie])
]
audio_media = lambda wildcards: [
    given(path) for path in sound_of(media_files()[wildcards.movie])
]
asks_web = lambda wildcards: asks_for_trailer(
    SOURCES, movie_rows()[wildcards.movie].trailer
)
has_sound = lambda wildcards: bool(audio_media(wildcards)) or asks_web(wildcards)
refresh_before = refreshed(asks_web)


grouplens_table = lambda wildcards: [
    given(table) for table in [config["trailers"]["grouplens_table"]] if table
]
"""The user's own copy of the GroupLens table of trailers, where there is one."""


rule match_trailer_table:
    """Match the GroupLens table of trailers with the movies, by titles and years."""
    input:
        movies="results/select_movies/movies.parquet",
        table=grouplens_table,
    output:
        "results/match_trailer_table/trailers.json",
    log:
        "logs/match_trailer_table.log",
    localrule: True
    conda:
        "../envs/base.yaml"
    params:
        downloads="resources/downloads",
        table=as_arguments("table"),
        contents=contents_of(grouplens_table),
        code=CODE["match_trailer_table"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/match_trailer_table.py \
            --movies {input.movies:q} \
            --downloads {params.downloads:q} \
            --output {output:q} \
            --table {params.table:q} \
            &>{log:q}
        """


# The table of match_trailer_table, where it is a source.
trailer_table = (
    ["results/match_trailer_table/trailers.json"] if "grouplens" in SOURCES else []
)


rule find_trailer:
    """List where a movie's trailer can be read or heard: its own files, then the configured sources."""
    input:
        table=trailer_table,
    output:
        "results/find_trailer/{movie}.json",
    log:
        "logs/find_trailer/{movie}.log",
    localrule: True
    conda:
        "../envs/trailers.yaml"
    resources:
        youtube=int("search" in SOURCES),
    params:
        movie=movie_row(["id", "title", "year", "trailer"]),
        media=lambda wildcards: as_paths(
            map(stable_name, media_files()[wildcards.movie])
        ),
        sources=SOURCES,
        refresh_before=refresh_before,
        attempt=attempt("find_trailer"),
        code=CODE["find_trailer"],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py find_trailer \
            --movie {params.movie:q} \
            --media {params.media:q} \
            --sources {params.sources:q} \
            --table {input.table:q} \
            --refresh-before {params.refresh_before:q} \
            --cache resources/cache/web \
            --run run \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """


rule fetch_captions:
    """Take the captions of a movie's trailer, from its own subtitle files or from YouTube."""
    input:
        trailer="results/find_trailer/{movie}.json",
        media=captions_media,
        table=trailer_table,
    output:
        "results/fetch_captions/{movie}.json",
    log:
        "logs/fetch_captions/{movie}.log",
    localrule: True
    conda:
        "../envs/trailers.yaml"
    resources:
        youtube=lambda wildcards: int(asks_web(wildcards)),
    params:
        languages=lambda wildcards: (
            config["trailers"]["languages"] if asks_web(wildcards) else []
        ),
        refresh_before=refresh_before,
        attempt=attempt("fetch_captions"),
        contents=contents_of(captions_media),
        code=CODE["fetch_captions"],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py fetch_captions \
            --trailer {input.trailer:q} \
            --languages {params.languages:q} \
            --table {input.table:q} \
            --refresh-before {params.refresh_before:q} \
            --cache resources/cache/web \
            --run run \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """


heard_as = lambda wildcards: (
    speech_settings(
        SPEECH, translates=TRANSLATION["by"] == "whisper", idle_seconds=IDLE_SECONDS
    )
    if has_sound(wildcards)
    else "{}"
)
"""Settings of the speech recogniser; none where the movie has no sound."""


rule fetch_audio:
    """Get the sound of a movie's trailer, where it has no captions that can be read."""
    input:
        trailer="results/find_trailer/{movie}.json",
        captions="results/fetch_captions/{movie}.json",
        media=audio_media,
    output:
        "results/fetch_audio/{movie}.json",
    log:
        "logs/fetch_audio/{movie}.log",
    localrule: True
    conda:
        "../envs/trailers.yaml"
    resources:
        youtube=lambda wildcards, input: (
            int(asks_web(wildcards)) if status_of(input.captions) != "ok" else 0
        ),
    params:
        limits=lambda wildcards: audio_limits(
            config["trailers"]["audio"], asks_web(wildcards)
        ),
        speech=heard_as,
        models_folder=MODELS_FOLDER,
        refresh_before=refresh_before,
        attempt=attempt("fetch_audio"),
        contents=contents_of(audio_media),
        code=CODE["fetch_audio"],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py fetch_audio \
            --trailer {input.trailer:q} \
            --captions {input.captions:q} \
            --limits {params.limits:q} \
            --speech {params.speech:q} \
            --models-folder={params.models_folder:q} \
            --speech-cache resources/cache/speech \
            --refresh-before {params.refresh_before:q} \
            --cache resources/cache/web \
            --run run \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """


rule transcribe_trailer:
    """Give a trailer's words: its captions, or what a speech recogniser hears (on a GPU where there is one)."""
    input:
        captions="results/fetch_captions/{movie}.json",
        audio="results/fetch_audio/{movie}.json",
        media=audio_media,
        model=lambda wildcards: (
            [model_manifest(SPEECH["model"])] if has_sound(wildcards) else []
        ),
    output:
        "results/transcribe_trailer/{movie}.json",
    log:
        "logs/transcribe_trailer/{movie}.log",
    conda:
        "../envs/trailers.yaml"
    threads: lambda wildcards, input: SPEECH["threads"] if is_ok(input.audio) else 1
    resources:
        speech=lambda wildcards, input: int(status_of(input.audio) == "ok"),
        gpu=lambda wildcards, input: (
            gpus(SPEECH["device"]) if status_of(input.audio) == "ok" else 0
        ),
    params:
        speech=heard_as,
        models_folder=MODELS_FOLDER,
        attempt=attempt("transcribe_trailer"),
        contents=contents_of(audio_media),
        code=CODE["transcribe_trailer"],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py transcribe_trailer \
            --captions {input.captions:q} \
            --audio {input.audio:q} \
            --speech {params.speech:q} \
            --models-folder={params.models_folder:q} \
            --cache resources/cache/speech \
            --run run \
            --threads {threads:q} \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """


HEARD_BY = ["transcribe_trailer"]
"""The rules that hear a trailer's sound: it is removed when all of them have."""


rule remove_audio:
    """Remove a downloaded sound once everybody who hears it has; what was heard is kept."""
    input:
        audio="results/fetch_audio/{movie}.json",
        heard=[BY_NAME[rule].output for rule in HEARD_BY],
    output:
        "results/remove_audio/{movie}.json",
    log:
        "logs/remove_audio/{movie}.log",
    localrule: True
    conda:
        "../envs/base.yaml"
    params:
        code=CODE["remove_audio"],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py remove_audio \
            --audio {input.audio:q} \
            --heard {input.heard:q} \
            --cache resources/cache/web \
            --output {output:q} \
            &>{log:q}
        """


removed_audio = lambda wildcards: [
    BY_NAME["remove_audio"].output.format(movie=movie.id)
    for movie in movie_rows().values()
    if not config["trailers"]["audio"]["keep"]
    and asks_for_trailer(SOURCES, movie.trailer)
]
"""What says that the sounds are gone, for every movie that one may be downloaded for."""
