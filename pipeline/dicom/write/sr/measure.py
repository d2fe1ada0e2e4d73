"""Figures as measurements of a structured report (TID 300)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import highdicom.sr as hd
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from pipeline.dicom.write.codes import DIAMETER, UNITS, VOLUME, coded
from pipeline.dicom.write.decimal import decimal
from pipeline.dicom.write.provenance import derive_uid
from pipeline.types import Finding, Measurement


def measure_all(measurements: Sequence[Measurement], report_uid: str) -> list[hd.Measurement]:
    """Every figure that is one; a NaN is left to `undefined`."""
    return [_measure(m, report_uid) for m in measurements if math.isfinite(m.value)]


def measure_finding(finding: Finding) -> list[hd.Measurement]:
    """Volume in mL, longest diameter in mm, certainty in percent."""
    return [
        _number(VOLUME, finding.volume_ml, "mL"),
        _number(DIAMETER, finding.longest_diameter_mm, "mm"),
        _number(codes.DCM.CertaintyOfFinding, 100.0 * finding.confidence, "%"),
    ]


def undefined(measurements: Sequence[Measurement]) -> list[str]:
    """Name in words the figures that are none."""
    return [f"{m.name} is undefined." for m in measurements if not math.isfinite(m.value)]


def _measure(measurement: Measurement, report_uid: str) -> hd.Measurement:
    concept, tracking = coded(measurement.concept), None
    if measurement.name != concept.meaning:  # several figures may share a concept
        place = (measurement.role or "", measurement.segment, measurement.name)
        tracking = hd.TrackingIdentifier(
            derive_uid("measurement", report_uid, *place), measurement.name
        )
    return _number(concept, measurement.value, measurement.unit, tracking)


def _number(
    concept: Code | hd.CodedConcept,
    value: float,
    unit: str,
    tracking: hd.TrackingIdentifier | None = None,
) -> hd.Measurement:
    return hd.Measurement(
        name=concept,
        value=decimal(value),
        unit=Code(unit, "UCUM", UNITS.get(unit, unit)),
        tracking_identifier=tracking,
    )
