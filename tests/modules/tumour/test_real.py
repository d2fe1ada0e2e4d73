"""Real people, ill and healthy: read from their folders onto voxels of 1.5 mm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file
from pipeline.bundle.configuration import read_json
from pipeline.bundle.transforms import transform
from tests.modules.tumour.ball import LEFT, RIGHT, block, write_healthy, write_patient

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
REAL = import_file(BUNDLE, "real.py", "sha256:tumour-tests")
SPOIL = import_file(BUNDLE, "spoil.py", "sha256:tumour-tests")
INFER = import_file(BUNDLE, "infer.py", "sha256:tumour-tests")
T1C = 1
VOXEL_ML = 1.5**3 / 1000


@pytest.fixture
def one_sided(tmp_path: Path) -> Path:
    return write_patient(tmp_path / "one", block(2, LEFT))


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    return write_healthy(tmp_path / "IBSR_99")


def test_a_patient_is_cropped_to_the_brain_in_voxels_of_1_5_mm(one_sided: Path) -> None:
    patient = REAL.load(one_sided)
    assert patient.name == "one"
    # A ball of 36 mm each way.
    assert patient.images.shape == (4, 24, 24, 24)
    assert patient.regions.shape == (3, 24, 24, 24)
    assert patient.images.dtype == patient.regions.dtype == torch.float32


def test_axes_run_to_left_posterior_superior(one_sided: Path) -> None:
    patient = REAL.load(one_sided)
    low = (patient.regions[0] > 0).nonzero().amin(0).tolist()
    high = (patient.regions[0] > 0).nonzero().amax(0).tolist()
    assert (low, high) == ([16, 8, 8], [19, 13, 13])
    t1 = patient.images[0]
    assert t1[5, 20, 11] > t1[5, 4, 11], "the back is the brighter"


def test_contrasts_run_from_a_tenth_to_one_inside_and_are_zero_outside(one_sided: Path) -> None:
    images = REAL.load(one_sided).images
    assert float(images[:, 12, 2:-2, 12].min()) == pytest.approx(0.1, abs=0.06)
    assert float(images.max()) == pytest.approx(1, abs=0.05)
    assert not images[:, 0, 0, 0].any()


def test_air_need_not_be_stored_as_zero(tmp_path: Path, one_sided: Path) -> None:
    lower = write_patient(tmp_path / "lower", block(2, LEFT), air=-700.0)
    found, wanted = REAL.load(lower), REAL.load(one_sided)
    torch.testing.assert_close(found.images, wanted.images, atol=1e-3, rtol=0)


def test_a_missing_contrast_is_zero_and_present_says_so(tmp_path: Path) -> None:
    patient = REAL.load(write_patient(tmp_path / "no t1c", block(2, LEFT), missing=("t1c",)))
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
    patient = REAL.load(write_patient(tmp_path / "one", block(label, LEFT)))
    assert patient.regions[:, 17, 10, 10].tolist() == list(regions)
    millilitres = patient.regions.sum((1, 2, 3)) * VOXEL_ML
    assert millilitres.tolist() == pytest.approx([0.486 * region for region in regions])


def test_a_voxel_half_in_the_tumour_counts_half(tmp_path: Path) -> None:
    # From 25 mm on, of which the voxel from 24 to 25.5 mm sees one millimetre of two.
    patient = REAL.load(write_patient(tmp_path / "one", block(2, slice(31, 36))))
    assert patient.regions[0, :, 10, 10].tolist()[14:22] == [0, 0, 0.5, 1, 1, 1, 0, 0]


def test_one_sided_tumours_are_healed_and_of_two_sided_ones_the_labels_are_left(
    tmp_path: Path, one_sided: Path
) -> None:
    patient = REAL.load(one_sided)
    assert patient.healed.shape == patient.images.shape
    assert not torch.equal(patient.healed, patient.images)
    assert not patient.left.any()
    both = REAL.load(write_patient(tmp_path / "both", block(2, LEFT) + block(4, RIGHT)))
    assert torch.equal(both.left, both.regions)
    assert torch.equal(both.healed[:, both.regions[0] > 0], both.images[:, both.regions[0] > 0])


def test_voxels_are_those_the_bundle_makes_before_it_predicts() -> None:
    fine = np.random.default_rng(0).random((4, 36, 33, 30), np.float32)
    coarse = REAL._coarse(list(fine), np.ones(3))
    before = transform(read_json(BUNDLE, "inference.json"), "preprocessing", "image")
    wanted = np.asarray(before({"image": fine})["image"])
    np.testing.assert_allclose(coarse.numpy(), wanted, atol=1e-5)
    found = torch.stack([SPOIL.normalise(channel) for channel in coarse])
    normalised = [INFER.normalised(channel) for channel in wanted]
    np.testing.assert_allclose(found.numpy(), np.stack(normalised), atol=1e-4)


def test_a_healthy_person_has_a_t1_that_is_t1c_as_well_and_no_more(healthy: Path) -> None:
    person = REAL.load_healthy(healthy)
    assert person.name == "IBSR_99"
    assert person.present == (True, True, False, False)
    t1, t1c, *others = person.images
    assert torch.equal(t1, t1c)
    assert t1.any()
    assert not any(other.any() for other in others)


def test_a_healthy_person_has_no_tumour_and_nothing_to_heal(healthy: Path) -> None:
    person = REAL.load_healthy(healthy)
    assert person.regions.shape == (3, *person.images.shape[1:])
    assert not person.regions.any()
    assert torch.equal(person.healed, person.images)
    assert not person.left.any()


def test_thick_slices_of_a_healthy_person_become_voxels_of_1_5_mm_too(healthy: Path) -> None:
    t1 = REAL.load_healthy(healthy).images[0]
    # 36 mm each way, which is 24 slices of 1.5 mm.
    assert t1.shape == (24, 24, 24)
    assert t1[20, 12, 12] > t1[3, 12, 12], "left is the brighter"
    assert float(t1[:, 12, 12].max()) == pytest.approx(1, abs=0.1)
    assert not t1[0, 0, 0]
