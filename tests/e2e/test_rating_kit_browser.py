"""The rating kit in a real browser: pairs are rated, claims labelled, both saved, and the rule reads them back."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from e2e.browser import CHROMIUM, NO_CHROMIUM, open_page
from trailerflow.claim_labels import read_claim_labels
from trailerflow.claims import claims_of
from trailerflow.judging.claim_sheets import ClaimSheet
from trailerflow.judging.make_rating_kit import kit_key, kit_page
from trailerflow.judging.pairs import Pair, Summary

ROOT = Path(__file__).parents[2]
PERSON = """
<script>
URL.createObjectURL = blob => { blob.text().then(text => {
  const shown = document.createElement("pre"); shown.id = "saved"; shown.textContent = text; document.body.append(shown);
}); return "#"; };
for (const section of [...document.querySelectorAll("section")].slice(0, 2)) {
  for (const field of section.querySelectorAll("fieldset")) {
    field.querySelector(`input[value="${field.dataset.side === "first" ? 4 : 2}"]`).click();
  }
}
for (const field of document.querySelectorAll("[data-sheet] fieldset")) {
  field.querySelector(`input[value="${field.dataset.claim === "0" ? "S" : "N"}"]`).click();
}
document.getElementById("rater").value = "Ada O'Neil";
document.getElementById("export").click();
</script>
</body>
"""
"""A person who rates A with 4 and B with 2 in the first two pairs, labels the first claim S and the other N, and saves."""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)]


@pytest.fixture
def pairs() -> list[Pair]:
    return [
        Pair(f"000{number}", str(number), f"Film {number}", "some words", "A plot.",
             (Summary("m", "zero", f"One {number}."), Summary("m", "few", f"Two {number}.")))
        for number in (1, 2, 3)
    ]  # fmt: skip


@pytest.fixture
def sheets() -> list[ClaimSheet]:
    summary = Summary("m", "zero", "She runs. He hides.")
    return [ClaimSheet("c001", "1", "Film 1", "some words", summary, claims_of(summary.text))]


def opened(pairs: list[Pair], sheets: list[ClaimSheet], person: str, folder: Path) -> str:
    """The kit's page once a person has worked on it, with nothing said in the console."""
    page = folder / "kit.html"
    page.write_text(kit_page(pairs, sheets).replace("</body>", person), encoding="utf-8")
    document, console = open_page(page, folder, "--virtual-time-budget=4000", "--dump-dom")
    assert console == []
    return document


def test_ratings_and_labels_are_saved_and_read_back(pairs, sheets, tmp_path):
    document = opened(pairs, sheets, PERSON, tmp_path)
    assert "2 of 3 pairs rated, 1 of 1 summaries labelled" in document
    assert document.count('class="whole"') == 3
    saved = re.search(r'<pre id="saved">(.*?)</pre>', document, re.DOTALL)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports/ada.json").write_text(html.unescape(saved[1]), encoding="utf-8")
    (tmp_path / "key.json").write_text(json.dumps(kit_key(pairs, sheets)))
    command = [
        sys.executable, str(ROOT / "scripts/read_ratings.py"), "--exports", "exports/ada.json", "--key", "key.json",
        "--ratings", "ratings.parquet", "--claims", "claims.csv", "--about", "about.json",
    ]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, check=True)
    table = pd.read_parquet(tmp_path / "ratings.parquet")
    assert set(table["rater"]) == {"Ada O'Neil"}
    assert len(table) == 2 * 2 * 4
    assert table.groupby("prompt")["rating"].agg(["min", "max"]).to_dict("index") == {
        "zero": {"min": 4, "max": 4}, "few": {"min": 2, "max": 2},
    }  # fmt: skip
    labels = read_claim_labels(tmp_path / "claims.csv")
    assert [(one.text, one.label, one.reader) for one in labels] == [
        ("She runs.", "S", "Ada O'Neil"),
        ("He hides.", "N", "Ada O'Neil"),
    ]


GOES_ON = """
<script>
window.confirm = () => true;
const field = document.querySelector('[data-pair="0003"] fieldset');
field.querySelector('input[value="5"]').click();
const kept = {format: document.body.dataset.format, kit: document.body.dataset.kit, rater: "", ratings:
  {"0001": {first: {fluency: 3}}}, claims: {c001: {1: "P"}}};
const data = new DataTransfer();
data.items.add(new File([JSON.stringify(kept)], "kept.json", {type: "application/json"}));
document.getElementById("import").files = data.files;
document.getElementById("import").dispatchEvent(new Event("change"));
setTimeout(() => {
  const shown = document.createElement("pre"); shown.id = "chosen";
  shown.textContent = [...document.querySelectorAll("input:checked")].map(each => each.name + "=" + each.value).sort().join(" ");
  document.body.append(shown);
  document.getElementById("anew").click();
  shown.textContent += " then " + document.querySelectorAll("input:checked").length;
}, 500);
</script>
</body>
"""
"""Rates one thing, goes on with a file of another, then starts anew."""


def test_a_file_adds_to_what_was_rated_and_the_next_person_starts_anew(pairs, sheets, tmp_path):
    document = opened(pairs, sheets, GOES_ON, tmp_path)
    chosen = re.search(r'<pre id="chosen">(.*?)</pre>', document)[1]
    assert chosen == "0001-first-fluency=3 0003-first-relevance=5 c001-1=P then 0"


COMES_BACK = """
<script>
if (!sessionStorage.getItem("rated")) {
  for (const field of document.querySelectorAll('[data-pair="0001"] fieldset, [data-pair="0002"] fieldset')) {
    field.querySelector('input[value="4"]').click();
  }
  document.querySelector('[data-claim="1"] input[value="O"]').click();
  sessionStorage.setItem("rated", "once");
  location.reload();
} else {
  const shown = document.createElement("pre"); shown.id = "labels";
  shown.textContent = [...document.querySelectorAll("[data-sheet] input:checked")].map(each => each.name + "=" + each.value).join();
  document.body.append(shown);
}
</script>
</body>
"""
"""Rates the first two pairs, labels one claim and opens the page once more."""


def test_what_was_rated_is_still_there_when_the_page_is_opened_again(pairs, sheets, tmp_path):
    document = opened(pairs, sheets, COMES_BACK, tmp_path)
    assert "2 of 3 pairs rated" in document
    assert document.count('class="whole"') == 2
    assert '<pre id="labels">c001-1=O</pre>' in document


REFUSES = """
<script>
const said = document.createElement("pre"); said.id = "said"; document.body.append(said);
window.alert = message => { said.textContent = message; };
const other = {format: "trailerflow ratings 1", kit: document.body.dataset.kit, rater: "Ada", ratings:
  {"0001": {first: {fluency: 3}}}};
const data = new DataTransfer();
data.items.add(new File([JSON.stringify(other)], "other.json", {type: "application/json"}));
document.getElementById("import").files = data.files;
document.getElementById("import").dispatchEvent(new Event("change"));
setTimeout(() => { said.textContent += " " + document.querySelectorAll("input:checked").length; }, 500);
</script>
</body>
"""
"""Goes on with a file that an earlier version of the page saved."""


def test_a_file_of_another_page_is_refused_in_a_sentence(pairs, sheets, tmp_path):
    document = opened(pairs, sheets, REFUSES, tmp_path)
    assert '<pre id="said">This file holds no ratings of this page. 0</pre>' in document
