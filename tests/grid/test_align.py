from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from highdicom import Volume

from pipeline.errors import Code, InputError
from pipeline.grid.align import align, anchor
from pipeline.grid.lattice import resample
from pipeline.types import Role
from tests.wrap import read_nifti


@pytest.fixture(scope="module")
def brain(real_data: Path) -> tuple[Volume, Volume]:
    """T1 and FLAIR of one patient, co-registered by others."""
    folder = real_data / "tumour" / "BraTS2021_01480"
    return read_nifti(folder / "t1.nii.gz", "1.2.3"), read_nifti(folder / "flair.nii.gz", "1.2.3")


def elsewhere(volume: Volume) -> Volume:
    return Volume(
        volume.array, volume.affine, coordinate_system="PATIENT", frame_of_reference_uid="1.2.4"
    )


def moved(volume: Volume) -> tuple[Volume, sitk.Euler3DTransform]:
    """The patient turned and shifted between two series, by a known motion."""
    motion = sitk.Euler3DTransform(volume.center_position, 0.1, 0.05, -0.08, (8.0, -6.0, 5.0))
    return resample(volume, volume.get_geometry(), motion), motion


def error_mm(found: sitk.Transform, motion: sitk.Transform, at: tuple[float, ...]) -> float:
    """How far from its place a point lands when both motions are applied in turn."""
    back = motion.TransformPoint(found.TransformPoint(at))
    return float(np.linalg.norm(np.subtract(back, at)))


def test_a_shared_frame_of_reference_is_trusted_where_images_agree(brain) -> None:
    transform, record = align(anchor(brain[0]), brain[1], Role.FLAIR)
    assert transform is None
    assert (record.method, record.moved_mm) == ("geometry", 0.0)


def test_another_frame_of_reference_is_registered(brain) -> None:
    transform, record = align(anchor(brain[0]), elsewhere(brain[1]), Role.FLAIR)
    assert record.method == "rigid"
    assert record.moved_mm < 1.0, "the images already lay on each other"
    assert transform is not None


@pytest.mark.parametrize("shared", [True, False])
def test_a_known_motion_is_found_to_a_millimetre(brain, shared: bool) -> None:
    spoilt, motion = moved(brain[1])
    spoilt = spoilt if shared else elsewhere(spoilt)
    transform, record = align(anchor(brain[0]), spoilt, Role.FLAIR)
    assert record.method == "rigid"
    assert transform is not None
    centre = brain[0].center_position
    corners = [np.add(centre, step) for step in ([0, 0, 0], [50, 0, 0], [0, 50, 0], [0, 0, 50])]
    assert max(error_mm(transform, motion, tuple(map(float, c))) for c in corners) < 1.5


def test_registration_repeats_bit_for_bit(brain) -> None:
    spoilt, _ = moved(brain[1])
    first, second = (align(anchor(brain[0]), spoilt, Role.FLAIR)[0] for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.TransformPoint((1.0, 2.0, 3.0)) == second.TransformPoint((1.0, 2.0, 3.0))


def test_noise_cannot_be_aligned(brain) -> None:
    noise = np.random.default_rng(0).random(brain[0].array.shape, np.float32)
    stranger = elsewhere(brain[0].with_array(noise))
    with pytest.raises(InputError) as caught:
        align(anchor(brain[0]), stranger, Role.T2)
    assert caught.value.code is Code.REGISTRATION


def slab(spacing: tuple[float, ...], frame: str = "1.2.3") -> Volume:
    """Three slices."""
    slices = np.random.default_rng(0).normal(100, 30, (3, 40, 40)).astype(np.float32)
    image = np.kron(slices, np.ones((1, 6, 6), np.float32))
    return Volume(image, np.diag([*spacing, 1.0]), "PATIENT", frame_of_reference_uid=frame)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (2.0001, 0.9, 0.9), (0.66, 0.5, 0.5)])
def test_three_slices_of_one_frame_of_reference_lie_where_they_say(spacing) -> None:
    transform, record = align(anchor(slab(spacing)), slab(spacing), Role.FLAIR)
    assert transform is None
    assert record.method == "geometry"


def test_three_thin_slices_of_another_frame_of_reference_are_refused() -> None:
    here, there = (slab((0.66, 0.5, 0.5), frame) for frame in ("1.2.3", "1.2.4"))
    with pytest.raises(InputError, match="FLAIR is too thin to co-register") as caught:
        align(anchor(here), there, Role.FLAIR)
    assert caught.value.code == Code.REGISTRATION


def test_images_that_nowhere_overlap_are_not_said_to_be_aligned() -> None:
    cube = np.random.default_rng(0).normal(100, 30, (40, 40, 40)).astype(np.float32)
    here = Volume(cube, np.diag([3.0, 3.0, 3.0, 1.0]), "PATIENT", frame_of_reference_uid="1.2.3")
    away = np.diag([3.0, 3.0, 3.0, 1.0])
    away[0, 3] = 500.0
    there = Volume(cube, away, "PATIENT", frame_of_reference_uid="1.2.3")
    with pytest.raises(InputError, match="nothing in common") as caught:
        align(anchor(here), there, Role.FLAIR)
    assert caught.value.code == Code.REGISTRATION
