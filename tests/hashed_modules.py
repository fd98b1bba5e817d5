"""The modules that each rule's hash of code goes over, in files that a review can read.

``python tests/hashed_modules.py`` writes them anew.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from trailerflow.configuration import CodeHashes
from trailerflow.genres.extra import SOURCES
from trailerflow.genres.systems import ASKED, SYSTEMS
from trailerflow.recommendations.register import ALL_RANKERS, LLM_RANKERS, RANKERS, SPLITS
from trailerflow.recommendations.saved import REGISTER
from trailerflow.registers import chosen_class
from trailerflow.summaries.support.kept_thresholds import EVEN
from trailerflow.summaries.support.register import SUPPORTS
from trailerflow.summaries.ways.register import WAYS

ROOT = Path(__file__).parents[1]
FOLDER = Path(__file__).parent / "data" / "hashed_modules"
_SAVED = {kind: place for kind, place in RANKERS.items() if chosen_class(REGISTER, kind).saved()}
_MEMBERS = {
    "estimate_costs": WAYS | LLM_RANKERS,
    "fit_rankers": _SAVED,
    "rank_films": ALL_RANKERS,
    "retrain_rankers": _SAVED,
    "split_ratings": SPLITS,
    "summarise_movie": WAYS | {measure: SUPPORTS[measure] for measure in EVEN},
    "train_genres": {kind: place for kind, place in SYSTEMS.items() if kind not in ASKED},
}
"""Members of the rules that load them by their names, with the places of their classes."""

RULES: dict[str, tuple[str, ...]] = (
    {
        rule: (rule,)
        for file in (ROOT / "rules").glob("*.smk")
        for rule in re.findall(r'CODE\["(\w+)"\]', file.read_text(encoding="utf-8"))
    }
    | {
        f"{rule}.{name}": (rule, place.partition(":")[0])
        for rule, members in _MEMBERS.items()
        for name, place in members.items()
    }
    | {"gather_extra_texts": ("gather_extra_texts", *(place.partition(":")[0] for place in SOURCES.values()))}
)
"""The rules with a hash of their code, one for each member where there are several, and what the hash is made of."""

CODE = CodeHashes(ROOT / "scripts", ROOT / "src")


def file_of(rule: str) -> Path:
    """The file with a rule's modules, one a line."""
    return FOLDER / f"{rule}.txt"


def hashed(rule: str) -> list[str]:
    """The modules of a rule's hash, sorted."""
    return sorted(CODE.modules(*RULES[rule]))


def expected(rule: str) -> list[str]:
    """The modules that stand in a rule's file."""
    return file_of(rule).read_text(encoding="utf-8").split()


def main() -> None:
    """Write all files anew."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for rule in RULES:
        file_of(rule).write_text("\n".join(hashed(rule)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
