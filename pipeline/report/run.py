"""One summary per run: what run.json and index.html share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.errors import Code
from pipeline.result import ModuleRef


@dataclass(frozen=True)
class RunSummary:
    """The run as a whole.

    Attributes
    ----------
    started : datetime
        With a time zone.
    seconds : float
        Wall time.
    lock : str
        Digest of the lock file.
    pipeline : str
        Version of the pipeline.
    modules : tuple of ModuleRef
        The versions the lock pins.
    files : int
        Files found.
    left_out : mapping of Code to int
        Files that were part of no series, by reason.
    expected : int or None
        Studies the batch has, done or not; None where unknown.
    """

    started: datetime
    seconds: float
    lock: str
    pipeline: str
    modules: tuple[ModuleRef, ...]
    files: int = 0
    left_out: Mapping[Code, int] = field(default_factory=dict)
    expected: int | None = None
