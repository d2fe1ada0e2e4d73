"""Write what the modules found in a study as one structured report (TID 1500)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import highdicom.sr as hd
from pydicom import Dataset, dcmread
from pydicom.errors import InvalidDicomError

from pipeline.dicom.write.identity import (
    content_moment,
    frame_of_reference,
    restore_identity,
    stand_in,
)
from pipeline.dicom.write.images import evidence
from pipeline.dicom.write.provenance import MANUFACTURER, stamp_uid
from pipeline.dicom.write.save import save
from pipeline.dicom.write.sr.content import content
from pipeline.dicom.write.sr.groups import Groups
from pipeline.dicom.write.sr.section import Section, Sources
from pipeline.errors import OutputError
from pipeline.types import Role


def write_report(
    path: Path,
    *,
    sections: Sequence[Section],
    sources: Sources,
    reference: Role,
    series_number: int,
    description: str,
) -> str:
    """Write a Comprehensive 3D SR of the study to `path`.

    Each section gives one measurement group per series it judges or measures (TID 1501), per
    segment (TID 1411, referring to the segmentation), per other region, and per finding (TID 1410,
    its centroid a point in patient space, LPS, mm); every group names its algorithm (TID 4019).

    Parameters
    ----------
    sections : sequence of Section
        At least one, in the order they are to be read.
    sources : mapping of Role to sequence of pydicom.Dataset
        Headers of every series that was looked at, all of one study.
    reference : Role
        The series whose patient, study and frame of reference the report takes.

    Returns
    -------
    str
        SOP Instance UID; the same inputs give the same UID and the same bytes.

    Raises
    ------
    InputError
        TRUNCATED: a source's header holds a value that cannot be written.
    OutputError
        `path` cannot be written, or a segmentation cannot be read back.
    """
    source = sources[reference][0]
    frame, (date, time) = frame_of_reference(source), content_moment(source)
    stamps = [section.stamp for section in sections]
    segmentations = [_read_segmentation(section.segmentation) for section in sections]
    uid = _report_uid(source, sections, segmentations, f"{description} {series_number}")
    groups = [
        group
        for section, segmentation in zip(sections, segmentations, strict=True)
        for group in Groups(section, segmentation, sources, frame, uid).all()
    ]
    root, rest = content(groups, sources, stamps[0].pipeline_version)
    # highdicom copies and searches what it is given; made by itself, the rest needs neither.
    dataset = hd.Comprehensive3DSR(
        evidence=[stand_in(source, frame)],
        content=root,
        series_instance_uid=stamp_uid("series", source, stamps, "SR", str(series_number)),
        series_number=series_number,
        series_description=description[:64],
        sop_instance_uid=uid,
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name="tessera-mri",
        software_versions=stamps[0].pipeline_version,
        is_complete=True,
        content_date=date,
        content_time=time,
        specific_character_set=None,
    )
    dataset.ContentSequence.extend(rest)
    images = [header for headers in sources.values() for header in headers]
    written = [segmentation for segmentation in segmentations if segmentation is not None]
    dataset.CurrentRequestedProcedureEvidenceSequence = evidence([source, *images, *written])
    restore_identity(dataset, source, stamps, own_text=description + _own_text(sections))
    save(dataset, path)
    return uid


def _read_segmentation(path: Path | None) -> Dataset | None:
    try:
        return None if path is None else dcmread(path, stop_before_pixels=True)
    except (OSError, InvalidDicomError) as error:
        raise OutputError(
            f"{path} cannot be read back for the report.", "Run the study again."
        ) from error


def _own_text(sections: Sequence[Section]) -> str:
    said = (
        (s.role, s.prediction.measurements, s.prediction.findings, s.prediction.assessments)
        for s in sections
    )
    return repr([*said, *(section.segments for section in sections)])


def _report_uid(
    source: Dataset,
    sections: Sequence[Section],
    segmentations: Sequence[Dataset | None],
    title: str,
) -> str:
    drawn = [str(s.SOPInstanceUID) if s is not None else "" for s in segmentations]
    stamps = [section.stamp for section in sections]
    return stamp_uid("report", source, stamps, title, _own_text(sections), *drawn)
