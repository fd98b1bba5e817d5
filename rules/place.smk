"""Where the code lies: beside this file, whatever the working folder is and whoever uses this workflow.

Nothing of the library can be imported before this has been read.
"""

import gc
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.sourcecache import HostingProviderFile, LocalSourceFile

# A graph of thousands of jobs is a million objects that all stay; to look for garbage among them took a sixth of a start.
gc.set_threshold(50_000, 20, 100)


def laid_out(place):
    """The folder of a repository's file, laid out in the working folder: programs cannot be run from an address.

    Snakemake reads single files of a repository that it cloned for itself; the clone has the others as well.
    """
    if not isinstance(place, HostingProviderFile):
        raise WorkflowError(
            f"trailerflow cannot be used from {place}, since its programs are not beside it there; "
            "name it by github(...) or gitlab(...), or by the path of a checkout."
        )
    place.fetch_if_required()
    git = ["git", "-C", str(place.hosted_repo.repo_clone)]
    commit = subprocess.check_output(
        [*git, "rev-parse", f"{place.ref}^{{commit}}"], text=True
    ).strip()
    whole = Path(".snakemake/trailerflow").absolute() / commit
    if not whole.is_dir():
        whole.parent.mkdir(parents=True, exist_ok=True)
        archive = subprocess.check_output([*git, "archive", "--format=tar", commit])
        with tempfile.TemporaryDirectory(dir=whole.parent) as part:
            with tarfile.open(fileobj=io.BytesIO(archive)) as files:
                # Python 3.11.2, which Debian 12 has, knows no filter.
                safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
                files.extractall(f"{part}/whole", **safe)
            try:
                os.rename(f"{part}/whole", whole)
            except OSError:  # another start was faster
                if not whole.is_dir():
                    raise
    return whole / place.path


def is_ours(module):
    """Whether a loaded module is of this checkout's library."""
    return str(getattr(module, "__file__", "")).startswith(f"{ROOT / 'src'}{os.sep}")


PLACE = workflow.current_basedir
ROOT = Path(PLACE if isinstance(PLACE, LocalSourceFile) else laid_out(PLACE)).parent

if set("{}") & set(str(ROOT)):
    raise WorkflowError(
        f"trailerflow lies in {ROOT}, and Snakemake takes a word in braces for a variable; give its folder another name."
    )

# This checkout's library, installed or not, in place of any other that was loaded before (by a logger plugin).
sys.path.insert(0, str(ROOT / "src"))
for name in [name for name in sys.modules if name.partition(".")[0] == "trailerflow"]:
    if not is_ours(sys.modules[name]):
        del sys.modules[name]
