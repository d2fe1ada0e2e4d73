from __future__ import annotations

import highdicom.sr as hd
from highdicom.sr.utils import collect_evidence
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import MRImageStorage

from pipeline.dicom.write.images import evidence, image_items

CONTAINS = hd.RelationshipTypeValues.CONTAINS


def header(series: int, number: int) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, f"1.2.{series}.{number}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2", f"1.2.{series}"
    return dataset


HEADERS = [header(1, 1), header(2, 1), header(1, 2), header(1, 1)]


def test_a_reference_is_what_highdicom_makes_of_it() -> None:
    name = codes.DCM.SourceOfMeasurement
    theirs = [
        hd.ImageContentItem(name, h.SOPClassUID, h.SOPInstanceUID, relationship_type=CONTAINS)
        for h in HEADERS
    ]
    assert [item.to_json() for item in image_items(HEADERS, name)] == [
        item.to_json() for item in theirs
    ]


def test_evidence_is_what_highdicom_collects() -> None:
    content = hd.ContainerContentItem(codes.DCM.ImageLibrary)
    content.ContentSequence = hd.ContentSequence()
    theirs = collect_evidence(HEADERS, content, "1.2")[0]
    assert [item.to_json() for item in evidence(HEADERS)] == [item.to_json() for item in theirs]
