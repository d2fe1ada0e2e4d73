"""Say what one module found, in measurement groups of a structured report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highdicom.sr as hd
import numpy as np
from pydicom import Dataset
from pydicom.sr.codedict import codes

from pipeline.dicom.write.codes import BRAIN, LESION, VERDICTS, coded
from pipeline.dicom.write.images import image_items
from pipeline.dicom.write.provenance import algorithm_content, derive_uid
from pipeline.dicom.write.seg.segmentation import tracking_uid
from pipeline.dicom.write.sr.measure import measure_all, measure_finding, undefined
from pipeline.dicom.write.sr.section import Section, Sources
from pipeline.types import Assessment, Measurement, Role

Group = (
    hd.MeasurementsAndQualitativeEvaluations
    | hd.VolumetricROIMeasurementsAndQualitativeEvaluations
    | hd.PlanarROIMeasurementsAndQualitativeEvaluations
)


@dataclass(frozen=True)
class Groups:
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
                measurements=measure_all(measurements, self.report_uid),
            )
            yield _add(group, _remarks(undefined(measurements)))

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
                finding_type=LESION,
                finding_sites=[hd.FindingSite(BRAIN)],
                algorithm_id=algorithm_content(self.section.stamp),
                measurements=measure_finding(finding),
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
            measurements=measure_all(measurements, self.report_uid),
            qualitative_evaluations=[
                hd.QualitativeEvaluation(codes.DCM.ImagingSeriesQuality, VERDICTS[a.verdict])
                for a in assessments
            ],
        )
        headers = self.sources.get(role, ()) if role else ()
        reasons = [a.reason for a in assessments if a.reason]
        remarks = _remarks([*reasons, *undefined(measurements)])
        return _add(group, [*image_items(headers, codes.DCM.SourceOfMeasurement), *remarks])

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


def _remarks(remarks: Sequence[str]) -> list[Dataset]:
    # highdicom, and whoever builds on it, cannot read a NUM without a value: NaN is said in words.
    contains = hd.RelationshipTypeValues.CONTAINS
    return [hd.TextContentItem(codes.DCM.Comment, remark, contains) for remark in remarks]


def _add(group: Group, items: Sequence[Dataset]) -> Group:
    group[0].add_new("ContentSequence", "SQ", [*group[0].ContentSequence, *items])
    return group
