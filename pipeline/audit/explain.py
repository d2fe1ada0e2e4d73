"""What made a DICOM object, on which evidence, and whether all that still matches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.audit.history import history
from pipeline.dicom.read.provenance import read_origin
from pipeline.dicom.write.provenance import Stamp
from pipeline.errors import LedgerError, LockError, UsageError
from pipeline.result import ModuleRef
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.lock import lock_digest, read_lock
from pipeline.versions.pin import open_registry
from pipeline.versions.registry.store import store
from pipeline.versions.registry.version import DIGEST_TAGS, Version
from pipeline.workspace import Workspace


class Registered(StrEnum):
    """How the registry knows the version that the object names."""

    MATCHES = "registered, files unchanged"
    CHANGED = "registered, but its files were changed since"
    OTHER_CONTENT = "another content is registered under this number"
    UNKNOWN = "not registered here"


class Pinned(StrEnum):
    """What the lock says of it now."""

    SAME_LOCK = "pinned, by the very lock the object was made with"
    PINNED = "pinned, though the lock changed otherwise since"
    OTHER = "another version is pinned now"
    NOT = "not pinned now"


class Recorded(StrEnum):
    """What the ledger says of it."""

    DECIDED = "its promotion is on record"
    NEVER = "never promoted: champion by being first, pinned by hand, or on trial"
    DAMAGED = "the ledger is damaged and proves nothing"


@dataclass(frozen=True)
class Made:
    """One module version's part in an object.

    Attributes
    ----------
    stamp : Stamp
        What the object says.
    registered, pinned, recorded : Registered, Pinned, Recorded
        Whether that still matches.
    aliases : tuple of str
        Of the registered version, now.
    evidence : tuple of Entry
        The ledger's entries that made this version champion or challenger.
    """

    stamp: Stamp
    registered: Registered
    pinned: Pinned
    recorded: Recorded
    aliases: tuple[str, ...]
    evidence: tuple[Entry, ...]

    @property
    def matches(self) -> bool:
        """Whether the exact files that made the object are here and unchanged."""
        return self.registered is Registered.MATCHES and self.recorded is not Recorded.DAMAGED


@dataclass(frozen=True)
class Explanation:
    """An object explained; see `Origin` for `contradictions`."""

    modality: str
    made: tuple[Made, ...]
    contradictions: tuple[str, ...]

    @property
    def matches(self) -> bool:
        """Whether the object agrees with itself, and all that made it is still what it was."""
        return not self.contradictions and all(made.matches for made in self.made)


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
    return Explanation(origin.modality, made, origin.contradictions)


def _explain(workspace: Workspace, stamp: Stamp) -> Made:
    version, registered = _registered(workspace, stamp.module)
    recorded, evidence = _recorded(workspace, stamp.module)
    aliases = version.aliases if version else ()
    return Made(stamp, registered, _pinned(workspace, stamp), recorded, aliases, evidence)


def _registered(workspace: Workspace, module: ModuleRef) -> tuple[Version | None, Registered]:
    if not store(workspace).exists:
        return None, Registered.UNKNOWN
    registry = open_registry(workspace)
    version = registry.find(module.name, module.digest)
    if version is not None:
        return version, _files(workspace, version)
    numbers = {known.module.version for known in registry.versions(module.name)}
    other = module.version in numbers
    return None, Registered.OTHER_CONTENT if other else Registered.UNKNOWN


def _files(workspace: Workspace, version: Version) -> Registered:
    from pipeline.versions.registry.examine import examine

    module = version.module
    (found,) = examine(open_registry(workspace), module.name, module.mlflow_version)
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
