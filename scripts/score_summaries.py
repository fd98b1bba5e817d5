"""Score the summaries against the reference synopses and their transcripts, and by the rules of the prompts."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.embedding import MiniLm
from trailerflow.models import model_folder, model_hash
from trailerflow.program import run
from trailerflow.published import published_rows
from trailerflow.row_kinds import COMMON_WORDS, CONSTANT_SENTENCE
from trailerflow.summaries.baselines import human_rows, read_constant
from trailerflow.summaries.comparisons import compare
from trailerflow.summaries.compliance import compliance_table
from trailerflow.summaries.kept_claims import kept_table
from trailerflow.summaries.measures import Measures
from trailerflow.summaries.metrics import ROUGE_TOKENIZERS, Scorer
from trailerflow.summaries.score_summaries import metrics_table, notes_on_rouge
from trailerflow.summaries.support.worth import read_worth
from trailerflow.summaries.ways import way_of
from trailerflow.tables import read_table, write_about, write_table
from trailerflow.torch_threads import use_threads

NOTES = (
    "Precision, recall and F1 are means over the movies, with 95 % bootstrap intervals over the movies.",
    "ROUGE's tokenizer unicode knows the words of every script; where no blanks are written between words, a letter is one.",
    "The mismatch floor scores each summary against other movies' references: what a wrong film gets.",
    "Plots against other films' plots have ROUGE-1/2/L F1 .211/.012/.122, the published rows' floor.",
    "The lead of the transcript is its first words, as many as are asked of a summary, scored like one.",
    "The constant sentence and the common words are the same for every film: where they have as much as a system, the "
    "measure gives its figure to a text that tells nothing.",
    "Length equal: each text cut to as many words as the movie's reference has; a shorter one stays as it is.",
    "Found: the share of summaries whose own film's reference is nearer to them than those of 19 other films, by the "
    "cosine of mean token vectors; chance is one in 20, or in as many films as there are.",
    "The human plot is the reference itself, against the transcript: a measure of truth should give it most.",
    "The published rows have another BERTScore model and other references: compare distances from a floor.",
    "BERTScore reads as many tokens of a text as its encoder takes; no baseline is subtracted.",
    "Faithfulness is BERTScore's precision of each sentence of a summary against windows of 100 words of the movie's own "
    "transcript, the maximum over the windows, the mean over the sentences (FRANK, NAACL 2021; SummaC, TACL 2022).",
    "Faithfulness sees whether the content is in the transcript; not who does what to whom, nor negation; a true fact that "
    "is not spoken counts as unsupported. Its mismatch floor: the same summaries, other movies' transcripts.",
    "Names of cast and crew are found by patterns and by a list of some hundreds of people: both coarse.",
)


def main() -> None:
    """Read the tables, score, write the scores, their means and how the rules were kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--summaries", type=Path, required=True, help="summaries of merge_summaries")
    parser.add_argument("--synopses", type=Path, required=True, help="synopses of merge_summaries")
    parser.add_argument("--transcripts", type=Path, required=True, help="transcripts of merge_transcripts")
    parser.add_argument("--claims", type=Path, required=True, help="claims of merge_summaries")
    parser.add_argument("--movies", type=Path, required=True, help="movies of select_movies")
    parser.add_argument(
        "--prompts", type=Path, nargs="+", required=True, help="prompt files of the summaries"
    )
    parser.add_argument("--people", type=Path, required=True, help="list of film people, a full name a line")
    parser.add_argument(
        "--sentence", type=Path, required=True, help="one sentence for every film, a text file"
    )
    parser.add_argument(
        "--common-words", type=Path, required=True, help="the commonest words of plots, a text file"
    )
    parser.add_argument(
        "--worth", type=Path, required=True, help="table of what the measures of support are worth"
    )
    parser.add_argument("--published", type=Path, required=True, help="table of published figures")
    parser.add_argument("--words", type=int, required=True, help="length asked of a summary, in words")
    parser.add_argument("--modules", type=Path, required=True, help="folder of the evaluate modules")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--encoder", required=True, help="name of the encoder for BERTScore")
    parser.add_argument(
        "--rouge-tokenizer", choices=ROUGE_TOKENIZERS, required=True, help="what a word is to ROUGE"
    )
    parser.add_argument("--layer", type=int, required=True, help="layer of the encoder, counted from 1")
    parser.add_argument("--shifts", type=int, required=True, help="other references per summary in the floor")
    parser.add_argument("--seed", type=int, required=True, help="seed of the floor and of the bootstrap")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument("--scores", type=Path, required=True, help="table of the scores by movie to write")
    parser.add_argument("--metrics", type=Path, required=True, help="table of the mean scores to write")
    parser.add_argument(
        "--comparisons", type=Path, required=True, help="table of the paired differences to write"
    )
    parser.add_argument("--compliance", type=Path, required=True, help="table of the rules kept to write")
    parser.add_argument(
        "--kept-claims", type=Path, required=True, help="table of what the check kept to write"
    )
    parser.add_argument(
        "--support-worth",
        type=Path,
        required=True,
        help="table of the measures' worth to write, read and checked",
    )
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    use_threads(arguments.threads)
    summaries, synopses, transcripts = (
        read_table(path) for path in (arguments.summaries, arguments.synopses, arguments.transcripts)
    )
    scorer = Scorer(
        modules=arguments.modules,
        encoder=model_folder(arguments.models_folder, arguments.encoder),
        encoder_name=arguments.encoder,
        layer=arguments.layer,
        rouge_tokenizer=arguments.rouge_tokenizer,
    )
    scorer.check()
    measures = Measures(
        scorer=scorer,
        embedder=MiniLm(scorer.encoder, arguments.threads),
        constants={
            CONSTANT_SENTENCE: read_constant(arguments.sentence),
            COMMON_WORDS: read_constant(arguments.common_words),
        },
        words=arguments.words,
        shifts=arguments.shifts,
        seed=arguments.seed,
    )
    texts = (summaries, synopses, transcripts)
    by_reference = measures.by_reference(*texts)
    by_transcript = measures.by_transcript(*texts, plots=human_rows(summaries, synopses))
    scores = pd.concat([by_reference, by_transcript], ignore_index=True)
    write_table(scores, arguments.scores)
    write_table(
        metrics_table(
            scores,
            summaries,
            synopses,
            scorers=scorer.names(),
            seed=arguments.seed,
            published=published_rows(arguments.published, "summaries", {"cases": "movies", "note": "scorer"}),
        ),
        arguments.metrics,
    )
    write_table(compare(scores, seed=arguments.seed), arguments.comparisons)
    compliance = compliance_table(
        summaries,
        transcripts,
        read_table(arguments.movies),
        prompts=_files_of_ways(summaries, arguments.prompts),
        people=arguments.people.read_text(encoding="utf-8").splitlines(),
        words=arguments.words,
        seed=arguments.seed,
    )
    write_table(compliance, arguments.compliance)
    write_table(kept_table(read_table(arguments.claims), seed=arguments.seed), arguments.kept_claims)
    write_table(read_worth(arguments.worth), arguments.support_worth)
    write_about(
        arguments.about,
        rule="score_summaries",
        seconds=time.monotonic() - start,
        packages=["rouge-score", "bert-score", "evaluate", "transformers", "torch"],
        models=[{"name": arguments.encoder, "hash": model_hash(arguments.models_folder, arguments.encoder)}],
        notes=[*NOTES, *notes_on_rouge(by_reference, arguments.rouge_tokenizer)],
    )


def _files_of_ways(summaries: pd.DataFrame, files: Sequence[Path]) -> dict[str, list[Path]]:
    """The prompt files of each way of asking whose files are all given."""
    given = {path.stem: path for path in files}
    ways = [way_of(name) for name in summaries["prompt"].dropna().unique()]
    return {
        way.name: [given[prompt] for prompt in way.prompts] for way in ways if set(way.prompts) <= set(given)
    }


if __name__ == "__main__":
    run(main)
