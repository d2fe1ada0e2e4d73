"""What the tissue module makes of scores: labels, one brain without holes, volumes that add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from highdicom import Volume
from scipy import ndimage

from pipeline.bundle.code import import_file
from pipeline.types import Inputs, Prediction, Role

BUNDLE = Path(__file__).parents[3] / "modules" / "tissue"
SHAPE = (40, 44, 48)


@pytest.fixture(scope="module")
def code() -> ModuleType:
    return import_file(BUNDLE, "predict.py", "sha256:tissue-tests")


@pytest.fixture
def predict(code: ModuleType) -> Callable[[np.ndarray], Prediction]:
    """Predict from the class wanted at each voxel; voxels are 2 mm."""
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    volume = Volume(np.ones(SHAPE, np.float32), affine, coordinate_system="PATIENT")

    def run(wanted: np.ndarray) -> Prediction:
        scores = (np.arange(6)[:, None, None, None] == wanted).astype(np.float32)
        scores[5] += 0.1  # white matter is next likeliest everywhere
        return code.predict(scores, Inputs({Role.T1: volume}, {}))

    return run


def ball(radius: float, centre: tuple[int, int, int] = (20, 22, 24)) -> np.ndarray:
    where = np.indices(SHAPE) - np.reshape(centre, (3, 1, 1, 1))
    return np.linalg.norm(where, axis=0) < radius


def test_each_voxel_of_the_brain_has_its_likeliest_tissue(predict) -> None:
    wanted = np.where(ball(15), 3, 0)
    for number, radius in ((5, 11), (4, 8), (1, 4)):
        wanted[ball(radius)] = number
    np.testing.assert_array_equal(predict(wanted).labels, wanted)


def test_a_hole_is_brain_and_takes_the_next_likeliest_tissue(predict) -> None:
    wanted = np.where(ball(15), 3, 0)
    wanted[ball(5)] = 0
    found = predict(wanted).labels
    assert set(np.unique(found[ball(5)])) == {5}


def test_what_hangs_on_a_thin_bridge_is_cut_off(predict) -> None:
    wanted = np.where(ball(9, (12, 22, 24)), 3, 0)
    wanted[20:32, 22:24, 24:26] = 3
    eye = ball(5, (33, 22, 24))
    wanted[eye] = 2
    found = predict(wanted).labels
    assert not found[eye].any()
    assert found[ball(9, (12, 22, 24))].all()


def test_sulcal_csf_ends_a_voxel_beyond_the_brain_modules_mask(code: ModuleType) -> None:
    wanted = np.where(ball(15), 2, 0)
    wanted[ball(10)] = 3
    scores = (np.arange(6)[:, None, None, None] == wanted).astype(np.float32)
    volume = Volume(np.ones(SHAPE, np.float32), np.eye(4), coordinate_system="PATIENT")
    mask = Prediction(labels=ball(12).astype(np.uint8))
    found = code.predict(scores, Inputs({Role.T1: volume}, {}, {"brain": mask})).labels
    np.testing.assert_array_equal(found == 2, ndimage.binary_dilation(ball(12)) & ~ball(10))


def test_where_the_image_is_zero_sulcal_csf_ends_with_the_mask(code: ModuleType) -> None:
    wanted = np.where(ball(15), 2, 0)
    scores = (np.arange(6)[:, None, None, None] == wanted).astype(np.float32)
    cut_out = ball(12).astype(np.float32)
    cut_out[24, 24, 24] = 0  # fluid can be as dark as air
    volume = Volume(cut_out, np.eye(4), coordinate_system="PATIENT")
    mask = Prediction(labels=ball(12).astype(np.uint8))
    found = code.predict(scores, Inputs({Role.T1: volume}, {}, {"brain": mask})).labels
    np.testing.assert_array_equal(found > 0, ball(12))


def test_beyond_the_mask_what_is_darker_than_sulcal_csf_is_bone(code: ModuleType) -> None:
    scores = (np.arange(6)[:, None, None, None] == np.where(ball(16), 2, 0)).astype(np.float32)
    image = np.where(ball(12), 100, 80).astype(np.float32)
    image[20:] = np.where(ball(12), 100, 40)[20:]
    volume = Volume(image, np.diag([2.0, 2.0, 2.0, 1.0]), coordinate_system="PATIENT")
    mask = Prediction(labels=ball(12).astype(np.uint8))
    found = code.predict(scores, Inputs({Role.T1: volume}, {}, {"brain": mask})).labels
    believed = ball(12) | (ndimage.binary_dilation(ball(12)) & (image == 80))
    np.testing.assert_array_equal(found == 2, believed)


def test_grey_matter_beyond_the_brain_modules_mask_stays(code: ModuleType) -> None:
    wanted = np.where(ball(15), 3, 0)
    scores = (np.arange(6)[:, None, None, None] == wanted).astype(np.float32)
    volume = Volume(np.ones(SHAPE, np.float32), np.eye(4), coordinate_system="PATIENT")
    mask = Prediction(labels=ball(12).astype(np.uint8))
    found = code.predict(scores, Inputs({Role.T1: volume}, {}, {"brain": mask})).labels
    np.testing.assert_array_equal(found > 0, ball(15))


def test_volumes_add_up(predict) -> None:
    wanted = np.where(ball(15), 3, 0)
    wanted[ball(11)] = 5
    wanted[ball(4)] = 1
    found = {m.name: m.value for m in predict(wanted).measurements}
    assert found["brain volume"] == pytest.approx(ball(15).sum() * 0.008)
    assert found["ventricular CSF volume"] == pytest.approx(ball(4).sum() * 0.008)
    parts = ("CSF", "GM", "WM")
    assert sum(found[f"{p} volume"] for p in parts) == pytest.approx(found["brain volume"])
    assert sum(found[f"{p} intracranial fraction"] for p in parts) == pytest.approx(1)


def test_where_there_is_no_brain_volumes_are_zero_and_shares_absent(predict) -> None:
    found = predict(np.zeros(SHAPE, int))
    assert not found.labels.any()
    assert {m.value for m in found.measurements} == {0.0}
    assert not [m for m in found.measurements if "fraction" in m.name]


def test_csf_is_likelier_than_the_network_says_by_the_bundles_parameters(code) -> None:
    volume = Volume(np.ones(SHAPE, np.float32), np.eye(4), coordinate_system="PATIENT")
    scores = np.zeros((6, *SHAPE), np.float32)
    scores[0, ~ball(15)] = scores[3, ball(15)] = 1.0  # grey matter
    scores[2, ball(8)] = 0.5  # sulcal CSF comes close to it in the middle
    given = Inputs({Role.T1: volume}, {})
    assert set(np.unique(code.predict(scores, given).labels)) == {0, 3}
    moved = replace(given, parameters={"sulcal_csf": 0.6})
    np.testing.assert_array_equal(code.predict(scores, moved).labels[ball(8)], 2)
    assert set(np.unique(code.predict(scores, moved).labels)) == {0, 2, 3}
