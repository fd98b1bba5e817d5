"""The audit of the splits: a light for each thing that a test may give away, and who is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.register import SPLIT_RATINGS
from trailerflow.reports.rows import groups
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import is_missing, listed, number, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class SplitAudit(Section):
    """What the splits of the ratings give away, as a traffic light."""

    identifier = "split-audit"
    title = "What the splits give away"

    audit: pd.DataFrame = table(
        "audit_splits/audit.csv",
        "split", "protocol", "check", "counted", "share", "of", "light", "amber_above", "red_above", "reason",
    )  # fmt: skip

    def warnings(self) -> tuple[str, ...]:
        """Splits that leave no user, with what they noted."""
        asking = set(self.audit["split"])
        return tuple(
            f"The split {split} asks about nobody. {' '.join(notes)}"
            for split, notes in self._notes()
            if split not in asking
        )

    def paragraphs(self) -> tuple[str, ...]:
        """What the lights mean, and which of them are red."""
        red = self.audit[self.audit["light"] == "red"]
        named = [
            f"{_words(check)} ({listed(list(dict.fromkeys(group['split'])))})"
            for (check,), group in groups(red, ("check",))
        ]
        return (
            "A split says what a ranker may know and what it is asked. Green: its figures mean what they say. Amber: a "
            "reader must know of it. Red: they are figures of another question, and may be compared with each other only.",
            f"Red: {listed(named)}." if named else "No light is red.",
        )

    def tables(self) -> tuple[Table, ...]:
        """The lights, what each of them counts, and who is asked about."""
        return (self._lights(), self._meaning(), self._users())

    def _lights(self) -> Table:
        checks = list(dict.fromkeys(self.audit["check"]))
        rows = []
        for (split, protocol), group in groups(self.audit, ("split", "protocol")):
            found = {row["check"]: row for _, row in group.iterrows()}
            cells = (_light(found[check]) if check in found else Cell("–") for check in checks)
            rows.append(Row((Cell(f"{split}, {protocol}"), *cells)))
        return Table(
            caption="Lights of every split and protocol",
            columns=(Column("Split, protocol"), *(Column(_words(check)) for check in checks)),
            rows=tuple(rows),
            note="Beside a light stands the share, and of how many users or ratings, counted in each fold and for each tie "
            "seed.",
            nothing="No split asks about anybody, so there is nothing to audit.",
        )

    def _meaning(self) -> Table:
        rows = tuple(
            Row(
                (
                    Cell(_words(row["check"])),
                    Cell(text(row["counted"])),
                    Cell(_percent(row["amber_above"])),
                    Cell(_percent(row["red_above"])),
                    Cell(text(row["reason"])),
                )
            )
            for _, row in self.audit.drop_duplicates("check").iterrows()
        )
        return Table(
            caption="What each light counts",
            columns=(
                Column("Light"),
                Column("Share of"),
                Column("Amber above", True),
                Column("Red above", True),
                Column("Why it matters"),
            ),
            rows=rows,
            note="A share of a user's ratings is a mean over users. Nearly all films or users without a training rating are "
            "green: then the split is about such films or users alone.",
            nothing="Nothing was counted.",
        )

    def _users(self) -> Table:
        rows = tuple(Row((Cell(split), Cell(note))) for split, notes in self._notes() for note in notes)
        return Table(
            caption="Who is asked about",
            columns=(Column("Split"), Column("Note")),
            rows=rows,
            nothing="No split noted whom it asks about.",
        )

    def _notes(self) -> list[tuple[str, list[str]]]:
        """What each split noted."""
        return [
            (listed([text(name) for name in about.get("of", ())]), [text(note) for note in about["notes"]])
            for about in self.run.abouts
            if about["rule"] == SPLIT_RATINGS.name
        ]


def _light(row: pd.Series) -> Cell:
    """A light with its share, and of how many."""
    return Cell(text(row["light"]), f"{_percent(row['share'])} of {whole(row['of'])}", text(row["light"]))


def _words(check: object) -> str:
    return text(check).replace("_", " ")


def _percent(share: object) -> str:
    """A share as a percentage, with a digit where it is small; never, where no share is above it.

    >>> _percent(0.0004), _percent(0.257), _percent(None)
    ('0.0 %', '25.7 %', 'never')
    """
    return "never" if is_missing(share) else f"{100 * number(share):.1f} %"
