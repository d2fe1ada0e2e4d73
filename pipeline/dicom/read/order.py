"""Bring the images of a series into order, or say why they are not one volume of grey values."""

from __future__ import annotations

from collections.abc import Sequence

from pydicom import Dataset

from pipeline.dicom.read.header import quiet
from pipeline.dicom.read.plane import planes_of
from pipeline.dicom.read.stack import Stack, stack
from pipeline.errors import Code, InputError
from pipeline.study import Series

GREY, INVERTED = "MONOCHROME2", "MONOCHROME1"


def in_order(series: Series, headers: Sequence[Dataset]) -> Stack:
    """Order a series' planes along their normal, by its headers, one for each instance.

    Raises
    ------
    InputError
        The images are not one regular volume of grey values; see `pipeline.dicom.read.volume.load`.
    """
    _require_grey(headers)
    if "MOSAIC" in series.acquisition.image_type:
        raise InputError(Code.SEVERAL_VOLUMES, "Each image is a mosaic of a whole volume.")
    if len({instance.uid for instance in series.instances}) < len(series.instances):
        raise InputError(Code.DUPLICATE_SLICE, "Different images carry one instance UID.")
    try:
        with quiet():
            frames_of_reference = {str(h.get("FrameOfReferenceUID") or "") for h in headers}
            planes = [plane for i, header in enumerate(headers) for plane in planes_of(header, i)]
    except InputError:
        raise
    except Exception as error:  # absent, empty and damaged elements each raise their own
        raise InputError(Code.NO_GEOMETRY, "A slice has no position in the patient.") from error
    if len(frames_of_reference) > 1:
        raise InputError(Code.MIXED_GEOMETRY, "Slices differ in frame of reference.")
    return stack(planes)


def _require_grey(headers: Sequence[Dataset]) -> None:
    try:
        with quiet():
            samples = {header.get("SamplesPerPixel") for header in headers}
            kinds = {str(header.get("PhotometricInterpretation") or GREY) for header in headers}
    except Exception as error:  # as above
        raise InputError(Code.DECODE, "A slice has a damaged header.") from error
    if None in samples:
        raise InputError(Code.DECODE, "A slice does not say how many samples a pixel has.")
    # A palette's numbers look like grey values and are none.
    if samples != {1} or not kinds <= {GREY, INVERTED}:
        raise InputError(Code.COLOUR, "The series is in colour.")
    # Other readers differ on whether these values are to be turned round.
    if INVERTED in kinds:
        raise InputError(Code.DECODE, f"Its values run from white to black ({INVERTED}).")
