"""Headers of a series as highdicom needs them to place a segmentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import highdicom
from pydicom import DataElement, Dataset
from pydicom.uid import MRImageStorage
from pydicom.valuerep import DS

from pipeline.dicom.read.plane import planes_of
from pipeline.dicom.write.decimal import decimal
from pipeline.dicom.write.identity import copy_header, stand_in
from pipeline.dicom.write.provenance import derive_uid

FRAMES = (
    "NumberOfFrames",
    "PerFrameFunctionalGroupsSequence",
    "SharedFunctionalGroupsSequence",
    "DimensionIndexSequence",
    "DimensionOrganizationSequence",
)
PLACING = ("PixelMeasuresSequence", "PlaneOrientationSequence")


def fitted(sources: Sequence[Dataset], labels: highdicom.Volume, frame: str) -> list[Dataset]:
    """Copy `sources` with the geometry highdicom looks for; the first, alone, without identity.

    They are in the frame of reference `frame` and parallel to the first, whose spacing between
    slices, in millimetres, is that of `labels`, shape (slices, rows, columns).
    """
    if _is_named_by_frame(sources):
        sources = [flat for number, source in enumerate(sources) for flat in _flat(source, number)]
    first = stand_in(sources[0], frame)
    if "SharedFunctionalGroupsSequence" in first:
        shared = [_shared_groups(first, labels)]
        return [copy_header(first, SharedFunctionalGroupsSequence=shared), *sources[1:]]
    first = _measure(first, labels)
    return [_findable(one) for one in (first, *(_align(source, first) for source in sources[1:]))]


def _findable(header: Dataset) -> Dataset:
    # For every plane highdicom asks image after image for its name: kept where Python looks first.
    vars(header)["SOPInstanceUID"] = str(header.SOPInstanceUID)
    return header


def _flat(source: Dataset, number: int) -> Iterator[Dataset]:
    """One header a frame: highdicom takes one orderly multi-frame object, not the parts of one."""
    bare = copy_header(source)
    for keyword in FRAMES:
        if keyword in bare:
            del bare[keyword]
    for plane in planes_of(source, number):
        yield copy_header(
            bare,
            SOPClassUID=MRImageStorage,
            SOPInstanceUID=_frame_uid(source, plane.frame),
            ImagePositionPatient=_decimals(plane.position),
            ImageOrientationPatient=_decimals(plane.orientation),
            PixelSpacing=_decimals(plane.spacing),
        )


def name_parts(dataset: Dataset, sources: Sequence[Dataset]) -> None:
    """Refer to frames of multi-frame objects, where `fitted` gave each a name of its own.

    A part stands once among the referenced instances, however many of its frames were used.
    """
    if not _is_named_by_frame(sources):
        return
    known = {
        _frame_uid(source, frame): (source, frame)
        for source in sources
        for frame in range(int(source.NumberOfFrames))
    }

    def rename(holder: Dataset, element: DataElement) -> None:
        if element.keyword == "ReferencedSOPInstanceUID" and str(element.value) in known:
            source, frame = known[str(element.value)]
            element.value = source.SOPInstanceUID
            holder.ReferencedSOPClassUID = source.SOPClassUID
            holder.ReferencedFrameNumber = frame + 1

    dataset.walk(rename)
    for series in dataset.ReferencedSeriesSequence:
        parts = {str(i.ReferencedSOPInstanceUID): i for i in series.ReferencedInstanceSequence}
        for part in parts.values():
            if "ReferencedFrameNumber" in part:
                del part.ReferencedFrameNumber
        series.ReferencedInstanceSequence = list(parts.values())


def _is_named_by_frame(sources: Sequence[Dataset]) -> bool:
    of_frame = sources[0].get("PerFrameFunctionalGroupsSequence")
    return bool(of_frame) and (len(sources) > 1 or not _is_orderly(sources[0]))


def _is_orderly(header: Dataset) -> bool:
    """Whether spacing and orientation stand in functional groups, and some groups are shared."""
    shared = header.get("SharedFunctionalGroupsSequence")
    groups = (*(shared or ()), header.PerFrameFunctionalGroupsSequence[0])
    return bool(shared) and all(any(keyword in group for group in groups) for keyword in PLACING)


def _frame_uid(source: Dataset, frame: int) -> str:
    return derive_uid("frame", str(source.SOPInstanceUID), str(frame))


def _decimals(values: Sequence[float]) -> list[object]:
    return [DS(decimal(value), auto_format=True) for value in values]


def _shared_groups(header: Dataset, labels: highdicom.Volume) -> Dataset:
    # Some scanners repeat spacing and orientation in every frame; highdicom looks here only.
    own, of_frame = (
        header.SharedFunctionalGroupsSequence[0],
        header.PerFrameFunctionalGroupsSequence[0],
    )
    measures, orientation = (
        (own if keyword in own else of_frame)[keyword].value for keyword in PLACING
    )
    return copy_header(
        own,
        PixelMeasuresSequence=[_measure(measures[0], labels)],
        PlaneOrientationSequence=list(orientation),
    )


def _measure(holder: Dataset, labels: highdicom.Volume) -> Dataset:
    # The distance between slices is what their positions say; headers are often silent or wrong.
    spacing = DS(decimal(labels.spacing[0]), auto_format=True)
    thickness = holder.get("SliceThickness") or spacing
    return copy_header(holder, SpacingBetweenSlices=spacing, SliceThickness=thickness)


def _align(source: Dataset, first: Dataset) -> Dataset:
    # highdicom wants direction cosines equal to the last digit; the series was found parallel.
    return copy_header(
        source,
        FrameOfReferenceUID=first.FrameOfReferenceUID,
        ImageOrientationPatient=first.ImageOrientationPatient,
    )
