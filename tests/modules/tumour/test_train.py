"""Labelled patients: read from their folders, cut, warped, spoilt, with contrasts left out."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
TRAIN = import_file(BUNDLE, "train.py", "sha256:tumour-tests")
SHAPE = (48, 44, 40)
CENTRE = np.reshape([23.5, 21.5, 19.5], (3, 1, 1, 1))
RADIUS = np.sqrt(((np.indices(SHAPE) - CENTRE) ** 2).sum(0))
T1C, FLAIR = 1, 3


def write(folder: Path, label: int, missing: str = "") -> Path:
    """Contrasts of a ball of 1 mm voxels, brighter towards its back, with a block on its left.

    Stored left to right and back to front, as scanners of the neurological convention do.
    """
    folder.mkdir()
    labels = np.zeros(SHAPE, np.uint8)
    labels[28:36, 18:26, 16:24] = label
    affine = np.diag([1.0, 1.0, 1.0, 1.0])
    for name in TRAIN.CONTRASTS:
        if name != missing:
            image = (RADIUS < 18) * (100.0 + np.indices(SHAPE)[1])
            stored = image[::-1, ::-1].astype(np.float32)
            nibabel.save(nibabel.Nifti1Image(stored, affine), folder / f"{name}.nii.gz")
    nibabel.save(nibabel.Nifti1Image(labels[::-1, ::-1].copy(), affine), folder / "seg.nii.gz")
    return folder


@pytest.mark.parametrize(
    ("label", "regions"),
    [(1, [1, 1, 0]), (2, [1, 0, 0]), (3, [1, 1, 0]), (4, [1, 1, 1])],
)
def test_each_label_counts_to_its_regions_axes_to_left_posterior_superior(
    tmp_path: Path, label: int, regions: list[int]
) -> None:
    patient = TRAIN.load(write(tmp_path / "one", label))
    # Cropped to the ball, which begins at voxel 6, 4 and 2.
    assert patient.images.shape == (4, 36, 36, 36)
    assert patient.regions[:, 26, 18, 18].tolist() == regions
    assert not patient.regions[:, 10, 18, 18].any()
    t1 = patient.images[0]
    assert t1[18, 30, 18] > t1[18, 5, 18], "the back is the brighter"


def test_a_missing_contrast_is_zero_and_present_says_so(tmp_path: Path) -> None:
    patient = TRAIN.load(write(tmp_path / "one", 2, missing="t1c"))
    assert patient.present == (True, False, True, True)
    assert not patient.images[T1C].any()
    for seed in range(6):
        images, regions = TRAIN.draw(patient, 32, np.random.default_rng(seed))
        assert not images[T1C].any()
        assert images.shape == (4, 32, 32, 32)
        assert set(regions.unique().tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize("present", [(True,) * 4, (False, True, False, True), (True, False) * 2])
def test_t1c_or_flair_is_always_there(present: tuple[bool, ...]) -> None:
    drawn = [TRAIN.keep(present, np.random.default_rng(seed)) for seed in range(200)]
    for kept in drawn:
        assert (kept[T1C] or kept[FLAIR]) == (present[T1C] or present[FLAIR])
        assert all(p or not k for k, p in zip(kept, present, strict=True))
    assert len(set(drawn)) > (1 if sum(present) > 1 and present[FLAIR] else 0)


@pytest.mark.parametrize("seed", range(6))
def test_spoiling_leaves_the_background_zero(seed: int) -> None:
    image = torch.from_numpy(np.where(RADIUS < 15, np.float32(1), np.float32(0)))
    found = TRAIN.spoil(image, np.random.default_rng(seed))
    assert found.isfinite().all()
    assert not found[image == 0].any()
    assert found[image != 0].std() > 0


def test_the_same_generator_draws_alike(tmp_path: Path) -> None:
    patient = TRAIN.load(write(tmp_path / "one", 2))
    (first, _), (again, _), (other, _) = (
        TRAIN.draw(patient, 24, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_fold_leaves_its_patients_out_and_the_release_those_held_out(tmp_path: Path) -> None:
    (tmp_path / "tumour").mkdir()
    for name in ("BraTS2021_01476", "BraTS2021_01478", "BraTS2021_01483"):
        write(tmp_path / "tumour" / name, 2)
    assert TRAIN.recipe(BUNDLE, tmp_path).cases == ("BraTS2021_01476", "BraTS2021_01483")
    assert TRAIN.recipe(BUNDLE, tmp_path, 1).cases == ("BraTS2021_01478", "BraTS2021_01483")
