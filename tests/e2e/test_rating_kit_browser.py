"""The rating kit in a real browser: two pairs are rated, the ratings saved, and the rule reads them back."""

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
document.getElementById("rater").value = "Ada O'Neil";
document.getElementById("export").click();
</script>
</body>
"""
"""A person who rates A with 4 and B with 2 in the first two pairs, and saves."""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)]


@pytest.fixture
def pairs() -> list[Pair]:
    return [
        Pair(f"000{number}", str(number), f"Film {number}", "some words", "A plot.",
             (Summary("m", "zero", f"One {number}."), Summary("m", "few", f"Two {number}.")))
        for number in (1, 2, 3)
    ]  # fmt: skip


def test_ratings_are_saved_and_read_back(pairs, tmp_path):
    page = tmp_path / "kit.html"
    page.write_text(kit_page(pairs).replace("</body>", PERSON), encoding="utf-8")
    document, console = open_page(page, tmp_path, "--virtual-time-budget=4000", "--dump-dom")
    assert console == []
    assert "2 of 3 pairs rated" in document
    assert document.count('class="whole"') == 2
    saved = re.search(r'<pre id="saved">(.*?)</pre>', document, re.DOTALL)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports/ada.json").write_text(html.unescape(saved[1]), encoding="utf-8")
    (tmp_path / "key.json").write_text(json.dumps(kit_key(pairs)))
    command = [
        sys.executable, str(ROOT / "scripts/read_ratings.py"), "--exports", "exports/ada.json", "--key", "key.json",
        "--ratings", "ratings.parquet", "--about", "about.json",
    ]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, check=True)
    table = pd.read_parquet(tmp_path / "ratings.parquet")
    assert set(table["rater"]) == {"Ada O'Neil"}
    assert len(table) == 2 * 2 * 4
    assert table.groupby("prompt")["rating"].agg(["min", "max"]).to_dict("index") == {
        "zero": {"min": 4, "max": 4}, "few": {"min": 2, "max": 2},
    }  # fmt: skip


GOES_ON = """
<script>
window.confirm = () => true;
const field = document.querySelector('section:last-of-type fieldset');
field.querySelector('input[value="5"]').click();
const kept = {format: document.body.dataset.format, kit: document.body.dataset.kit, rater: "", ratings:
  {"0001": {first: {fluency: 3}}}};
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


def test_a_file_adds_to_what_was_rated_and_the_next_person_starts_anew(pairs, tmp_path):
    page = tmp_path / "kit.html"
    page.write_text(kit_page(pairs).replace("</body>", GOES_ON), encoding="utf-8")
    document, console = open_page(page, tmp_path, "--virtual-time-budget=4000", "--dump-dom")
    assert console == []
    chosen = re.search(r'<pre id="chosen">(.*?)</pre>', document)[1]
    assert chosen == "0001-first-fluency=3 0003-first-relevance=5 then 0"


COMES_BACK = """
<script>
if (!sessionStorage.getItem("rated")) {
  for (const field of document.querySelectorAll("section:not(:last-of-type) fieldset")) {
    field.querySelector('input[value="4"]').click();
  }
  sessionStorage.setItem("rated", "once");
  location.reload();
}
</script>
</body>
"""
"""Rates the first two pairs and opens the page once more."""


def test_what_was_rated_is_still_there_when_the_page_is_opened_again(pairs, tmp_path):
    page = tmp_path / "kit.html"
    page.write_text(kit_page(pairs).replace("</body>", COMES_BACK), encoding="utf-8")
    document, console = open_page(page, tmp_path, "--virtual-time-budget=4000", "--dump-dom")
    assert console == []
    assert "2 of 3 pairs rated" in document
    assert document.count('class="whole"') == 2
