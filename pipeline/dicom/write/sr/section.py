"""What goes into a report: a section a module, and the images that were looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset

from pipeline.dicom.write.provenance import Stamp
from pipeline.types import Prediction, Role, Segment

Sources = Mapping[Role, Sequence[Dataset]]


@dataclass(frozen=True)
class Section:
    """What one module says in the report.

    Attributes
    ----------
    stamp : Stamp
        The version that says it.
    prediction : Prediction
        Its measurements, findings and assessments; its label map is in `segmentation`.
    role : Role or None
        The series it ran on, None for a module that takes the whole case.
    segments : tuple of Segment
        What the labels mean.
    segmentation : Path or None
        The Segmentation object that `write_segmentation` wrote for it.
    """

    stamp: Stamp
    prediction: Prediction
    role: Role | None = None
    segments: tuple[Segment, ...] = ()
    segmentation: Path | None = None
