"""Read from one header how its series was acquired, classic and enhanced alike."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from datetime import datetime

from pydicom import Dataset
from pydicom.multival import MultiValue

from pipeline.dicom.read.agent import names_agent
from pipeline.dicom.read.moment import moment
from pipeline.dicom.read.plane import main_axis
from pipeline.study import Acquisition

# Siemens XA keeps NORM and DIS2D out of Image Type and in this private element.
SIEMENS_IMAGE_TYPE = (0x0021, 0x1175)

TAGS = """
    AcquisitionContrast AcquisitionDate AcquisitionDateTime AcquisitionTime BitsAllocated
    BodyPartExamined Columns ContrastBolusAgent
    ContrastBolusAgentSequence ContrastBolusVolume DiffusionBValue EchoPlanarPulseSequence
    EchoPulseSequence EchoTime FrameOfReferenceUID ImageOrientationPatient ImagePositionPatient
    ImageType InstanceNumber InversionTime Modality MRAcquisitionType NumberOfFrames PatientID
    PerFrameFunctionalGroupsSequence PixelSpacing ProtocolName PulseSequenceName RepetitionTime
    Rows SamplesPerPixel ScanningSequence SequenceName SeriesDescription SeriesInstanceUID
    SeriesDate SeriesNumber SharedFunctionalGroupsSequence SliceThickness SOPClassUID
    SOPInstanceUID StudyDate StudyInstanceUID
""".split()  # noqa: SIM905 - readable as words


def read_acquisition(header: Dataset) -> Acquisition:
    """Gather the attributes the role rules look at.

    An enhanced header is brought to the classic terms: functional groups of the first frame are
    searched after the header itself, pulse-sequence flags become Scanning Sequence terms, and
    Acquisition Contrast and the vendor's own image type join Image Type (PS3.3 C.8.13.1, C.7.6.16).
    """
    found = _Attributes(header)
    return Acquisition(
        modality=found.text("Modality"),
        description=found.text("SeriesDescription"),
        protocol=found.text("ProtocolName"),
        image_type=_image_type(found),
        scanning_sequence=_scanning_sequence(found),
        sequence_name=found.text("SequenceName") or found.text("PulseSequenceName"),
        acquisition_type=found.text("MRAcquisitionType"),
        echo_time=found.number("EchoTime") or found.number("EffectiveEchoTime"),
        repetition_time=found.number("RepetitionTime"),
        inversion_time=found.number("InversionTime") or found.number("InversionTimes"),
        contrast=_contrast(found),
        body_part=found.text("BodyPartExamined"),
        orientation=main_axis(found.numbers("ImageOrientationPatient")),
        slice_thickness=found.number("SliceThickness"),
        pixel_spacing=_pair(found.numbers("PixelSpacing")),
        rows=int(found.number("Rows") or 0),
        columns=int(found.number("Columns") or 0),
        samples_per_pixel=int(found.number("SamplesPerPixel") or 0),
        sop_class_uid=found.text("SOPClassUID"),
        diffusion_b_value=found.number("DiffusionBValue"),
        patient=_patient(found),
        acquired=_acquired(found),
    )


class _Attributes:
    """A header and the functional groups of its first frame, searched in that order."""

    def __init__(self, header: Dataset) -> None:
        self.layers = [header, *_functional_groups(header)]

    def value(self, tag: str | tuple[int, int]) -> object:
        for layer in self.layers:
            try:
                if tag in layer and not layer[tag].is_empty:
                    return layer[tag].value
            except Exception:  # noqa: S112 - an unreadable value counts as silent
                continue
        return None

    def texts(self, tag: str | tuple[int, int]) -> tuple[str, ...]:
        value = self.value(tag)
        many = value if isinstance(value, MultiValue | list | tuple) else [value]
        return tuple(str(one).strip() for one in many if one is not None)

    def text(self, tag: str) -> str:
        return " ".join(self.texts(tag))

    def numbers(self, tag: str) -> tuple[float, ...]:
        try:
            values = tuple(float(text) for text in self.texts(tag))
        except ValueError:
            return ()
        return values if all(map(math.isfinite, values)) else ()

    def number(self, tag: str) -> float | None:
        return next(iter(self.numbers(tag)), None)


def _functional_groups(header: Dataset) -> Iterator[Dataset]:
    for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for group in list(header.get(keyword) or [])[:1]:
            for element in group:
                if element.VR == "SQ":
                    yield from list(element.value)[:1]


def _image_type(found: _Attributes) -> tuple[str, ...]:
    named = found.texts("ImageType")
    vendor = found.texts(SIEMENS_IMAGE_TYPE)
    contrast = found.text("AcquisitionContrast")
    added = (*vendor, *([contrast] if contrast != "UNKNOWN" else []))
    return named + tuple(dict.fromkeys(word for word in added if word and word not in named))


def _scanning_sequence(found: _Attributes) -> tuple[str, ...]:
    if named := found.texts("ScanningSequence"):
        return named
    echo = {"SPIN": ("SE",), "GRADIENT": ("GR",), "BOTH": ("SE", "GR")}
    flags = {"InversionRecovery": "IR", "EchoPlanarPulseSequence": "EP"}
    switched_on = (term for flag, term in flags.items() if found.text(flag) == "YES")
    return (*echo.get(found.text("EchoPulseSequence"), ()), *switched_on)


def _patient(found: _Attributes) -> str:
    """Tells patients apart without naming one; empty where the header names none."""
    named = found.text("PatientID")
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest() if named else ""


def _contrast(found: _Attributes) -> bool:
    named = names_agent(found.text("ContrastBolusAgent"))
    volume = found.number("ContrastBolusVolume") or 0.0
    return named or volume > 0 or bool(found.value("ContrastBolusAgentSequence"))


def _acquired(found: _Attributes) -> datetime | None:
    """The scanner's time, not the series' or the image's: those a later export may write anew."""
    stamp = found.text("AcquisitionDateTime") or found.text("FrameAcquisitionDateTime")
    dates = (found.text(f"{of}Date") for of in ("Acquisition", "Series", "Study"))
    return moment(stamp, next(filter(None, dates), ""), found.text("AcquisitionTime"))


def _pair(values: tuple[float, ...]) -> tuple[float, float] | None:
    return (values[0], values[1]) if len(values) == 2 else None
