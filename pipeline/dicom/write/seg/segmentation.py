"""Write a label map as a DICOM Segmentation in the geometry of the series it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import highdicom
import numpy as np
from highdicom.color import CIELabColor
from highdicom.seg import Segmentation, SegmentDescription
from pydicom import Dataset

from pipeline.dicom.write.codes import coded
from pipeline.dicom.write.identity import content_moment, frame_of_reference, restore_identity
from pipeline.dicom.write.provenance import (
    MANUFACTURER,
    Stamp,
    algorithm,
    algorithm_name,
    derive_uid,
    stamp_uid,
)
from pipeline.dicom.write.save import save
from pipeline.dicom.write.seg.frames import fill
from pipeline.dicom.write.seg.header import fitted
from pipeline.errors import BundleError
from pipeline.types import Segment


def write_segmentation(  # noqa: PLR0913 - one object, all of it required
    path: Path,
    labels: highdicom.Volume,
    segments: tuple[Segment, ...],
    sources: Sequence[Dataset],
    stamp: Stamp,
    series_number: int,
    description: str,
) -> str:
    """Write `labels` to `path` as one binary Segmentation object of the sources' study.

    Frames without a voxel are left out. Where no voxel is labelled at all, the first plane is
    written, empty, once per segment: a valid object that says "looked, found none".

    Parameters
    ----------
    labels : highdicom.Volume of uint8, shape (slices, rows, columns)
        0 is background. In the sources' geometry, patient frame LPS, millimetres.
    segments : tuple of Segment
        What the labels mean, numbered 1, 2, 3 …
    sources : sequence of pydicom.Dataset
        Headers of the series' images, or of its multi-frame objects, in any order.
    description : str
        Series description.

    Returns
    -------
    str
        SOP Instance UID; the same inputs give the same UID and the same bytes.

    Raises
    ------
    BundleError
        A voxel holds a label that is no segment, or the segments are not numbered 1, 2, 3 …
    InputError
        TRUNCATED: a source's header holds a value that cannot be written.
    OutputError
        `path` cannot be written.
    """
    _check(labels, segments)
    content = ("BINARY", description, str(series_number), repr(segments), _fingerprint(labels))
    uid = stamp_uid("segmentation", sources[0], (stamp,), *content)
    frame = frame_of_reference(sources[0])
    date, time = content_moment(sources[0])
    dataset = Segmentation(
        source_images=[fitted(sources[0], labels, frame)],
        pixel_array=_first_plane(labels, frame),
        segmentation_type="BINARY",
        omit_empty_frames=False,
        segment_descriptions=[_describe(segment, stamp, uid) for segment in segments],
        series_instance_uid=stamp_uid("series", sources[0], (stamp,), "SEG", str(series_number)),
        series_number=series_number,
        sop_instance_uid=uid,
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=algorithm_name(stamp),
        software_versions=stamp.module.version,
        device_serial_number=stamp.module.digest.removeprefix("sha256:")[:64],
        content_label="SEGMENTATION",
        content_description=description[:64],
        series_description=description[:64],
        content_date=date,
        content_time=time,
        specific_character_set=None,
    )
    fill(dataset, labels, sources)
    restore_identity(dataset, sources[0], (stamp,), own_text=description + repr(segments))
    save(dataset, path)
    return uid


def tracking_uid(segmentation_uid: str, number: int) -> str:
    """Tracking UID that a segment carries in the segmentation and in the report."""
    return derive_uid("segment", segmentation_uid, str(number))


def _check(labels: highdicom.Volume, segments: tuple[Segment, ...]) -> None:
    numbers = [segment.number for segment in segments]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise BundleError(
            f"Segments are numbered {numbers}.",
            "Number them 1, 2, 3 … without gaps in module.toml.",
        )
    if labels.array.dtype == np.uint8 and int(labels.array.max()) <= len(numbers):
        return  # the quick way to know
    strangers = sorted(set(np.unique(labels.array).tolist()) - {0, *numbers})
    if strangers:
        raise BundleError(
            f"The label map holds {strangers}, which no segment describes.",
            "Name every label the module gives in module.toml.",
        )


def _first_plane(labels: highdicom.Volume, frame: str) -> highdicom.Volume:
    # highdicom takes as long for all of them as a network; what it makes of one, `fill` completes.
    array = labels.array[:1].astype(np.uint8)
    return highdicom.Volume(array, labels.affine, "PATIENT", frame_of_reference_uid=frame)


def _fingerprint(labels: highdicom.Volume) -> str:
    array = np.ascontiguousarray(labels.array, dtype=np.uint8)
    digest = hashlib.sha256(repr(array.shape).encode())
    digest.update(np.ascontiguousarray(labels.affine, dtype="<f8").tobytes())
    digest.update(array.tobytes())
    return digest.hexdigest()


def _describe(segment: Segment, stamp: Stamp, uid: str) -> SegmentDescription:
    return SegmentDescription(
        segment_number=segment.number,
        segment_label=segment.name[:64],
        segmented_property_category=coded(segment.category),
        segmented_property_type=coded(segment.type),
        algorithm_type="AUTOMATIC",
        algorithm_identification=algorithm(stamp),
        tracking_uid=tracking_uid(uid, segment.number),
        tracking_id=f"{stamp.module.name} {segment.name}"[:64],
        display_color=CIELabColor.from_rgb(*segment.colour),
    )
