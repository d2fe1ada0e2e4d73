"""What is said of a DICOM object's making."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.audit.content import Content
from pipeline.dicom.write.provenance import Stamp
from pipeline.versions.ledger.entry import Entry


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
    content: Content = Content.UNKNOWN

    @property
    def matches(self) -> bool:
        """Whether the object is as written, agrees with itself, and what made it is still there."""
        whole = not self.contradictions and self.content is not Content.CHANGED
        return whole and all(made.matches for made in self.made)
