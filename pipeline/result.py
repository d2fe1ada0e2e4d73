"""What a run produces: every module's outcome on a case, stamped with the version that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import Code
from pipeline.study import Case
from pipeline.types import Prediction, Role, Segment

if TYPE_CHECKING:
    from highdicom import Volume, VolumeGeometry


@dataclass(frozen=True)
class ModuleRef:
    """One exact version of a module; digests read ``sha256:`` and 64 hexadecimal digits."""

    name: str
    version: str
    mlflow_version: int
    digest: str
    weights: str
    code: str
    contract: str


@dataclass(frozen=True)
class Result:
    """A prediction and who made it.

    Attributes
    ----------
    module : ModuleRef
        The version that ran.
    role : Role or None
        The series it ran on, None for a module that takes the whole case.
    prediction : Prediction
        Label maps are on the module's grid.
    key : str
        Content address: digest of module, parameters, runtime and everything that went in.
    output : str
        Digest of the prediction, what a dependent module's key holds.
    cached : bool
        True where it came from the cache.
    seconds : float
        Time to compute, or to read from the cache.
    lock : str
        Digest of the lock file under which it was computed; a cached one may be older than the run.
    """

    module: ModuleRef
    role: Role | None
    prediction: Prediction
    key: str
    output: str
    cached: bool
    seconds: float
    lock: str = ""


@dataclass(frozen=True)
class Skipped:
    """A module that was not run on this case, and why."""

    module: str
    role: Role | None
    code: Code
    reason: str


@dataclass(frozen=True)
class Failure:
    """A module that could not finish; `message` and `remedy` are for the user."""

    module: str
    role: Role | None
    code: Code
    message: str
    remedy: str


Outcome = Result | Skipped | Failure


@dataclass(frozen=True)
class Alignment:
    """How a series came onto the case's grid.

    `method` is ``reference``, ``geometry`` (shared frame of reference, resampled) or ``rigid``
    (co-registered); `moved_mm` is the largest displacement the rigid motion makes in the head.
    """

    role: Role
    method: str
    moved_mm: float
    reason: str


@dataclass(frozen=True)
class CaseResult:
    """One study, done.

    Attributes
    ----------
    pseudonym : str
        Keyed name that stands for the study everywhere outside DICOM.
    case : Case
        Series by role, and what the resolver said of each series.
    reference : Role
        The series whose geometry the label maps are written on.
    volumes : mapping of Role to highdicom.Volume
        On the case's working grid (1 mm, axes LPS), for pictures.
    labels : mapping of str to highdicom.Volume
        By module, uint8 label maps on the same working grid.
    segments : mapping of str to tuple of Segment
        By module, what the labels mean.
    alignment : tuple of Alignment
        How each series came onto the grid.
    geometry : highdicom.VolumeGeometry
        Where the reference series' own voxels lie; label maps are written there.
    fingerprints : mapping of Role to str
        Digest of each series' pixels and geometry as read.
    outcomes : tuple of Result, Skipped or Failure
        In the order of the dependency graph.
    lock : str
        Digest of the lock file the run was made with.
    seconds : mapping of str to float
        Wall time by stage.
    """

    pseudonym: str
    case: Case
    reference: Role
    volumes: Mapping[Role, Volume]
    labels: Mapping[str, Volume]
    segments: Mapping[str, tuple[Segment, ...]]
    alignment: tuple[Alignment, ...]
    geometry: VolumeGeometry
    fingerprints: Mapping[Role, str]
    outcomes: tuple[Outcome, ...]
    lock: str
    seconds: Mapping[str, float]

    @property
    def results(self) -> tuple[Result, ...]:
        """The outcomes that hold a prediction."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Result))
