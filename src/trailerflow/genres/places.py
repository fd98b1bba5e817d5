"""Where a row of the out-of-fold loop lies: a film in a fold or held out, or an extra text by what it is for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trailerflow.genres.predictions import EXTRA, HELD_OUT, UNLABELLED, VALIDATION
from trailerflow.genres.split import NO_FOLD

VALIDATION_TEXT = -2
"""Code of an extra text to stop and to choose thresholds by, where no film of the run lies in a fold."""

TEST_TEXT = -3
"""Code of an extra text that nothing is learnt from."""

UNLABELLED_TEXT = -4
"""Code of an extra text whose genres are hidden, that one system predicts for another to learn from."""

PARTS_OF_THE_LAST_FIT: dict[str, int] = {
    HELD_OUT: NO_FOLD,
    VALIDATION: VALIDATION_TEXT,
    EXTRA: TEST_TEXT,
    UNLABELLED: UNLABELLED_TEXT,
}
"""What the fit on all folds predicts: part of the table to the code of its rows."""


def folds_of(fold: npt.NDArray[np.int_]) -> list[int]:
    """The folds among folds and codes, in their order.

    >>> folds_of(np.array([1, 0, NO_FOLD, TEST_TEXT, 1]))
    [0, 1]
    """
    return sorted({code for code in fold.tolist() if code >= 0})
