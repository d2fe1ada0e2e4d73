"""Enhanced multi-frame MR: one object of many frames, geometry in functional groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydicom import Dataset, FileDataset
from pydicom.uid import EnhancedMRImageStorage, generate_uid

from tests.dicom.oracle.phantom import Truth, cut, place

IN_GROUPS = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness")


def enhanced(
    truth: Truth,
    name: str,
    *,
    shared: bool = True,
    frames: Sequence[int] = (),
    scale: bool = False,
) -> FileDataset:
    """Put the slices `frames` of `truth` into one object, in that order.

    With `shared`, spacing and orientation stand once for all frames; otherwise each frame repeats
    them. With `scale`, each frame has a slope of its own.
    """
    order = list(frames) or list(range(len(truth.array)))
    dataset = cut(truth, name)[0]
    for keyword in (*IN_GROUPS, "SpacingBetweenSlices", "EchoTime", "InstanceNumber"):
        del dataset[keyword]
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = EnhancedMRImageStorage
    identify(dataset, name, "whole")
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "T1", "NONE"]
    dataset.InstanceNumber, dataset.NumberOfFrames = 1, len(order)
    dataset.SharedFunctionalGroupsSequence = [_measures(truth) if shared else Dataset()]
    dataset.PerFrameFunctionalGroupsSequence = [
        _frame(truth, k, number, shared, scale) for number, k in enumerate(order, 1)
    ]
    stored = truth.array[order].astype("<u2")
    dataset.PixelData = stored.tobytes()
    return dataset


def identify(dataset: FileDataset, *what: str) -> None:
    """Give an instance an identifier that follows from `what`."""
    uid = generate_uid(entropy_srcs=["enhanced", *what])
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = uid


def concatenation(truth: Truth, name: str, size: int) -> list[FileDataset]:
    """The same frames spread over objects of `size` frames each (PS3.3 C.7.6.16.2.2.4)."""
    parts = []
    for number, start in enumerate(range(0, len(truth.array), size), 1):
        part = enhanced(truth, name, frames=range(start, min(start + size, len(truth.array))))
        identify(part, name, str(number))
        part.InstanceNumber = part.InConcatenationNumber = number
        part.ConcatenationUID = generate_uid(entropy_srcs=["concatenation", name])
        part.ConcatenationFrameOffsetNumber = start
        part.SOPInstanceUIDOfConcatenationSource = generate_uid(entropy_srcs=["whole", name])
        parts.append(part)
    return parts


def _measures(truth: Truth) -> Dataset:
    flat, group = Dataset(), Dataset()
    place(flat, truth, 0)
    measures, orientation = Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = flat.PixelSpacing, flat.SliceThickness
    measures.SpacingBetweenSlices = flat.SpacingBetweenSlices
    orientation.ImageOrientationPatient = flat.ImageOrientationPatient
    group.PixelMeasuresSequence, group.PlaneOrientationSequence = [measures], [orientation]
    return group


def _frame(truth: Truth, k: int, number: int, shared: bool, scale: bool) -> Dataset:
    group = Dataset() if shared else _measures(truth)
    flat, position, content, echo = Dataset(), Dataset(), Dataset(), Dataset()
    place(flat, truth, k)
    position.ImagePositionPatient = flat.ImagePositionPatient
    content.InStackPositionNumber, content.StackID = number, "1"
    content.DimensionIndexValues = [1, number]
    echo.EffectiveEchoTime = 10.0
    group.PlanePositionSequence, group.FrameContentSequence = [position], [content]
    group.MREchoSequence = [echo]
    if scale:
        transform = Dataset()
        transform.RescaleSlope, transform.RescaleIntercept = str(0.5 + 0.25 * k), "-3"
        transform.RescaleType = "US"
        group.PixelValueTransformationSequence = [transform]
    return group


def scaled(truth: Truth) -> Truth:
    """The values that ``scale=True`` stands for."""
    slopes = 0.5 + 0.25 * np.arange(len(truth.array))
    return Truth(truth.array * slopes[:, None, None] - 3, truth.affine)
