"""A small volume whose every voxel is known, cut into slices as a scanner would."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, FileDataset, dcmwrite
from pydicom.uid import generate_uid

from pipeline.errors import Code
from tests.dicom.synthetic import AXIAL, mr_slice

# JPEG 2000 halves an image five times: no side may be shorter than 32.
SHAPE = (8, 40, 36)
Pack = Callable[[FileDataset], object]


@dataclass(frozen=True)
class Truth:
    """Stored values, shape (slices, rows, columns), and the affine of those indices, LPS, mm."""

    array: NDArray[np.float64]
    affine: NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """One series of the oracle test.

    Attributes
    ----------
    name : str
        What is unusual about it.
    datasets : sequence of FileDataset
        Its instances.
    truth : Truth or None
        The volume, where it is one.
    refused : Code or None
        Why it is none.
    pack : callable
        Encodes one instance; called before writing.
    tool : tuple of str
        Program and options that encode a written file, in place of `pack`.
    """

    name: str
    datasets: Sequence[FileDataset]
    truth: Truth | None = None
    refused: Code | None = None
    pack: Pack = field(default=lambda dataset: None)
    tool: tuple[str, ...] = ()


def volume(
    orientation: Sequence[float] = AXIAL,
    spacing: tuple[float, float, float] = (3.0, 1.25, 1.25),
    shape: tuple[int, int, int] = SHAPE,
    backwards: bool = False,
) -> Truth:
    """Random 12-bit values on a grid; slices follow the standard's normal, or run against it."""
    right, down = np.array(orientation[:3]), np.array(orientation[3:])
    normal = np.cross(right, down) * (-1 if backwards else 1)
    affine = np.eye(4)
    affine[:3, :3] = np.c_[normal * spacing[0], down * spacing[1], right * spacing[2]]
    affine[:3, 3] = [-17.25, 23.5, 41.125]
    values = np.random.default_rng(7).integers(0, 4096, shape)
    return Truth(values.astype(np.float64), affine)


def cut(truth: Truth, name: str, order: Sequence[int] = ()) -> list[FileDataset]:
    """One instance a slice; the slice acquired first is number 1, in `order` if it is given."""
    study, series = (generate_uid(entropy_srcs=["oracle", kind, name]) for kind in ("st", "se"))
    numbers = {slice_: number for number, slice_ in enumerate(order or range(len(truth.array)), 1)}
    return [_instance(truth, k, study, series, numbers[k]) for k in sorted(numbers)]


def _instance(truth: Truth, k: int, study: str, series: str, number: int) -> FileDataset:
    dataset = mr_slice(study, series, number, truth.array[k].astype(np.uint16))
    place(dataset, truth, k)
    dataset.PatientPosition, dataset.ProtocolName = "HFS", "oracle"
    dataset.StudyDate = dataset.SeriesDate = "20200102"
    dataset.StudyTime, dataset.AcquisitionTime = "101112", "101112"
    dataset.Manufacturer, dataset.AcquisitionNumber = "Test", 1
    return dataset


def place(dataset: Dataset, truth: Truth, k: float) -> None:
    """Give `dataset` the geometry of slice `k`, which may lie between slices."""
    steps = np.linalg.norm(truth.affine[:3, :3], axis=0)
    across = truth.affine[:3, :3] / steps
    position = truth.affine[:3, 3] + k * truth.affine[:3, 0]
    dataset.ImagePositionPatient = [text(x) for x in position]
    dataset.ImageOrientationPatient = [text(x) for x in (*across[:, 2], *across[:, 1])]
    dataset.PixelSpacing = [text(steps[1]), text(steps[2])]
    dataset.SliceThickness = dataset.SpacingBetweenSlices = text(steps[0])


def text(value: float) -> str:
    """A decimal string of at most 16 characters."""
    return f"{value:.11f}"[:16]


def write(sample: Sample, folder: Path) -> Path:
    """Write a sample's instances, named so that their order on disk is not the slices'."""
    folder.mkdir(parents=True, exist_ok=True)
    for n, dataset in enumerate(sample.datasets):
        sample.pack(dataset)
        path = folder / f"{(n * 7) % 101:03d}-{n}.dcm"
        dcmwrite(path, dataset, enforce_file_format=True)
        if sample.tool:
            subprocess.run([*sample.tool, path, path], check=True, capture_output=True)
    return folder
