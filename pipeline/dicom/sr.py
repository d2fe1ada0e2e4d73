"""Write what the modules found in a study as one structured report (TID 1500)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import highdicom.sr as hd
import numpy as np
from pydicom import Dataset, dcmread
from pydicom.errors import InvalidDicomError
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from pipeline.dicom.provenance import (
    MANUFACTURER,
    Stamp,
    algorithm_content,
    content_moment,
    derive_uid,
    restore_identity,
    save,
    stamp_uid,
    stand_in,
)
from pipeline.dicom.seg import coded, frame_of_reference, tracking_uid
from pipeline.errors import OutputError
from pipeline.types import Assessment, Finding, Measurement, Prediction, Role, Segment, Verdict

Group = (
    hd.MeasurementsAndQualitativeEvaluations
    | hd.VolumetricROIMeasurementsAndQualitativeEvaluations
    | hd.PlanarROIMeasurementsAndQualitativeEvaluations
)
Sources = Mapping[Role, Sequence[Dataset]]

_CONTAINS = hd.RelationshipTypeValues.CONTAINS
_LANGUAGE = hd.CodedConcept("en-GB", "RFC5646", "English (United Kingdom)")
_BRAIN_MR = Code("24590-2", "LN", "MR Brain")
_BRAIN = Code("12738006", "SCT", "Brain")
_SOURCE = Code("260753009", "SCT", "Source")
_LESION = Code("52988006", "SCT", "Lesion")
_VOLUME = Code("118565006", "SCT", "Volume")
_DIAMETER = Code("L0JK", "IBSI", "Maximum 3D Diameter of a Mesh")
_UNITS = {
    "1": "no units",
    "%": "percent",
    "mm": "millimeter",
    "mL": "milliliter",
    "ml": "milliliter",
}
_VERDICTS = {
    Verdict.PASS: Code("111237", "DCM", "Usable - Meets the quality control standard"),
    Verdict.WARN: Code("111236", "DCM", "Usable - Does not meet the quality control standard"),
    Verdict.FAIL: Code("111235", "DCM", "Unusable - Quality renders image unusable"),
    Verdict.ABSTAIN: Code("82334004", "SCT", "Indeterminate"),
}


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
        for group in _Groups(section, segmentation, sources, frame, uid).all()
    ]
    images = [header for headers in sources.values() for header in headers]
    written = [segmentation for segmentation in segmentations if segmentation is not None]
    dataset = hd.Comprehensive3DSR(
        evidence=[stand_in(source, frame), *images, *written],
        content=_content(groups, sources, stamps[0].pipeline_version),
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
    restore_identity(dataset, source, stamps, own_text=description + _own_text(sections))
    save(dataset, path)
    return uid


def _content(groups: list[Group], sources: Sources, version: str) -> hd.MeasurementReport:
    device = hd.DeviceObserverIdentifyingAttributes(
        uid=derive_uid("device", MANUFACTURER, version),
        name=MANUFACTURER,
        manufacturer_name=MANUFACTURER,
        model_name=f"tessera-mri {version}",
    )
    observer = hd.ObserverContext(codes.DCM.Device, device)
    report = hd.MeasurementReport(
        observation_context=hd.ObservationContext(observer_device_context=observer),
        procedure_reported=_BRAIN_MR,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=hd.LanguageOfContentItemAndDescendants(_LANGUAGE),
    )
    report[0].ContentSequence.insert(-1, _library(sources))  # before the measurements
    return report


@dataclass(frozen=True)
class _Groups:
    """One section's measurement groups."""

    section: Section
    segmentation: Dataset | None
    sources: Sources
    frame: str
    report_uid: str

    def all(self) -> list[Group]:
        """Every group; one that only names the algorithm where the module had nothing to say."""
        groups = [*self.of_series(), *self.of_segments(), *self.of_regions(), *self.of_findings()]
        return groups or [self.of_images("", None, (), ())]

    def of_series(self) -> Iterator[Group]:
        """What was measured in, or said of, a whole series or the whole case."""
        prediction = self.section.prediction
        measurements = [m for m in prediction.measurements if not m.segment]
        roles = [m.role for m in measurements] + [a.role for a in prediction.assessments]
        for role in dict.fromkeys(roles):
            yield self.of_images(
                "",
                role or self.section.role,
                [m for m in measurements if m.role == role],
                [a for a in prediction.assessments if a.role == role],
            )

    def of_segments(self) -> Iterator[Group]:
        """What was measured of each segment in the segmentation object."""
        if self.segmentation is None:
            return
        uid = str(self.segmentation.SOPInstanceUID)
        series = str(self.segmentation.ReferencedSeriesSequence[0].SeriesInstanceUID)
        for segment in self.section.segments:
            measurements = self.measured(segment.name)
            group = hd.VolumetricROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=hd.TrackingIdentifier(
                    tracking_uid(uid, segment.number), self.label(segment.name)
                ),
                referenced_segment=hd.ReferencedSegment(
                    sop_class_uid=str(self.segmentation.SOPClassUID),
                    sop_instance_uid=uid,
                    segment_number=segment.number,
                    source_series=hd.SourceSeriesForSegmentation(series),
                ),
                finding_category=coded(segment.category),
                finding_type=coded(segment.type),
                algorithm_id=algorithm_content(self.section.stamp),
                measurements=_measure_all(measurements, self.report_uid),
            )
            yield _remark(group, _undefined(measurements))

    def of_regions(self) -> Iterator[Group]:
        """What was measured of regions that are no segment, such as segments taken together."""
        shown = {s.name for s in self.section.segments if self.segmentation is not None}
        regions = dict.fromkeys(m.segment for m in self.section.prediction.measurements)
        for region in regions:
            if region and region not in shown:
                yield self.of_images(region, self.section.role, self.measured(region), ())

    def of_findings(self) -> Iterator[Group]:
        """Each lesion, at its centroid."""
        for finding in self.section.prediction.findings:
            label = self.label(f"lesion {finding.number}")
            yield hd.PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=self.track(label),
                referenced_region=hd.ImageRegion3D(
                    graphic_type=hd.GraphicTypeValues3D.POINT,
                    graphic_data=np.array([finding.centroid_mm], dtype=np.float64),
                    frame_of_reference_uid=self.frame,
                ),
                finding_type=_LESION,
                finding_sites=[hd.FindingSite(_BRAIN)],
                algorithm_id=algorithm_content(self.section.stamp),
                measurements=_measure_finding(finding),
                geometric_purpose=codes.DCM.Center,
            )

    def of_images(
        self,
        region: str,
        role: Role | None,
        measurements: Sequence[Measurement],
        assessments: Sequence[Assessment],
    ) -> Group:
        """Group what is said of images; without `role`, of all images in the library."""
        group = hd.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=self.track(self.label(f"{role or ''} {region}".strip())),
            algorithm_id=algorithm_content(self.section.stamp),
            measurements=_measure_all(measurements, self.report_uid),
            qualitative_evaluations=[
                hd.QualitativeEvaluation(codes.DCM.ImagingSeriesQuality, _VERDICTS[a.verdict])
                for a in assessments
            ],
            source_images=[
                hd.SourceImageForMeasurementGroup(header.SOPClassUID, header.SOPInstanceUID)
                for header in (self.sources.get(role, ()) if role else ())
            ],
        )
        reasons = [a.reason for a in assessments if a.reason]
        return _remark(group, [*reasons, *_undefined(measurements)])

    def measured(self, region: str) -> list[Measurement]:
        """Measurements of one segment or region."""
        return [m for m in self.section.prediction.measurements if m.segment == region]

    def label(self, part: str) -> str:
        """Name a part for people, as the segmentation does."""
        return f"{self.section.stamp.module.name} {part}".strip()[:64]

    def track(self, label: str) -> hd.TrackingIdentifier:
        """Identify a group; two of one label are of two series."""
        series = self.section.role or ""
        return hd.TrackingIdentifier(derive_uid("group", self.report_uid, series, label), label)


def _measure(measurement: Measurement, report_uid: str) -> hd.Measurement:
    concept, tracking = coded(measurement.concept), None
    if measurement.name != concept.meaning:  # several figures may share a concept
        place = (measurement.role or "", measurement.segment, measurement.name)
        tracking = hd.TrackingIdentifier(
            derive_uid("measurement", report_uid, *place), measurement.name
        )
    return _number(concept, measurement.value, measurement.unit, tracking)


def _measure_finding(finding: Finding) -> list[hd.Measurement]:
    return [
        _number(_VOLUME, finding.volume_ml, "mL"),
        _number(_DIAMETER, finding.longest_diameter_mm, "mm"),
        _number(codes.DCM.CertaintyOfFinding, 100.0 * finding.confidence, "%"),
    ]


def _number(
    concept: Code | hd.CodedConcept,
    value: float,
    unit: str,
    tracking: hd.TrackingIdentifier | None = None,
) -> hd.Measurement:
    return hd.Measurement(
        name=concept,
        value=float(value),
        unit=Code(unit, "UCUM", _UNITS.get(unit, unit)),
        tracking_identifier=tracking,
    )


def _measure_all(measurements: Sequence[Measurement], report_uid: str) -> list[hd.Measurement]:
    return [_measure(m, report_uid) for m in measurements if math.isfinite(m.value)]


def _remark(group: Group, remarks: Sequence[str]) -> Group:
    # highdicom, and whoever builds on it, cannot read a NUM without a value: NaN is said in words.
    items = [hd.TextContentItem(codes.DCM.Comment, remark, _CONTAINS) for remark in remarks]
    group[0].ContentSequence.extend(items)
    return group


def _undefined(measurements: Sequence[Measurement]) -> list[str]:
    return [f"{m.name} is undefined." for m in measurements if not math.isfinite(m.value)]


def _library(sources: Sources) -> hd.ContainerContentItem:
    # highdicom's own repeats rows, columns and geometry for every slice: ten times the time and
    # size, and it cannot read a multi-frame header. TID 1600 lets a group say them once.
    library = hd.ContainerContentItem(codes.DCM.ImageLibrary, relationship_type=_CONTAINS)
    library.ContentSequence = hd.ContentSequence()
    for headers in sources.values():
        group = hd.ContainerContentItem(codes.DCM.ImageLibraryGroup, relationship_type=_CONTAINS)
        group.ContentSequence = hd.ContentSequence([*_shared(headers[0]), *map(_image, headers)])
        library.ContentSequence.append(group)
    return library


def _shared(header: Dataset) -> list[hd.ContentItem]:
    context, pixels = hd.RelationshipTypeValues.HAS_ACQ_CONTEXT, Code("{pixels}", "UCUM", "Pixels")
    return [
        hd.CodeContentItem(codes.DCM.Modality, codes.DCM.MagneticResonance, context),
        hd.UIDRefContentItem(codes.DCM.FrameOfReferenceUID, frame_of_reference(header), context),
        hd.NumContentItem(codes.DCM.PixelDataRows, header.Rows, pixels, None, context),
        hd.NumContentItem(codes.DCM.PixelDataColumns, header.Columns, pixels, None, context),
    ]


def _image(header: Dataset) -> hd.ImageContentItem:
    return hd.ImageContentItem(
        _SOURCE, header.SOPClassUID, header.SOPInstanceUID, relationship_type=_CONTAINS
    )


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
