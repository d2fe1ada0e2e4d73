"""Headers of a series as highdicom needs them to place a segmentation."""

from __future__ import annotations

from collections.abc import Sequence

import highdicom
from pydicom import Dataset
from pydicom.valuerep import DS

from pipeline.dicom.write.identity import copy_header, stand_in


def fitted(sources: Sequence[Dataset], labels: highdicom.Volume, frame: str) -> list[Dataset]:
    """Copy `sources` with the geometry highdicom looks for; the first, alone, without identity.

    They are in the frame of reference `frame` and parallel to the first, whose spacing between
    slices, in millimetres, is that of `labels`, shape (slices, rows, columns).
    """
    first = stand_in(sources[0], frame)
    if "SharedFunctionalGroupsSequence" in first:
        shared = [_shared_groups(first, labels)]
        return [copy_header(first, SharedFunctionalGroupsSequence=shared), *sources[1:]]
    first = _measure(first, labels)
    return [first, *(_align(source, first) for source in sources[1:])]


def _shared_groups(header: Dataset, labels: highdicom.Volume) -> Dataset:
    # Some scanners repeat spacing and orientation in every frame; highdicom looks here only.
    own, of_frame = (
        header.SharedFunctionalGroupsSequence[0],
        header.PerFrameFunctionalGroupsSequence[0],
    )
    measures, orientation = (
        (own if keyword in own else of_frame)[keyword].value
        for keyword in ("PixelMeasuresSequence", "PlaneOrientationSequence")
    )
    return copy_header(
        own,
        PixelMeasuresSequence=[_measure(measures[0], labels)],
        PlaneOrientationSequence=list(orientation),
    )


def _measure(holder: Dataset, labels: highdicom.Volume) -> Dataset:
    # The distance between slices is what their positions say; headers are often silent or wrong.
    spacing = DS(float(labels.spacing[0]), auto_format=True)
    thickness = holder.get("SliceThickness") or spacing
    return copy_header(holder, SpacingBetweenSlices=spacing, SliceThickness=thickness)


def _align(source: Dataset, first: Dataset) -> Dataset:
    # highdicom wants direction cosines equal to the last digit; the series was found parallel.
    return copy_header(
        source,
        FrameOfReferenceUID=first.FrameOfReferenceUID,
        ImageOrientationPatient=first.ImageOrientationPatient,
    )
