"""The content of a report (TID 1500): who observed, which images, and what was found."""

from __future__ import annotations

import highdicom.sr as hd
from pydicom import Dataset
from pydicom.sr.codedict import codes

from pipeline.dicom.write.codes import BRAIN_MR, LANGUAGE
from pipeline.dicom.write.provenance import MANUFACTURER, derive_uid
from pipeline.dicom.write.sr.groups import Group
from pipeline.dicom.write.sr.library import library
from pipeline.dicom.write.sr.section import Sources


def content(
    groups: list[Group], sources: Sources, version: str
) -> tuple[Dataset, tuple[Dataset, Dataset]]:
    """Put the groups under the document's title, with observer, procedure and image library.

    Returns
    -------
    tuple
        The document's root with observer and procedure, and what belongs at its end: the image
        library and the measurements.
    """
    device = hd.DeviceObserverIdentifyingAttributes(
        uid=derive_uid("device", MANUFACTURER, version),
        name=MANUFACTURER,
        manufacturer_name=MANUFACTURER,
        model_name=f"tessera-mri {version}",
    )
    observer = hd.ObserverContext(codes.DCM.Device, device)
    report = hd.MeasurementReport(
        observation_context=hd.ObservationContext(observer_device_context=observer),
        procedure_reported=BRAIN_MR,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=hd.LanguageOfContentItemAndDescendants(LANGUAGE),
    )
    root = report[0]
    *opening, measurements = root.ContentSequence
    root.ContentSequence = opening
    return root, (library(sources), measurements)
