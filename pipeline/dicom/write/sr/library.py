"""List the images that were looked at, in the report's image library (TID 1600)."""

from __future__ import annotations

import highdicom.sr as hd
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from pipeline.dicom.write.codes import SOURCE
from pipeline.dicom.write.identity import frame_of_reference
from pipeline.dicom.write.images import image_items
from pipeline.dicom.write.sr.section import Sources

_CONTAINS = hd.RelationshipTypeValues.CONTAINS


def library(sources: Sources) -> hd.ContainerContentItem:
    """List every image, one group a series."""
    # highdicom's own repeats rows, columns and geometry for every slice: ten times the time and
    # size, and it cannot read a multi-frame header. TID 1600 lets a group say them once.
    listed = hd.ContainerContentItem(codes.DCM.ImageLibrary, relationship_type=_CONTAINS)
    listed.ContentSequence = hd.ContentSequence()
    for headers in sources.values():
        group = hd.ContainerContentItem(codes.DCM.ImageLibraryGroup, relationship_type=_CONTAINS)
        group.add_new("ContentSequence", "SQ", _shared(headers[0]) + image_items(headers, SOURCE))
        listed.ContentSequence.append(group)
    return listed


def _shared(header: Dataset) -> list[Dataset]:
    context, pixels = hd.RelationshipTypeValues.HAS_ACQ_CONTEXT, Code("{pixels}", "UCUM", "Pixels")
    return [
        hd.CodeContentItem(codes.DCM.Modality, codes.DCM.MagneticResonance, context),
        hd.UIDRefContentItem(codes.DCM.FrameOfReferenceUID, frame_of_reference(header), context),
        hd.NumContentItem(codes.DCM.PixelDataRows, header.Rows, pixels, None, context),
        hd.NumContentItem(codes.DCM.PixelDataColumns, header.Columns, pixels, None, context),
    ]
