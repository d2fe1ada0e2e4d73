"""Bundle code that kills the process it runs in, once."""

from __future__ import annotations

from pathlib import Path

from tests import bundles

KILLER = """
import os, signal
from pathlib import Path

def once(marker):
    try:
        Path(marker).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)

once({marker!r})
"""


def killer(marker: Path) -> str:
    """A labeller; the first process that loads it dies and leaves `marker`."""
    future, rest = "from __future__ import annotations\n", bundles.LABELLER
    return KILLER.format(marker=str(marker)) + rest.replace(future, "")
