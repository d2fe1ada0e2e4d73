"""One registration in a workspace at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import RegistryError
from pipeline.workspace import Workspace


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Wait until no other process registers, and keep others out; a crash lets them in again.

    Raises
    ------
    RegistryError
        The workspace cannot be written.
    """
    try:
        workspace.state.mkdir(parents=True, exist_ok=True)
        file = (workspace.state / "register.lock").open("a")
    except OSError as error:
        raise RegistryError(
            f"{workspace.state} cannot be written: {error.strerror or type(error).__name__}.",
            "Mend its permissions.",
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
