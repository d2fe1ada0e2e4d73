"""Real, labelled brains: read as IBSR stores them, warped and cropped as painted ones are."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tissue"
REAL = import_file(BUNDLE, "real.py", "sha256:tissue-tests")
OBJECTIVE = import_file(BUNDLE, "objective.py", "sha256:tissue-tests")
WHITE = 5
BOX = (48, 56, 52)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """White matter in grey in CSF, 30 mm from top to bottom in slices of 1.5 mm, as IBSR_01 has.

    Stored left to right, with a fourth axis of one; the brightest voxel lies on the patient's left.
    """
    at = (np.indices((40, 20, 40)) - np.reshape([19.5, 9.5, 19.5], (3, 1, 1, 1))).astype(float)
    at[1] *= 1.5
    radius = np.sqrt((at**2).sum(0))
    labels = np.select([radius < 6, radius < 10, radius < 12], [3, 2, 1], 0)
    image = np.select([radius < 6, radius < 10, radius < 12], [90, 60, 20], 0)
    # Unlabelled CSF close by, and the same far away: only the first can be told from air.
    image[(radius >= 12) & (radius < 13)] = 15
    image[30, 10, 20] = 200
    place = tmp_path / "IBSR_99"
    place.mkdir()
    for name, array in (("t1", image.astype(np.int16)), ("seg", labels.astype(np.uint8))):
        stored = nibabel.Nifti1Image(array[..., None], np.diag([1.0, 1.5, 1.0, 1.0]))
        nibabel.save(stored, place / f"{name}.nii.gz")
    return place


def test_a_folder_is_read_with_axes_to_left_posterior_superior(folder: Path) -> None:
    brain = REAL.load(folder)
    assert brain.name == "IBSR_99"
    assert brain.spacing.tolist() == [1.0, 1.5, 1.0]
    assert brain.image.shape == brain.codes.shape
    assert brain.image.shape[0] == 1
    # Stored x runs to the right and is turned: voxel 30 of 40 is voxel 9, the box begins at 7.
    (bright,) = (brain.image[0] == 200).nonzero().tolist()
    x, _, _ = bright
    assert x == 2


def test_the_brain_fills_the_box_it_is_cropped_to(folder: Path) -> None:
    seen = REAL.load(folder).image[0] > 0
    for axis in range(3):
        assert seen.select(axis, 0).any()
        assert seen.select(axis, seen.shape[axis] - 1).any()


def test_ibsr_labels_become_codes_that_leave_open_what_they_do(folder: Path) -> None:
    brain = REAL.load(folder)
    codes, image = brain.codes[0], brain.image[0]
    assert set(codes[image == 90].tolist()) == {WHITE}
    assert set(codes[image == 60].tolist()) == {OBJECTIVE.REAL_GREY}
    assert set(codes[image == 20].tolist()) == {OBJECTIVE.REAL_CSF}
    assert set(codes[image == 15].tolist()) == {OBJECTIVE.REAL_OUTSIDE}
    assert not codes[0, 0, 0], "far from the brain it is plainly outside"


@pytest.mark.parametrize("seed", range(5))
def test_a_drawn_brain_is_like_a_painted_one(folder: Path, seed: int) -> None:
    image, codes = REAL.draw(REAL.load(folder), BOX, np.random.default_rng(seed))
    assert image.shape == codes.shape
    assert image.dtype == torch.float32
    assert codes.dtype == torch.uint8
    assert all(side % 16 == 0 for side in image.shape[1:])
    assert image.isfinite().all()
    known = {0, WHITE, OBJECTIVE.REAL_OUTSIDE, OBJECTIVE.REAL_CSF, OBJECTIVE.REAL_GREY}
    assert set(codes.unique().tolist()) == known


@pytest.mark.parametrize("seed", range(5))
def test_what_lies_outside_the_brain_stays_exactly_zero(folder: Path, seed: int) -> None:
    brain = REAL.load(folder)
    image, codes = REAL.draw(brain, BOX, np.random.default_rng(seed))
    tissue = (codes == WHITE) | (codes == OBJECTIVE.REAL_GREY)
    assert image[tissue].all(), "and tissue does not"
    share = float((image > 0).float().mean())
    assert 0.05 < share < 0.6


def test_a_brain_of_thick_slices_is_round_again_on_a_lattice_of_one_millimetre(
    folder: Path,
) -> None:
    brain = REAL.load(folder)
    reach = []
    for seed in range(8):
        _, codes = REAL.draw(brain, BOX, np.random.default_rng(seed))
        tissue = (codes[0] == WHITE) | (codes[0] == OBJECTIVE.REAL_GREY)
        reach.append(tissue.nonzero().float().std(0).tolist())
    x, y, z = np.mean(reach, axis=0)
    # In its own slices it was two thirds as long along y.
    assert y / x == pytest.approx(1, abs=0.15)
    assert y / z == pytest.approx(1, abs=0.15)
    # Of a ball of 10 mm, the radius over the root of five.
    assert x == pytest.approx(10 / 5**0.5, rel=0.15)


def test_the_same_generator_gives_the_same_brain(folder: Path) -> None:
    brain = REAL.load(folder)
    first, again = (REAL.draw(brain, BOX, np.random.default_rng(3)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
