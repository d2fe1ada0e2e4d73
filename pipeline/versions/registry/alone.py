"""One process at a time where two in a workspace would stand in each other's way."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from pipeline.errors import RegistryError
from pipeline.versions.registry.store import Store
from pipeline.workspace import Workspace

# Files that are locked; whoever holds both has pinned first, or two would wait for one another.
REGISTERING, PINNING = "register.lock", "pin.lock"


@contextmanager
def alone(workspace: Workspace, task: str = REGISTERING) -> Iterator[None]:
    """Wait until nobody else is at this task, and keep others out; a crash lets them in again.

    Raises
    ------
    RegistryError
        The workspace cannot be written.
    """
    try:
        workspace.state.mkdir(parents=True, exist_ok=True)
        file = (workspace.state / task).open("a")
    except OSError as error:
        raise RegistryError(
            f"{workspace.state} cannot be written: {error.strerror or type(error).__name__}.",
            "Mend its permissions.",
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def making(store: Store) -> Iterator[None]:
    """Wait until no other process makes the tables of an embedded store.

    One that this process cannot write was made before.
    """
    with ExitStack() as held:
        if store.artifacts is not None:
            store.artifacts.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                file = held.enter_context((store.artifacts.parent / "mlflow.lock").open("a"))
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
