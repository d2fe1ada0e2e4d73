"""A study that never was: an ellipsoid for a head, a lesion on the left, names in the headers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray

from pipeline.result import ModuleRef, Result
from pipeline.study import Acquisition, Instance, Series
from pipeline.types import (
    Assessment,
    Concept,
    Finding,
    Measurement,
    Point,
    Prediction,
    Role,
    Verdict,
)

MODULES = Path(__file__).parents[2] / "modules"
SHAPE = (60, 72, 56)
ORIGIN = (-30.0, -40.0, -20.0)
LESION_VOXEL = (44, 30, 30)
LESION_MM = (14.0, -10.0, 10.0)
CANARY = "Canary^Yellow"
UID = "1.2.826.0.1.3680043.8.498"
VOLUME = Concept("118565006", "SCT", "Volume")
WHITE = Measurement("WM intracranial fraction", 0.4, "1", Concept("118586006", "SCT", "Ratio"))


def on_grid(array: NDArray[np.generic]) -> Volume:
    return Volume.from_components(
        array,
        spacing=(1.0, 1.0, 1.0),
        position=ORIGIN,
        direction=np.eye(3),
        coordinate_system="PATIENT",
        frame_of_reference_uid=f"{UID}.9",
    )


def ellipsoid(centre: tuple[int, ...], radii: tuple[float, ...]) -> NDArray[np.bool_]:
    grid = np.indices(SHAPE, np.float32)
    away = [(axis - c) / r for axis, c, r in zip(grid, centre, radii, strict=True)]
    return sum(a * a for a in away) < 1


def head(brightness: float) -> Volume:
    image = np.zeros(SHAPE, np.float32)
    image[ellipsoid((30, 36, 28), (26, 32, 24))] = brightness
    image[ellipsoid((30, 36, 28), (22, 28, 20))] = brightness * 0.6
    image[ellipsoid(LESION_VOXEL, (5, 5, 5))] = brightness * 0.9
    return on_grid(image)


def tissues() -> Volume:
    labels = ellipsoid((30, 36, 28), (22, 28, 20)).astype(np.uint8)
    labels[ellipsoid((30, 36, 28), (18, 24, 16))] = 2
    labels[ellipsoid((30, 36, 28), (12, 18, 10))] = 3
    return on_grid(labels)


def tumour() -> Volume:
    labels = ellipsoid(LESION_VOXEL, (7, 7, 7)).astype(np.uint8)
    labels[ellipsoid(LESION_VOXEL, (5, 5, 5))] = 3
    labels[ellipsoid(LESION_VOXEL, (2, 2, 2))] = 2
    return on_grid(labels)


def series(number: int, role: str, thickness: float = 1.0) -> Series:
    acquisition = Acquisition(
        modality="MR",
        description=f"{CANARY} {role} research",
        protocol=f"{CANARY} protocol",
        image_type=("ORIGINAL", "PRIMARY"),
        scanning_sequence=("GR",),
        sequence_name="tfl3d1",
        acquisition_type="3D",
        echo_time=3.0,
        repetition_time=2000.0,
        inversion_time=900.0,
        contrast=role == "T1c",
        body_part="HEAD",
        orientation="axial",
        slice_thickness=thickness,
        pixel_spacing=(1.0, 1.0),
        rows=72,
        columns=60,
        samples_per_pixel=1,
        sop_class_uid="1.2.840.10008.5.1.4.1.1.4",
        diffusion_b_value=None,
    )
    path = Path(f"/archive/{CANARY}/scan{number}.dcm")
    instance = Instance(path, f"{UID}.{number}.1", 1, 56)
    return Series(f"{UID}.{number}", number, f"{UID}.9", acquisition, (instance,))


def module(name: str, version: str = "1.0.0") -> ModuleRef:
    digest = "sha256:" + f"{abs(len(name)):x}" * 64
    return ModuleRef(name, version, 3, digest, digest, digest, digest)


def result(name: str, prediction: Prediction, role: Role | None = None) -> Result:
    return Result(module(name), role, prediction, "key", "output", role is Role.T1, 1.5)


def millilitres(name: str, value: float, segment: str = "") -> Measurement:
    return Measurement(name, value, "mL", VOLUME, segment=segment)


def quality(role: Role, verdict: Verdict, reason: str, motion: float) -> Result:
    measured = (
        _figure("motion", motion, "Probability of motion or ghosting", role),
        _figure("snr", 31.4, "Signal-to-noise ratio", role),
        _figure("noise", 0.04, "Probability of noise", role),
    )
    said = (Assessment(role, verdict, reason),)
    return result("quality", Prediction(measurements=measured, assessments=said), role)


def _figure(name: str, value: float, meaning: str, role: Role) -> Measurement:
    return Measurement(name, value, "1", Concept(f"quality.{name}", "99TESSERA", meaning), role)


def tissue_result() -> Result:
    values = (("CSF", 210.4), ("GM", 655.2), ("WM", 498.1))
    each = tuple(millilitres(f"{name} volume", value, name) for name, value in values)
    brain = (millilitres("brain volume", 1363.7),)
    return result("tissue", Prediction(tissues().array, each + brain))


def tumour_result(at_mm: Point = LESION_MM) -> Result:
    measured = (
        millilitres("whole tumour volume", 61.25),
        millilitres("tumour core volume", 30.5),
        millilitres("enhancing volume", 22.0),
    )
    found = (Finding(1, 60.0, 58.4, at_mm, 0.93), Finding(2, 1.25, 14.2, (-8.0, 3.0, 1.0), 0.61))
    return result("tumour", Prediction(tumour().array, measured, found))
