"""MR Image Storage: one object a slice, the way most scanners still send; PS3.3 A.4."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage

from pipeline.demo.header import Identity, common, decimal, store_pixels, uid
from pipeline.demo.stack import Stack


def slices(
    identity: Identity, stack: Stack, pixels: NDArray[np.uint16], first: int
) -> list[Dataset]:
    """One object a slice of `pixels`, shape (slice, row, column), numbered from `first`."""
    return [
        _slice(identity, stack, pixels[index], index, first + index) for index in range(len(pixels))
    ]


def _slice(
    identity: Identity, stack: Stack, pixels: NDArray[np.uint16], index: int, number: int
) -> Dataset:
    instance = uid(identity.series_entropy, "instance", str(number))
    dataset = common(identity, MRImageStorage, instance, number)
    dataset.InstanceNumber, dataset.AcquisitionNumber = number, 1
    _sequence(dataset, identity)
    _plane(dataset, stack, index)
    store_pixels(dataset, pixels, identity)
    _display(dataset, identity)
    return dataset


def _sequence(dataset: Dataset, identity: Identity) -> None:
    """MR Image module, and the contrast agent where one was given."""
    weighting = identity.scan.weighting
    sequence = weighting.sequence
    dataset.ImageType = ["ORIGINAL", "PRIMARY", *weighting.image_type]
    dataset.ScanningSequence = list(weighting.scanning_sequence)
    dataset.SequenceVariant = list(weighting.sequence_variant)
    dataset.ScanOptions = ""
    dataset.MRAcquisitionType = weighting.acquisition_type
    dataset.RepetitionTime, dataset.EchoTime = sequence.repetition_ms, sequence.echo_ms
    if sequence.inversion_ms:
        dataset.InversionTime = sequence.inversion_ms
    if weighting.sequence_name:
        dataset.SequenceName = weighting.sequence_name
    dataset.FlipAngle, dataset.EchoTrainLength = weighting.flip_degrees, weighting.echo_train
    dataset.NumberOfAverages, dataset.EchoNumbers = 1, 1
    dataset.ImagingFrequency, dataset.ImagedNucleus = round(42.577 * sequence.tesla, 3), "1H"


def _plane(dataset: Dataset, stack: Stack, index: int) -> None:
    dataset.PixelSpacing = decimal(stack.steps[:2])
    dataset.SliceThickness, dataset.SpacingBetweenSlices = decimal(stack.lengths)
    dataset.ImageOrientationPatient = decimal(stack.directions[:, :2].T.ravel())
    dataset.ImagePositionPatient = decimal(stack.position(index))
    dataset.SliceLocation = decimal(stack.position(index) @ stack.directions[:, 2:])[0]


def _display(dataset: Dataset, identity: Identity) -> None:
    """Rescale where the machine writes one, and a window that suits the brain."""
    machine = identity.plan.machine
    if machine.slope != 1:
        dataset.RescaleSlope, dataset.RescaleIntercept = machine.slope, machine.intercept
        dataset.RescaleType = "US"
    white = machine.white * machine.slope
    dataset.WindowCenter, dataset.WindowWidth = round(0.9 * white), round(1.8 * white)
