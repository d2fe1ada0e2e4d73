"""The frames of a segmentation, by the hundred: encoded at once, what they have in common once."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import highdicom
import numpy as np
from highdicom.sr import CodedConcept
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.sr.codedict import codes

from pipeline.dicom.read.plane import normal_of, planes_of
from pipeline.dicom.write.decimal import decimals
from pipeline.dicom.write.encode import PER_FRAME, element, encode, item
from pipeline.dicom.write.images import reference

CONTENT, INDEX = 0x0020_9111, 0x0020_9157
IDENTIFICATION, NUMBER = 0x0062_000A, 0x0062_000B
PURPOSE = CodedConcept.from_code(codes.DCM.SourceImageForImageProcessingOperation)
DERIVATION = CodedConcept.from_code(codes.DCM.SegmentationImageDerivation)
# Nearer than this, mm, a plane lies where its source says, to the digit.
SAME_PLACE = 1e-3


@dataclass(frozen=True)
class Drawn:
    """Where a plane lies, and which image, or frame of one, it was drawn on.

    Attributes
    ----------
    header : pydicom.Dataset
        Of the image.
    frame : int or None
        From 1, where the image has frames.
    position : sequence of float
        Centre of the first voxel, LPS, mm.
    """

    header: Dataset
    frame: int | None
    position: Sequence[float]


def fill(dataset: Dataset, labels: highdicom.Volume, sources: Sequence[Dataset]) -> None:
    """Give a segmentation, made by highdicom for one plane, the frames of all.

    One frame for each segment and plane that holds it, segment by segment (PS3.3 A.51); where
    nothing is labelled the first plane, once a segment.

    Parameters
    ----------
    dataset : pydicom.Dataset
        Changed: frames, and the images that they refer to.
    labels : highdicom.Volume of uint8, shape (slices, rows, columns)
        Numbered as the segments; in the geometry of the sources.
    sources : sequence of pydicom.Dataset
        Headers of all images of the series, in any order.
    """
    count, planes = len(dataset.SegmentSequence), _planes(labels)
    placed = {plane: _placed(one) for plane, one in _drawn(labels, sources, planes)}
    order = {plane: index for index, plane in enumerate(planes, start=1)}
    frames = [(number, plane) for number in range(1, count + 1) for plane in planes]
    if labels.array.any():
        frames = [
            (number, plane) for number, plane in frames if (labels.array[plane] == number).any()
        ]
    groups = (_group(placed[plane], number, order[plane], count > 1) for number, plane in frames)
    content, pixels = b"".join(groups), _pixels(labels.array, frames)
    dataset[PER_FRAME] = RawDataElement(PER_FRAME, "SQ", len(content), content, 0, False, True)
    dataset.NumberOfFrames = len(frames)
    dataset.PixelData = pixels + bytes(len(pixels) % 2)
    if count == 1 and len(planes) > 1 and abs(planes[-1] - planes[0]) == len(planes) - 1:
        dataset.DimensionOrganizationType = "3D"
    dataset.SourceImageSequence = [reference(source) for source in sources]
    (series,) = dataset.ReferencedSeriesSequence
    series.ReferencedInstanceSequence = dataset.SourceImageSequence


def _planes(labels: highdicom.Volume) -> list[int]:
    """The planes that hold a voxel, else the first, in the order of positions along the normal."""
    held: list[int] = np.flatnonzero(labels.array.any((1, 2))).tolist() or [0]
    step, down, right = labels.affine[:3, :3].T
    return held if step @ normal_of([*right, *down]) > 0 else held[::-1]


def _drawn(
    labels: highdicom.Volume, sources: Sequence[Dataset], planes: Sequence[int]
) -> Iterator[tuple[int, Drawn]]:
    """Each plane, and the source image that lies nearest to it."""
    images = [image for number, one in enumerate(sources) for image in _images(one, number)]
    there = np.array([image.position for image in images], np.float64)
    origin, step = labels.affine[:3, 3], labels.affine[:3, 0]
    for plane in planes:
        here = origin + plane * step
        away = np.linalg.norm(there - here, axis=1)
        image = images[int(np.argmin(away))]
        yield plane, image if away.min() < SAME_PLACE else replace(image, position=here.tolist())


def _pixels(array: NDArray[np.uint8], frames: Sequence[tuple[int, int]]) -> bytes:
    """One bit a voxel, frame after frame without a gap; eight frames are whole bytes."""
    eights = (frames[start : start + 8] for start in range(0, len(frames), 8))
    bits = (np.stack([array[plane] == number for number, plane in eight]) for eight in eights)
    return b"".join(np.packbits(some, bitorder="little").tobytes() for some in bits)


def _images(header: Dataset, number: int) -> Iterator[Drawn]:
    if not header.get("PerFrameFunctionalGroupsSequence"):
        yield Drawn(header, None, header.ImagePositionPatient)
        return
    for plane in planes_of(header, number):
        yield Drawn(header, plane.frame + 1, plane.position)


def _placed(drawn: Drawn) -> tuple[bytes, bytes]:
    """What is said of a frame before and after its content: derivation, position."""
    source = reference(drawn.header)
    if drawn.frame is not None:
        source.ReferencedFrameNumber = drawn.frame
    source.SpatialLocationsPreserved = "YES"
    source.PurposeOfReferenceCodeSequence = [PURPOSE]
    derivation, before, after, position = (Dataset() for _ in range(4))
    derivation.SourceImageSequence, derivation.DerivationCodeSequence = [source], [DERIVATION]
    before.DerivationImageSequence = [derivation]
    position.ImagePositionPatient = decimals(drawn.position)
    after.PlanePositionSequence = [position]
    return encode(before), encode(after)


def _group(placed: tuple[bytes, bytes], number: int, index: int, named: bool) -> bytes:
    """One frame's functional groups; a single segment is named in the shared ones."""
    before, after = placed
    content = element(INDEX, "UL", struct.pack("<2I", number, index))
    segment = element(NUMBER, "US", struct.pack("<H", number))
    groups = (
        *(before, element(CONTENT, "SQ", item(content)), after),
        element(IDENTIFICATION, "SQ", item(segment)) if named else b"",
    )
    return item(b"".join(groups))
