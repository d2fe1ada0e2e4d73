"""What a scan of a folder finds: studies, their series, the roles they take, the files left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.errors import Code
from pipeline.types import Role


@dataclass(frozen=True)
class Instance:
    """One DICOM file of a series."""

    path: Path
    uid: str
    number: int
    frames: int


@dataclass(frozen=True)
class Acquisition:
    """How a series was acquired, from its first header; empty or None where the header is silent.

    Times are in milliseconds, lengths in mm. `orientation` is the slice normal's main axis: axial,
    sagittal, coronal or empty. `contrast` says that a contrast agent is named in the header,
    `patient` is a digest that tells two patients' IDs apart, `acquired` when the scanner began;
    neither is written anywhere.
    """

    modality: str
    description: str
    protocol: str
    image_type: tuple[str, ...]
    scanning_sequence: tuple[str, ...]
    sequence_name: str
    acquisition_type: str
    echo_time: float | None
    repetition_time: float | None
    inversion_time: float | None
    contrast: bool
    body_part: str
    orientation: str
    slice_thickness: float | None
    pixel_spacing: tuple[float, float] | None
    rows: int
    columns: int
    samples_per_pixel: int
    sop_class_uid: str
    diffusion_b_value: float | None
    patient: str = field(default="", repr=False)
    acquired: datetime | None = field(default=None, repr=False)

    @property
    def shown_modality(self) -> str:
        """Modality, where it is two letters as most are; else ``unknown``, as it may be a name."""
        plain = len(self.modality) == 2 and self.modality.isascii() and self.modality.isalpha()
        return self.modality if plain else "unknown"


@dataclass(frozen=True)
class Series:
    """Instances that share a Series Instance UID; `frame_of_reference` is empty where absent."""

    uid: str
    number: int
    frame_of_reference: str
    acquisition: Acquisition
    instances: tuple[Instance, ...]

    @property
    def frames(self) -> int:
        """Images in all, counting the frames of multi-frame instances."""
        return sum(instance.frames for instance in self.instances)


@dataclass(frozen=True)
class Study:
    """Series that share a Study Instance UID."""

    uid: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class LeftOut:
    """A file that is part of no series, and why."""

    path: Path
    code: Code
    detail: str = ""


@dataclass(frozen=True)
class Scan:
    """All of a folder tree: every file found is in a series of `studies` or in `left_out`."""

    studies: tuple[Study, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def found(self) -> int:
        """Files found in all."""
        read = sum(len(series.instances) for study in self.studies for series in study.series)
        return read + len(self.left_out)

    @property
    def reasons(self) -> Counter[Code]:
        """How many files were left out for which reason."""
        return Counter(left.code for left in self.left_out)

    @property
    def why_empty(self) -> str:
        """Why there is no study, with how many files were left out for which reason."""
        if not self.found:
            return "There is no file in what was named."
        why = ", ".join(f"{code} {count}" for code, count in sorted(self.reasons.items()))
        return f"None of the {self.found} files is an image that can be read: {why}."


@dataclass(frozen=True)
class Candidate:
    """What the rules said of a series: a role with a score, or none, and the reason in words."""

    series_uid: str
    role: Role | None
    score: float
    reason: str


@dataclass(frozen=True)
class Case:
    """One study with the series that play a role in it.

    `candidates` keeps every series' score and reason, taken or not; `notes` says what a reader
    should look at, such as a repeat that was taken. `undecided` has the roles that stay empty where
    a series may play them, and why. Where the series that claim a role are of several `patients`,
    none takes one.
    """

    study: Study
    roles: Mapping[Role, Series]
    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()
    patients: int = 1
    undecided: Mapping[Role, str] = field(default_factory=dict)
