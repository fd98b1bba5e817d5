"""Where things lie: what belongs to the code beside it, what belongs to the user in the working folder.

Both may be one folder, as in a checkout in which the workflow runs. Names of files that come with the code stay as they are
in a checkout, ``resources/prompts/…``, wherever the code lies: so no document and no parameter of a job holds a path of
one machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1]
CODE = SOURCE.parent
"""The checkout."""

SHIPPED = ("resources/models.yaml", "resources/prompts", "resources/sample")
"""What comes with the code and may be the user's own instead. All else that a relative path names is the user's."""

_RUN_MODULE = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def found(name: Path | str) -> Path:
    """Where a file or folder is: the user's own in the working folder, or else the one that comes with the code.

    Args:
        name: A path. An absolute one is kept, and so is one that is nowhere.
    """
    own = Path(name)
    if own.is_absolute() or own.exists() or not _is_shipped(own):
        return own
    beside_code = CODE / own
    return beside_code if beside_code.exists() else own


def stable_name(path: Path | str) -> str:
    """The name of a file that is the same wherever the code lies, the inverse of `found`.

    Args:
        path: A path; of what is not the code's it is the name.
    """
    path = Path(path)
    if path.is_relative_to(CODE) and _is_shipped(path.relative_to(CODE)):
        return str(path.relative_to(CODE))
    return str(path)


def module_command(module: str) -> list[str]:
    """A command that runs a module of this very library, whatever else is installed.

    ``python -m`` would need PYTHONPATH, which cannot hold a path with a colon.

    Args:
        module: Its dotted name. Its arguments are to be added to the command.
    """
    return [sys.executable, "-c", _RUN_MODULE, str(SOURCE), module]


def _is_shipped(name: Path) -> bool:
    return any(name.is_relative_to(shipped) for shipped in SHIPPED)
