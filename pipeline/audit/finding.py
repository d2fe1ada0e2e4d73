"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was changed outside, or left half done."""

    ALIAS = "alias"
    ARTIFACT = "artifact"
    TAG = "tag"
    VERSION = "version"
    LEDGER = "ledger"
    MIRROR = "mirror"
    LOCK = "lock"
    UNFINISHED = "unfinished"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as Tessera left it; `subject` is a module, a version or a file."""

    kind: Kind
    subject: str
    message: str
    remedy: str
