"""Where one image lies in the patient, and which pixel values it stores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.tag import Tag

from pipeline.errors import Code, InputError

Floats = NDArray[np.float64]
AXES = ("sagittal", "coronal", "axial")
# Times the greatest stored value, 2³², this still fits a float32.
MOST_SCALE = 1e28
# Attributes by which two images at one position are told apart as different volumes.
TELLING = """
    EchoTime EffectiveEchoTime EchoNumbers InversionTime TriggerTime ImageType FrameType
    ComplexImageComponent DiffusionBValue DiffusionGradientOrientation AcquisitionNumber
    TemporalPositionIdentifier TemporalPositionIndex
""".split()  # noqa: SIM905 - readable as words
# Top-level elements that place, scale and describe images, beside those that tell them apart.
PLACING = """
    BitsAllocated BitsStored Columns FrameOfReferenceUID HighBit ImageOrientationPatient
    ImagePositionPatient ModalityLUTSequence NumberOfFrames PerFrameFunctionalGroupsSequence
    PhotometricInterpretation PixelRepresentation PixelSpacing RescaleIntercept RescaleSlope Rows
    SamplesPerPixel SharedFunctionalGroupsSequence SOPClassUID
""".split()  # noqa: SIM905 - as above
PLACING += TELLING
TAGS = {keyword: Tag(keyword) for keyword in PLACING}


@dataclass(frozen=True)
class Plane:
    """One image: a classic instance, or a frame of an enhanced one.

    Attributes
    ----------
    instance, frame : int
        Which header, and which frame of it, from 0.
    position : tuple of float
        Centre of the first pixel, LPS, mm.
    orientation : tuple of float
        Direction along a row, then along a column, LPS.
    spacing : tuple of float
        Between rows, then between columns, mm.
    shape : tuple of int
        Rows, columns.
    slope, intercept : float
        Value = stored value times slope plus intercept (PS3.3 C.11.1).
    telling : tuple of str
        Echo, phase, time point …: what sets volumes of one series apart.
    """

    instance: int
    frame: int
    position: tuple[float, ...]
    orientation: tuple[float, ...]
    spacing: tuple[float, ...]
    shape: tuple[int, int]
    slope: float
    intercept: float
    telling: tuple[str, ...]

    @property
    def normal(self) -> Floats:
        """Unit vector along which slices stack, LPS."""
        return normal_of(self.orientation)


def normal_of(orientation: Sequence[float]) -> Floats:
    """Unit vector, LPS, that makes indices (slice, row, column) a right-handed frame.

    It is the direction down a column × the direction along a row, opposite to the normal of PS3.3
    C.7.6.2.1.1; highdicom stacks slices this way.
    """
    normal = np.cross(orientation[3:], orientation[:3])
    return np.asarray(normal / (np.linalg.norm(normal) or 1.0), np.float64)


def main_axis(orientation: Sequence[float]) -> str:
    """Name the patient axis nearest the slice normal: sagittal, coronal or axial; empty if unknown.

    Examples
    --------
    >>> main_axis((1, 0, 0, 0, 1, 0))
    'axial'
    """
    if len(orientation) != 6 or not np.any(normal := normal_of(orientation)):
        return ""
    return AXES[int(np.argmax(np.abs(normal)))]


def planes_of(header: Dataset, instance: int) -> Iterator[Plane]:
    """List the images of one header, in stored order.

    Raises
    ------
    InputError
        DECODE: a rescale slope or intercept that is no number, or a slope of zero; a table of
        values in place of both.
    Exception
        Position, orientation or spacing is absent or unreadable, or there are not as many
        functional groups as frames; which, pydicom decides.
    """
    if header.get("ModalityLUTSequence"):
        raise InputError(Code.DECODE, "A table says what its values mean (Modality LUT).")
    shared = header.get("SharedFunctionalGroupsSequence") or [Dataset()]
    frames = header.get("PerFrameFunctionalGroupsSequence") or [Dataset()]
    if len(frames) != int(header.get("NumberOfFrames") or 1):
        raise ValueError("not every frame has a place")
    for frame, group in enumerate(frames):
        layers = [*_items(group), *_items(shared[0]), header]
        yield Plane(
            instance,
            frame,
            position=_floats(layers, "ImagePositionPatient", 3),
            orientation=_floats(layers, "ImageOrientationPatient", 6),
            spacing=_floats(layers, "PixelSpacing", 2),
            shape=(int(header.Rows), int(header.Columns)),
            slope=_scale(layers, "RescaleSlope", 1.0),
            intercept=_scale(layers, "RescaleIntercept", 0.0),
            telling=tuple(str(_first(layers, keyword, "")) for keyword in TELLING),
        )


def _items(group: Dataset) -> list[Dataset]:
    # Private sequences repeat standard attributes with values of their own.
    public = (element for element in group if not element.tag.is_private)
    return [element.value[0] for element in public if element.VR == "SQ" and element.value]


def _first(layers: Sequence[Dataset], keyword: str, default: Any) -> Any:
    # Most are absent from most: to look for a tag among keys takes a tenth of pydicom's `get`.
    tag = TAGS[keyword]
    values = (layer[tag].value for layer in layers if tag in layer.keys())  # noqa: SIM118
    return next((value for value in values if value not in (None, "")), default)


def _scale(layers: Sequence[Dataset], keyword: str, default: float) -> float:
    try:
        value = float(_first(layers, keyword, default))
    except (TypeError, ValueError):
        value = np.nan
    if not abs(value) < MOST_SCALE or (default and not value):
        raise InputError(
            Code.DECODE, "Its rescale slope or intercept is no number, or the slope is zero."
        )
    return value


def _floats(layers: Sequence[Dataset], keyword: str, count: int) -> tuple[float, ...]:
    values = tuple(float(value) for value in _first(layers, keyword, ()))
    if len(values) != count or not np.all(np.isfinite(values)):
        raise ValueError(f"{keyword} is missing or not {count} numbers")
    return values
