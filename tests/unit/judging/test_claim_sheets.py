"""Claims of drawn summaries: the page that shows them, the labels that come back, and how far readers agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from trailerflow.claim_labels import check_texts, read_claim_labels
from trailerflow.errors import TrailerflowError
from trailerflow.judging.claim_sheets import ClaimSheet, draw_sheets
from trailerflow.judging.make_rating_kit import FORMAT, kit_id, kit_key, kit_page
from trailerflow.judging.pairs import ratings_table
from trailerflow.judging.read_ratings import read_ratings
from trailerflow.judging.score_ratings import CLAIMS, agreement_table
from trailerflow.tables import read_table, write_table
from trailerflow.text import sentences
from unit.judging.rated import labelled

MOVIES = pd.DataFrame({"movie": ["1", "2", "3"], "title": ["Net, The", "B & <C>", "D"]})
TRANSCRIPTS = pd.DataFrame({"movie": ["1", "2", "3"], "text": ["words one", "words two", "words three"]})
SUMMARIES = pd.DataFrame(
    {
        "movie": [*MOVIES["movie"], *MOVIES["movie"]],
        "model": "secretmodel",
        "prompt": ["zeroprompt"] * 3 + ["fewprompt"] * 3,
        "status": ["ok"] * 5 + ["absent"],
        "summary": ["She runs. He hides.", "They meet.", "A dog barks.", "She flies.", "They part.", None],
    }
)


def sheets(count: int = 9, seed: int = 0) -> list[ClaimSheet]:
    return draw_sheets(SUMMARIES, TRANSCRIPTS, MOVIES, count=count, seed=seed)


def test_every_movie_is_drawn_once_before_one_comes_again_and_systems_take_turns():
    whole = SUMMARIES.assign(status="ok").fillna({"summary": "It rains."})
    for seed in range(5):
        drawn = draw_sheets(whole, TRANSCRIPTS, MOVIES, count=9, seed=seed)
        assert {sheet.movie for sheet in drawn[:3]} == {"1", "2", "3"}
        prompts = [sheet.summary.prompt for sheet in drawn]
        assert prompts == ["zeroprompt", "fewprompt", "zeroprompt", "fewprompt", "zeroprompt", "fewprompt"]
        assert len({(sheet.movie, sheet.summary.prompt) for sheet in drawn}) == 6
    assert len({tuple(sheet.movie for sheet in sheets(seed=seed)) for seed in range(9)}) > 3


def test_a_summary_that_is_not_there_is_left_out():
    assert len(sheets()) == 5


def test_as_many_are_drawn_as_are_wanted_by_the_same_seed_the_same():
    assert sheets(2) == sheets(9)[:2]
    assert sheets(0) == []
    assert draw_sheets(SUMMARIES[:0], TRANSCRIPTS, MOVIES, count=3, seed=0) == []


def test_the_page_shows_each_claim_beside_the_transcript_and_names_no_system():
    page = kit_page([], sheets())
    for secret in ("secretmodel", "zeroprompt", "fewprompt", "http"):
        assert secret not in page
    for shown in ("<legend>2. He hides.</legend>", "B &amp; &lt;C&gt;", "words three", "N: not supported"):
        assert shown in page
    assert page.count('class="claim"') == 6


def test_another_claim_makes_another_kit():
    assert kit_id([], sheets()) != kit_id([], sheets(4))


def export(path: Path, name: str, claims: Any, saved: str = "2026-11-23") -> Path:
    document = {"format": FORMAT, "kit": kit_id([], sheets()), "rater": name, "saved": saved, "ratings": {}}
    path.write_text(json.dumps(document | {"claims": claims}))
    return path


def test_labels_come_back_in_the_form_that_measures_are_judged_by(tmp_path):
    key = kit_key([], sheets())
    two = next(name for name, sheet in key["claims"].items() if len(sheet["claims"]) == 2)
    files = [
        export(tmp_path / "a.json", "Ada", {two: {"1": "N"}}, "2026-11-21"),
        export(tmp_path / "b.json", "Ada", {two: {"1": "S", "0": "P"}}, "2026-11-22"),
        export(tmp_path / "c.json", "Ben", {two: {"0": "O"}}),
    ]
    _, claims = read_ratings(files, key)
    write_table(claims, tmp_path / "claims.csv")
    labels = read_claim_labels(tmp_path / "claims.csv")
    assert [(one.reader, one.claim, one.sentence, one.text, one.label) for one in labels] == [
        ("Ada", 0, 0, "She runs.", "P"),
        ("Ada", 1, 1, "He hides.", "S"),
        ("Ben", 0, 0, "She runs.", "O"),
    ]
    system = "secretmodel/zeroprompt"
    assert {(one.movie, one.system) for one in labels} == {("1", system)}
    check_texts(tmp_path / "claims.csv", labels, {("1", system): sentences("She runs. He hides.")})


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        (None, "has no labels by summary"),
        ({"c099": {"0": "S"}}, "labels claims of the summary 'c099', which this kit does not have"),
        ({"c001": ["S"]}, "has no labels by claim for summary c001"),
        ({"c001": {"2": "S"}}, "labels claim '2' of summary c001, which has [12], from 0"),
        ({"c001": {"-1": "S"}}, "labels claim '-1' of summary c001"),
        ({"c001": {"0": "X"}}, "has 'X' for claim 0 of summary c001; it must be one of S, P, N, O"),
        ({"c001": {"0": ["S"]}}, r"has \['S'\] for claim 0 of summary c001"),
    ],
)
def test_labels_of_other_claims_and_labels_that_are_none_are_named(tmp_path, claims, sentence):
    with pytest.raises(TrailerflowError, match=rf"a\.json {sentence}"):
        read_ratings([export(tmp_path / "a.json", "Ada", claims)], kit_key([], sheets()))


def test_readers_of_claims_are_held_against_each_other(tmp_path):
    """Kappa as scikit-learn has it; alpha by hand for two readers (Krippendorff 2011, section B)."""
    ada, ben = {"1": "SSNP", "2": "NNO-"}, {"1": "SPNP", "2": "NSO-"}
    claims = pd.concat([labelled("Ada", ada), labelled("NA", ben), labelled("Cy", {"1": "S---"})])
    write_table(claims, tmp_path / "claims.csv")
    table = agreement_table(ratings_table([]), read_table(tmp_path / "claims.csv"), seed=0)
    rows = table[table["criterion"] == CLAIMS].set_index(["who", "measure"])
    kappa = rows.loc["Ada and NA", "Cohen's kappa"]
    assert kappa["value"] == pytest.approx(cohen_kappa_score(list("SSNPNNO"), list("SPNPNSO")))
    assert kappa["units"] == 7
    two = agreement_table(ratings_table([]), pd.concat([labelled("Ada", ada), labelled("Ben", ben)]), seed=0)
    alpha = two[two["criterion"] == CLAIMS].set_index("who").loc["people"]
    # 2 of 7 claims have two labels that differ; of the 14 labels these are the counts.
    counts = {"S": 4, "P": 3, "N": 5, "O": 2}
    expected = 1 - sum(count * (count - 1) for count in counts.values()) / (14 * 13)
    assert alpha["value"] == pytest.approx(1 - (2 / 7) / expected)
    assert alpha["raters"] == 2
