"""What a section of the page is: the tables that it reads, and what it says of them.

A section is one module below ``sections/`` and one line in `trailerflow.reports.register`. Its tables are its fields, so
that it can be made of small frames by hand. The rule asks for the tables of all sections while the graph is built, so
these modules import neither pandas nor matplotlib before they are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from string import Formatter
from typing import TYPE_CHECKING, Any, ClassVar, Self

from trailerflow.reports.view import Fact, Plot, Sample, Table

if TYPE_CHECKING:
    import pandas as pd

_READS = "reads"


@dataclass(frozen=True)
class Reads:
    """A table that a section reads.

    Attributes:
        path: Its place below ``results/``. A wildcard in braces stands for every value that the run has of it: the
            tables of all values are read as one, and one without a column of the wildcard's name gets it.
        columns: The columns that the section sees.
        about: Place of the ``about.json`` that says how it was made.
    """

    path: str
    columns: tuple[str, ...]
    about: str


def table(path: str, *columns: str, about: str = "") -> Any:
    """A field of a section that holds a table; see `Reads`. Without one the section has a table without rows.

    The about of a table is beside it (see `about_of`), where ``about`` does not name another place.
    """
    reads = Reads(path, columns, about or about_of(path))
    return field(default_factory=lambda: empty_table(columns), metadata={_READS: reads}, repr=False)


def empty_table(columns: Sequence[str]) -> pd.DataFrame:
    """A table without rows."""
    import pandas as pd

    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class Run:
    """What a section may know of the run beside its tables.

    Attributes:
        config: The configuration.
        prompts: Name and hash of each prompt file.
        abouts: How the tables were made, in the order of the data; see `trailerflow.tables.write_about`.
    """

    config: Mapping[str, Any] = field(default_factory=dict)
    prompts: tuple[tuple[str, str], ...] = ()
    abouts: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Reader:
    """A part of the page with the tables that it reads.

    Attributes:
        abouts: The ``about.json`` below ``results/`` of tables that the page tells of without reading them. That of a
            table which it reads need not be named.
        run: What it may know beside its tables.
    """

    abouts: ClassVar[tuple[str, ...]] = ()
    run: Run = field(default_factory=Run)

    @classmethod
    def reads(cls) -> dict[str, Reads]:
        """The tables, by the names of their fields."""
        return {one.name: one.metadata[_READS] for one in fields(cls) if _READS in one.metadata}

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame], run: Run) -> Self:
        """The part with its tables, each cut to the columns that it sees.

        Args:
            tables: Tables by their places below ``results/``, wildcards included.
            run: What it may know beside them.
        """
        own = {
            name: tables[reads.path].reindex(columns=list(reads.columns))
            for name, reads in cls.reads().items()
        }
        return cls(run=run, **own)


class Section(Reader):
    """A section of the page. What it does not say is left out.

    Attributes:
        identifier: Its name in links, unique in the page.
        title: Its heading.
    """

    identifier: ClassVar[str]
    title: ClassVar[str]

    def findings(self) -> Sequence[str]:
        """Sentences for the head of the page, best first where there are several systems."""
        return ()

    def facts(self) -> Sequence[Fact]:
        """Figures for the head of the page."""
        return ()

    def warnings(self) -> Sequence[str]:
        """What is not yet there, in sentences."""
        return ()

    def paragraphs(self) -> Sequence[str]:
        """What a reader must know to read the rest."""
        return ()

    def plots(self) -> Sequence[Plot]:
        """Drawings; their names are unique in the page."""
        return ()

    def tables(self) -> Sequence[Table]:
        """Tables; one without rows says so."""
        return ()

    def samples(self) -> Sequence[Sample]:
        """Movies whose texts are shown side by side."""
        return ()

    def verbatim(self) -> Sequence[tuple[str, str]]:
        """Heading and text of what is shown as it is, folded."""
        return ()


def wildcards_of(path: str) -> tuple[str, ...]:
    """Names of the wildcards of a path, in order.

    >>> wildcards_of("rank_films/{split}/{ranker}.parquet")
    ('split', 'ranker')
    """
    return tuple(name for _, name, _, _ in Formatter().parse(path) if name)


def about_of(path: str) -> str:
    """The ``about.json`` beside a table: its folder's, or its own where the table is one of several of its kind.

    >>> about_of("score_genres/metrics.csv"), about_of("rank_films/{split}/{ranker}.parquet")
    ('score_genres/about.json', 'rank_films/{split}/{ranker}.about.json')
    """
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return f"{folder}/{stem}.about.json" if wildcards_of(name) else f"{folder}/about.json"
