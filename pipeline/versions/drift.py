"""What differs between the lock and this machine: the pipeline, or a library that counts."""

from __future__ import annotations

from dataclasses import dataclass

import pipeline
from pipeline.versions.environment import LIBRARIES, installed
from pipeline.versions.lock import Lock


@dataclass(frozen=True)
class Drift:
    """The pipeline or a library, as locked and as installed; None for absent."""

    name: str
    locked: str | None
    installed: str | None

    def __str__(self) -> str:
        return (
            f"{self.name}: locked {self.locked or 'absent'}, installed {self.installed or 'absent'}"
        )


def drift(lock: Lock) -> tuple[Drift, ...]:
    """Compare the pipeline and the libraries with the lock; empty where all agree."""
    pairs = [Drift("pipeline", lock.pipeline, pipeline.__version__)]
    for name in sorted({*LIBRARIES, *lock.libraries}, key=str.casefold):
        pairs.append(Drift(name, lock.libraries.get(name), installed(name)))
    return tuple(pair for pair in pairs if pair.locked != pair.installed)
