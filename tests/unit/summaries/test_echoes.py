"""Words of a prompt's examples in a summary, by hand-made prompts, and on real summaries by an older prompt."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from trailerflow.summaries.echoes import OwnText
from trailerflow.summaries.support.coverage import Rarity

EXAMPLES = """\
Example 1, another film:
Title: Nine Parcels for Belmora
Spoken words:
one courier nine parcels no questions you open it your dead yeah what is in the last one lev my daughter is on that ship
Its summary:
Lev is a courier who is hired to carry nine parcels and to ask no questions: whoever opens one of them dies. He is asked \
what the last one holds, and there is more than his own life to lose, for his daughter is on board the ship. Then it turns \
out that the parcels are not parcels at all but names, and Lev has to face what he has agreed to carry.

Example 2, another film:
Title: The Tinsmith of Harrowvane
Spoken words:
My father mended every bell in this valley. The night the dam broke he went up to the tower, and nobody saw him again.
Its summary:
Oda is the child of a tinsmith who mended every bell in the valley. On the night the dam broke he climbed the tower and was \
never seen again."""
"""Of the prompt that the real summaries were written by."""

PROMPT = f"""\
### system
You write the summary of a film.

{EXAMPLES}

### user
Title: {{title}}
Spoken words:
{{transcript}}

Summary of about {{words}} words:
"""
MANY = ["the father and his daughter"] * 50 + ["he went there"] * 50


@pytest.fixture
def prompt(tmp_path: Path) -> Path:
    path = tmp_path / "p.txt"
    path.write_text(PROMPT)
    return path


@pytest.mark.parametrize(
    ("summary", "transcripts", "echoed"),
    [
        ("Lev runs.", ["he runs"], ("lev",)),  # a name counts in any run
        ("His father was once a tinsmith.", MANY, ("tinsmith",)),  # father is usual
        ("Tinsmiths run.", MANY, ("tinsmiths",)),
        ("His father was once a smith.", MANY, ()),
        ("He was once a tinsmith.", MANY[-20:], ()),  # of 20 transcripts one word may be missing by chance
        ("He was once a tinsmith, in a valley.", MANY[-20:], ("tinsmith", "valley")),
        ("This summary of the film has a title.", MANY, ()),  # words of the prompt's rules
        ("He is hired, climbs and asks, and dies.", MANY, ()),  # verbs of any plot
    ],
)
def test_words_of_the_examples_are_told(prompt, summary, transcripts, echoed):
    assert OwnText([prompt], Rarity(transcripts)).echoed(summary, "", "A Film") == echoed


def test_what_the_film_itself_says_is_no_echo(prompt):
    own = OwnText([prompt], Rarity(MANY))
    assert own.echoed("Lev is a tinsmith.", "a tin smith and lev", "A Film") == ()
    assert own.echoed("Lev is a tinsmith.", "", "Lev the Tinsmith") == ()


def test_a_prompt_without_examples_has_no_words_of_its_own(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("### system\nA tinsmith of Harrowvane.\n### user\n{transcript}\n")
    own = OwnText([path], Rarity(MANY))
    assert own.echoed("A tinsmith of Harrowvane runs.", "", "A Film") == ()
    assert own.longest_run(["a", "tinsmith", "of", "harrowvane", "runs"]) == 4


@pytest.mark.parametrize("run", ["all transcripts", "those of the films"])
def test_the_real_summaries_with_words_of_the_examples_are_found(prompt, shared_data, run):
    """Three of 15 films by the prompt with these examples; of the others, which never saw them, none."""
    sentences = pd.read_csv(shared_data / "summary_sentences.csv")
    spoken = pd.read_parquet(shared_data / "trailer_transcripts.parquet").set_index("item_id")["transcript"]
    titles = pd.read_parquet(shared_data / "movie_ids.parquet").set_index("item_id")["title"]
    films = sentences["item_id"].unique()
    own = OwnText([prompt], Rarity(spoken if run == "all transcripts" else spoken[films]))
    texts = sentences.groupby(["system", "item_id"])["text"].agg(" ".join)
    found = [place for place, text in texts.items() if own.echoed(text, spoken[place[1]], titles[place[1]])]
    assert found == [("few_shot", 742), ("few_shot", 1035), ("few_shot", 1204)]
    assert len(texts) == 59
