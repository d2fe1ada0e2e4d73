"""Labelled patients: read from their folders, halved to 2 mm, healed by their other hemisphere."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
REAL = import_file(BUNDLE, "real.py", "sha256:tumour-tests")
SHAPE = (48, 44, 40)
BOX = (32, 32, 32)
CENTRE = np.reshape([23.5, 21.5, 19.5], (3, 1, 1, 1))
RADIUS = np.sqrt(((np.indices(SHAPE) - CENTRE) ** 2).sum(0))
T1C, FLAIR = 1, 3


def write(folder: Path, labels: np.ndarray, missing: str = "") -> Path:
    """T1, T1c, T2 and FLAIR of a ball of 1 mm voxels that is brighter towards its back.

    Stored left to right and back to front, as scanners of the neurological convention do; what is
    labelled is bright. `labels` runs to left, posterior and superior.
    """
    folder.mkdir()
    images = {name: (RADIUS < 18) * (100.0 + np.indices(SHAPE)[1]) for name in REAL.CONTRASTS}
    affine = np.diag([1.0, 1.0, 1.0, 1.0])
    for name, image in images.items():
        if name != missing:
            stored = (image + 80.0 * (labels > 0))[::-1, ::-1].astype(np.float32)
            nibabel.save(nibabel.Nifti1Image(stored, affine), folder / f"{name}.nii.gz")
    stored = labels[::-1, ::-1].astype(np.uint8)
    nibabel.save(nibabel.Nifti1Image(stored, affine), folder / "seg.nii.gz")
    return folder


def block(number: int, x: slice) -> np.ndarray:
    labels = np.zeros(SHAPE, np.uint8)
    labels[x, 18:26, 16:24] = number
    return labels


LEFT, RIGHT = slice(28, 36), slice(12, 20)


@pytest.fixture
def one_sided(tmp_path: Path) -> Path:
    return write(tmp_path / "one", block(2, LEFT))


def test_a_patient_is_cropped_to_the_brain_at_two_millimetres(one_sided: Path) -> None:
    patient = REAL.load(one_sided)
    assert patient.name == "one"
    # A ball of 36 voxels each way.
    assert patient.images.shape == (4, 18, 18, 18)
    assert patient.regions.shape == (3, 18, 18, 18)
    assert patient.images.dtype == patient.regions.dtype == torch.float32


def test_axes_run_to_left_posterior_superior(one_sided: Path) -> None:
    patient = REAL.load(one_sided)
    x, y, z = (patient.regions[0] > 0).nonzero().float().mean(0).tolist()
    # The box begins at 6, 4 and 2; voxels 28 to 35 are 11 to 14 of 2 mm.
    assert (x, y, z) == pytest.approx((12.5, 8.5, 8.5))
    t1 = patient.images[0]
    assert t1[4, 15, 8] > t1[4, 3, 8], "the back is the brighter"


def test_contrasts_run_from_a_tenth_to_one_inside_and_are_zero_outside(one_sided: Path) -> None:
    images = REAL.load(one_sided).images
    assert float(images[:, 9, 2:-2, 9].min()) == pytest.approx(0.1, abs=0.06)
    assert float(images.max()) == pytest.approx(1, abs=0.05)
    assert not images[:, 0, 0, 0].any()


def test_a_missing_contrast_is_zero_and_present_says_so(tmp_path: Path) -> None:
    patient = REAL.load(write(tmp_path / "no t1c", block(2, LEFT), missing="t1c"))
    assert patient.present == (True, False, True, True)
    assert not patient.images[T1C].any()
    assert all(patient.images[i].any() for i in (0, 2, 3))


def test_all_four_contrasts_are_present(one_sided: Path) -> None:
    assert REAL.load(one_sided).present == (True, True, True, True)


@pytest.mark.parametrize(
    ("label", "regions"),
    [(1, (1, 1, 0)), (2, (1, 0, 0)), (3, (1, 1, 0)), (4, (1, 1, 1))],
)
def test_each_label_counts_to_its_regions(
    tmp_path: Path, label: int, regions: tuple[int, ...]
) -> None:
    patient = REAL.load(write(tmp_path / "one", block(label, LEFT)))
    assert patient.regions[:, 12, 8, 8].tolist() == list(regions)
    millilitres = patient.regions.sum((1, 2, 3)) * 8 / 1000
    assert millilitres.tolist() == pytest.approx([0.512 * region for region in regions])


def test_a_voxel_half_in_the_tumour_counts_half(tmp_path: Path) -> None:
    patient = REAL.load(write(tmp_path / "one", block(2, slice(27, 35))))
    assert patient.regions[0, :, 8, 8].tolist()[9:16] == [0, 0.5, 1, 1, 1, 0.5, 0]


def test_an_odd_side_is_made_even_at_its_end() -> None:
    odd = torch.ones(1, 5, 4, 3)
    halved = REAL._halved(odd)
    assert halved.shape == (1, 3, 2, 2)
    assert halved[0, 0, 0, 0] == 1
    assert halved[0, 2, 0, 0] == 0.5
    assert halved[0, 2, 0, 1] == 0.25


def test_a_tumour_on_one_side_is_healed_by_the_other(one_sided: Path) -> None:
    patient = REAL.load(one_sided)
    assert patient.healed is not None
    tumour = patient.regions[0] > 0
    before = (patient.images - patient.images.flip(1))[:, tumour].abs().mean()
    after = (patient.healed - patient.healed.flip(1))[:, tumour].abs().mean()
    assert float(before) > 0.5
    assert float(after) < 0.01


def test_healing_leaves_what_is_far_from_the_tumour_alone(one_sided: Path) -> None:
    patient = REAL.load(one_sided)
    assert patient.healed is not None
    # Two voxels, 4 mm, around the tumour and one more that fades.
    assert torch.equal(patient.healed[:, :8], patient.images[:, :8])
    assert not patient.healed[:, (patient.images == 0).all(0)].any()


def test_tumour_on_both_sides_cannot_be_healed(tmp_path: Path) -> None:
    both = write(tmp_path / "both", block(2, LEFT) + block(4, RIGHT))
    assert REAL.load(both).healed is None


def test_a_tumour_across_the_middle_cannot_be_healed(tmp_path: Path) -> None:
    assert REAL.load(write(tmp_path / "one", block(2, slice(20, 28)))).healed is None


def test_a_brain_without_a_tumour_needs_no_healing(tmp_path: Path) -> None:
    patient = REAL.load(write(tmp_path / "one", block(0, LEFT)))
    assert patient.healed is not None
    assert torch.equal(patient.healed, patient.images)


@pytest.mark.parametrize("seed", range(4))
def test_a_draw_is_the_whole_brain_in_the_box(one_sided: Path, seed: int) -> None:
    patient = REAL.load(one_sided)
    images, regions = REAL.draw(patient, BOX, np.random.default_rng(seed), healed=False)
    assert images.shape == (4, *BOX)
    assert regions.shape == (3, *BOX)
    assert images.isfinite().all()
    assert 0.2 < float(regions[0].sum() / patient.regions[0].sum()) < 1.6
    assert not regions[1:].any(), "oedema alone has neither core nor enhancing part"


def test_a_healed_draw_asks_for_nothing_where_there_is_a_healed_image(one_sided: Path) -> None:
    patient = REAL.load(one_sided)
    images, regions = REAL.draw(patient, BOX, np.random.default_rng(0), healed=True)
    assert images.any()
    assert not regions.any()


def test_who_cannot_be_healed_keeps_the_tumour(tmp_path: Path) -> None:
    both = REAL.load(write(tmp_path / "both", block(2, LEFT) + block(4, RIGHT)))
    _, regions = REAL.draw(both, BOX, np.random.default_rng(0), healed=True)
    assert regions[0].any()
    assert regions[2].any()


@pytest.mark.parametrize("seed", range(6))
def test_a_draw_never_shows_a_contrast_the_patient_lacks(tmp_path: Path, seed: int) -> None:
    patient = REAL.load(write(tmp_path / "one", block(2, LEFT), missing="t1c"))
    images, _ = REAL.draw(patient, BOX, np.random.default_rng(seed), healed=False)
    assert not images[T1C].any()
    assert images[FLAIR].any(), "without T1c it is FLAIR that stays"
