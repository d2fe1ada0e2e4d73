"""Who moved the aliases of a module, oldest first."""

from __future__ import annotations

from pipeline.errors import LedgerError
from pipeline.versions.catalogue import no_module
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.ledger.file import read_ledger, require_sound
from pipeline.versions.open import registry_there
from pipeline.versions.state import agreed
from pipeline.workspace import Workspace


def history(workspace: Workspace, name: str) -> tuple[Entry, ...]:
    """Return the ledger's entries of module `name`, from the file and, if it lacks some, MLflow.

    Raises
    ------
    LedgerError
        The ledger is damaged, or file and mirror tell different stories: nothing is shown as if
        it were proof.
    UsageError
        No such module.
    """
    chain = read_ledger(workspace.ledger)
    require_sound(chain, workspace.ledger)
    registry = registry_there(workspace)
    if registry is None:
        return _known(workspace, name, chain.of(name), ())
    from pipeline.versions.registry.mirror import read_mirror

    mirror = read_mirror(registry, name)
    if mirror.chain.faults:
        raise LedgerError(
            f"The ledger's mirror of {name} in MLflow was changed.", "See `tessera verify`."
        )
    found = agreed(name, chain.of(name), mirror.chain.entries)
    return _known(workspace, name, found, registry.names())


def _known(
    workspace: Workspace, name: str, found: tuple[Entry, ...], names: tuple[str, ...]
) -> tuple[Entry, ...]:
    if not found and name not in names and not (workspace.modules / name).is_dir():
        raise no_module(name, names)
    return found
