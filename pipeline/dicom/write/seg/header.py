"""A header that stands for a series where highdicom makes a segmentation of it."""

from __future__ import annotations

from collections.abc import Iterator

import highdicom
from pydicom import Dataset
from pydicom.uid import MRImageStorage

from pipeline.dicom.read.plane import planes_of
from pipeline.dicom.write.decimal import decimals
from pipeline.dicom.write.identity import copy_header, stand_in

FRAMES = (
    "NumberOfFrames",
    "PerFrameFunctionalGroupsSequence",
    "SharedFunctionalGroupsSequence",
    "DimensionIndexSequence",
    "DimensionOrganizationSequence",
)


def fitted(source: Dataset, labels: highdicom.Volume, frame: str) -> Dataset:
    """Copy a header as that of one image, without identity, in the frame of reference `frame`.

    The spacing between slices, mm, is that of `labels`, shape (slices, rows, columns): what their
    positions say. Headers are often silent or wrong.
    """
    thickness = next(_thicknesses(source), None)
    one = stand_in(source, frame)
    if "PerFrameFunctionalGroupsSequence" in one:
        one = _flat(one)
    spacing = decimals(labels.spacing[:1])[0]
    return copy_header(one, SpacingBetweenSlices=spacing, SliceThickness=thickness or spacing)


def _flat(header: Dataset) -> Dataset:
    """As the single image that the first frame would be."""
    plane, one = next(planes_of(header, 0)), copy_header(header)
    for keyword in FRAMES:
        if keyword in one:
            del one[keyword]
    return copy_header(
        one,
        SOPClassUID=MRImageStorage,
        ImagePositionPatient=decimals(plane.position),
        ImageOrientationPatient=decimals(plane.orientation),
        PixelSpacing=decimals(plane.spacing),
    )


def _thicknesses(source: Dataset) -> Iterator[object]:
    """Slice thickness in the header, in its shared groups, in those of its first frame."""
    shared = source.get("SharedFunctionalGroupsSequence") or ()
    groups = (*shared, *(source.get("PerFrameFunctionalGroupsSequence") or ())[:1])
    measures = (group.get("PixelMeasuresSequence") or (Dataset(),) for group in groups)
    for holder in (source, *(found[0] for found in measures)):
        if holder.get("SliceThickness"):
            yield holder.SliceThickness
