"""What became of a lock that was written anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.result import ModuleRef
from pipeline.versions.drift import Drift
from pipeline.versions.lock import Lock


@dataclass(frozen=True)
class Change:
    """A module whose pin moved: `before` is None where it had none, `after` where it has none."""

    before: ModuleRef | None
    after: ModuleRef | None

    @property
    def name(self) -> str:
        """The module's."""
        found = self.after or self.before
        return found.name if found else ""


@dataclass(frozen=True)
class Update:
    """The lock as written, and what changed in it: pins, and the pipeline and libraries."""

    lock: Lock
    changes: tuple[Change, ...]
    drifts: tuple[Drift, ...] = ()


def changes(before: Mapping[str, ModuleRef], after: Mapping[str, ModuleRef]) -> tuple[Change, ...]:
    """Say which pins moved, by name."""
    pairs = (Change(before.get(name), after.get(name)) for name in sorted({*before, *after}))
    return tuple(pair for pair in pairs if pair.before != pair.after)
