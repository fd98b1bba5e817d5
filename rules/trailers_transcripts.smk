"""Transcripts: the second half of the stage `trailers.smk`.

In: results/transcribe_trailer/{movie}.json.
Out: results/prepare_transcript/{movie}.json, the words of a movie's trailer, and the tables of all transcripts.
"""

from trailerflow.models.translating import MARIAN_FILES
from trailerflow.planning.outcomes import is_ok, needs_translation
from trailerflow.planning.servers import request_share
from trailerflow.planning.translation import translation_settings
from trailerflow.register import CHAIN, STAGES

TRANSLATES_BY_LLM = TRANSLATION["by"] == "llm"

translation_prompt = (
    [prompt_file("translations/translate")] if TRANSLATES_BY_LLM else []
)
translation_model = (
    [given(Path(TRANSLATION["model"], file)) for file in MARIAN_FILES]
    if TRANSLATION["by"] == "ctranslate2"
    else files_of_model(TRANSLATION["model"]) if TRANSLATES_BY_LLM else []
)
"""What else a translation is made with: an embedded model's manifest, or the files of a Marian model."""

asks_translation = lambda transcript: (
    TRANSLATES_BY_LLM and needs_translation(transcript, TRANSLATION["language"])
)
# Assumed while the transcript is not there, as in `is_ok`.
translation_threads = lambda wildcards, input: (
    threads_of_request(TRANSLATION["model"], wildcards)
    if TRANSLATES_BY_LLM
    and (not Path(input.transcript).exists() or asks_translation(input.transcript))
    else 1
)
translation_share = lambda embedded: lambda wildcards, input: (
    request_share(LLM[TRANSLATION["model"]], embedded=embedded)
    if asks_translation(input.transcript)
    else 0
)


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
    localrule: TRANSLATION["by"] in ("keep", "whisper")
    conda:
        "../envs/trailers.yaml"
    threads: translation_threads
    resources:
        llm=translation_share(embedded=True),
        hosted=translation_share(embedded=False),
        server_threads=(
            threads_of_server(TRANSLATION["model"]) if TRANSLATES_BY_LLM else 1
        ),
    params:
        translation=translation_settings(
            TRANSLATION, config["trailers"]["words"], MODEL_SETTINGS
        ),
        models_folder=MODELS_FOLDER,
        attempt=attempt("translate_transcript"),
        # An embedded model's hash is among its settings.
        contents=contents_of(
            translation_model
            if TRANSLATION["by"] == "ctranslate2"
            else translation_prompt
        ),
        code=CODE["translate_transcript"],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py translate_transcript \
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
    localrule: True
    conda:
        "../envs/trailers.yaml"
    params:
        words=config["trailers"]["words"],
        attempt=attempt("prepare_transcript"),
        code=CODE["prepare_transcript"],
    shell:
        r"""
        python -I -S "$TRAILERFLOW_CODE"/scripts/served.py prepare_transcript \
            --transcript {input.transcript:q} \
            --words {params.words:q} \
            --attempt {params.attempt:q} \
            --output {output:q} \
            &>{log:q}
        """


trailer_outcomes = lambda wildcards: [
    path for rule in CHAIN if rule in STAGES["trailers"] for path in per_movie(rule)
]


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
    localrule: True
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
