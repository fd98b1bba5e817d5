"""5,000 plots of Wikipedia with Freebase's genres, a part of the CMU Movie Summary Corpus.

David Bamman, Brendan O'Connor, Noah A. Smith: Learning Latent Personas of Film Characters, ACL 2013.
"""

from __future__ import annotations

import re

from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.genres.extra.contract import Attribution, ExtraSource, ExtraText

_NAME = re.compile(r'"([^"]*)"')


class WikipediaPlots(ExtraSource):
    """The plots as a package on PyPI carries them: a title without a year, genre names in quotation marks, a plot."""

    file = "movies.csv"

    @property
    def attribution(self) -> Attribution:
        """The corpus is CC BY-SA, as Wikipedia's texts are."""
        return Attribution(
            "wikipedia-plots",
            "CC BY-SA 3.0",
            "plots of Wikipedia and genres of Freebase, from the CMU Movie Summary Corpus (Bamman et al., ACL 2013)",
        )

    def read(self) -> list[ExtraText]:
        """All plots; those whose genres say nothing in our terms are among them, without any."""
        mapping = self.mapping()
        texts = [
            ExtraText(
                id=cells["ID"],
                title=cells["Title"],
                year=None,
                text=" ".join(cells["Plot"].split()),
                genres=self.our_genres(_NAME.findall(cells["Category"]), mapping),
            )
            for _, cells in csv_rows(self.path, ("ID", "Title", "Category", "Plot"))
        ]
        if not texts:
            raise TrailerflowError(f"{self.path} holds no plot; fetch it again.")
        return texts
