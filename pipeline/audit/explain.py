"""What made a DICOM object, on which evidence, and whether all that still matches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.audit.content import content_of
from pipeline.audit.explanation import Explanation, Made, Pinned, Recorded, Registered
from pipeline.audit.history import history
from pipeline.dicom.read.provenance import read_origin
from pipeline.dicom.write.provenance import Stamp
from pipeline.errors import LedgerError, LockError, UsageError
from pipeline.result import ModuleRef
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.lock import lock_digest, read_lock
from pipeline.versions.open import registry_there
from pipeline.versions.registry.version import DIGEST_TAGS, Version
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry


def explain(workspace: Workspace, path: Path) -> Explanation:
    """Read a SEG or SR and look up what it says of its making; changes nothing.

    Raises
    ------
    InputError
        The file is not DICOM, damaged, or cannot be read.
    UsageError
        No module of Tessera made it.
    RegistryError
        MLflow cannot be reached.
    """
    origin = read_origin(path)
    if not origin.stamps:
        raise UsageError(
            f"{path.name} names no module of Tessera that made it.",
            "Name a SEG or SR that `tessera run` wrote.",
        )
    made = tuple(_explain(workspace, stamp) for stamp in origin.stamps)
    return Explanation(origin.modality, made, origin.contradictions, content_of(path))


def _explain(workspace: Workspace, stamp: Stamp) -> Made:
    version, registered = _registered(workspace, stamp.module)
    recorded, evidence = _recorded(workspace, stamp.module)
    aliases = version.aliases if version else ()
    return Made(stamp, registered, _pinned(workspace, stamp), recorded, aliases, evidence)


def _registered(workspace: Workspace, module: ModuleRef) -> tuple[Version | None, Registered]:
    registry = registry_there(workspace)
    if registry is None:
        return None, Registered.UNKNOWN
    version = registry.find(module.name, module.digest)
    if version is not None:
        return version, _files(registry, version)
    numbers = {known.module.version for known in registry.versions(module.name)}
    other = module.version in numbers
    return None, Registered.OTHER_CONTENT if other else Registered.UNKNOWN


def _files(registry: Registry, version: Version) -> Registered:
    from pipeline.versions.registry.examine import examine

    module = version.module
    (found,) = examine(registry, module.name, module.mlflow_version)
    same = found.files.get(DIGEST_TAGS["digest"]) == module.digest
    return Registered.MATCHES if same else Registered.CHANGED


def _pinned(workspace: Workspace, stamp: Stamp) -> Pinned:
    try:
        pin = read_lock(workspace.lock).modules.get(stamp.module.name)
        same = lock_digest(workspace.lock) == stamp.lock
    except LockError:
        return Pinned.NOT
    if pin is None:
        return Pinned.NOT
    if pin.digest != stamp.module.digest:
        return Pinned.OTHER
    return Pinned.SAME_LOCK if same else Pinned.PINNED


def _recorded(workspace: Workspace, module: ModuleRef) -> tuple[Recorded, tuple[Entry, ...]]:
    try:
        entries = history(workspace, module.name)
    except LedgerError:
        return Recorded.DAMAGED, ()
    except UsageError:
        entries = ()
    evidence = tuple(entry for entry in entries if entry.move.after.digest == module.digest)
    return Recorded.DECIDED if evidence else Recorded.NEVER, evidence
