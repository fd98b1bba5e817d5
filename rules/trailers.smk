"""Trailers.

In: a movie's row of the catalogue and its own media files, matched when the graph is built.
Out: results/prepare_transcript/{movie}.json, the words of its trailer, and the tables of all transcripts.
"""


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
        youtube=searches_youtube,
    params:
        movie=movie_row(["id", "title", "year", "trailer"]),
        media=trailer_media_arguments,
        sources=config["trailers"]["sources"],
        refresh_before=refresh_before,
        attempt=attempt("find_trailer"),
        code=CODE["find_trailer"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/find_trailer.py \
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
        youtube=asks_youtube,
    params:
        languages=caption_languages,
        refresh_before=refresh_before,
        attempt=attempt("fetch_captions"),
        contents=contents_of(captions_media),
        code=CODE["fetch_captions"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/fetch_captions.py \
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
        youtube=asks_youtube_for_sound,
    params:
        limits=audio_limits,
        keep=keeps_audio,
        speech=speech_settings,
        models_folder=MODELS_FOLDER,
        refresh_before=refresh_before,
        attempt=attempt("fetch_audio"),
        contents=contents_of(audio_media),
        code=CODE["fetch_audio"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/fetch_audio.py \
            --trailer {input.trailer:q} \
            --captions {input.captions:q} \
            --limits {params.limits:q} \
            --keep {params.keep:q} \
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
        model=speech_model,
    output:
        "results/transcribe_trailer/{movie}.json",
    log:
        "logs/transcribe_trailer/{movie}.log",
    conda:
        "../envs/trailers.yaml"
    threads: speech_threads
    resources:
        speech=speech_if_needed,
        gpu=gpu_if_needed,
    params:
        speech=speech_settings,
        models_folder=MODELS_FOLDER,
        attempt=attempt("transcribe_trailer"),
        contents=contents_of(audio_media),
        code=CODE["transcribe_trailer"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/transcribe_trailer.py \
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


rule translate_transcript:
    """Translate a transcript that is in another language than the prompts, or pass it on in its own and say so."""
    input:
        transcript="results/transcribe_trailer/{movie}.json",
        prompt=translation_prompt,
        model=translation_model,
    output:
        "results/translate_transcript/{movie}.json",
    log:
        "logs/translate_transcript/{movie}.log",
    conda:
        "../envs/trailers.yaml"
    threads: translation_threads
    resources:
        llm=translation_share(embedded=True),
        hosted=translation_share(embedded=False),
        server_threads=translation_server_threads,
    params:
        translation=translation_settings,
        models_folder=MODELS_FOLDER,
        attempt=attempt("translate_transcript"),
        contents=translation_contents,
        code=CODE["translate_transcript"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/translate_transcript.py \
            --transcript {input.transcript:q} \
            --translation {params.translation:q} \
            --prompt {input.prompt:q} \
            --models-folder={params.models_folder:q} \
            --cache resources/cache/llm \
            --run run \
            --threads {resources.server_threads} \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """


rule prepare_transcript:
    """Clean a movie's transcript and cut it to the configured number of words."""
    input:
        transcript="results/translate_transcript/{movie}.json",
    output:
        "results/prepare_transcript/{movie}.json",
    log:
        "logs/prepare_transcript/{movie}.log",
    conda:
        "../envs/trailers.yaml"
    params:
        words=config["trailers"]["words"],
        attempt=attempt("prepare_transcript"),
        code=CODE["prepare_transcript"],
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/prepare_transcript.py \
            --transcript {input.transcript:q} \
            --words {params.words:q} \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """


rule merge_transcripts:
    """Merge the outcomes of the trailer rules into the table of transcripts and the table of outcomes."""
    input:
        outcomes=trailer_outcomes,
    output:
        transcripts="results/merge_transcripts/transcripts.parquet",
        outcomes="results/merge_transcripts/outcomes.parquet",
        about="results/merge_transcripts/about.json",
    log:
        "logs/merge_transcripts.log",
    conda:
        "../envs/trailers.yaml"
    params:
        code=CODE["merge_transcripts"],
    shell:
        # printf is bash's own, so the kernel's limit for a program's arguments does not hold for it.
        r"""
        printf '%s\n' {input.outcomes:q} | python "$TRAILERFLOW_CODE"/scripts/merge_transcripts.py \
            --transcripts {output.transcripts:q} \
            --outcomes {output.outcomes:q} \
            --about {output.about:q} \
            &>{log:q}
        """
