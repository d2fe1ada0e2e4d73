from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.train.heads import CORTEX, CSF, DEEP, OTHER, WHITE
from pipeline.train.paint import (
    CORE,
    LESION,
    among,
    distance,
    fill,
    lump,
    paint,
    plant,
    ragged,
    strip,
)


@pytest.fixture(scope="module")
def labels() -> torch.Tensor:
    """White matter in grey in CSF in bone, 64 voxels a side."""
    table = [RADIUS < 14, RADIUS < 20, RADIUS < 23, RADIUS < 28]
    return torch.from_numpy(np.select(table, [WHITE, CORTEX, CSF, OTHER], 0).astype(np.uint8))


RADIUS = np.sqrt(((np.indices((64,) * 3) - 31.5) ** 2).sum(0))


def numbers(labels: torch.Tensor) -> set[int]:
    return set(labels.unique().tolist())


@pytest.mark.parametrize("seed", range(4))
def test_a_lesion_grows_in_grey_and_white_matter_only(labels: torch.Tensor, seed: int) -> None:
    planted = plant(labels, np.random.default_rng(seed))
    changed = planted != labels
    assert changed.any()
    assert (planted[changed] >= LESION).all()
    assert numbers(labels[changed]) <= {CORTEX, WHITE}


def test_voxels_of_two_millimetres_hold_smaller_lesions(labels: torch.Tensor) -> None:
    fine, coarse = (
        int((plant(labels, np.random.default_rng(1), side) >= LESION).sum()) for side in (1.0, 2.0)
    )
    assert coarse < fine


def test_no_lesion_grows_where_there_is_no_brain() -> None:
    bone = torch.full((16, 16, 16), OTHER, dtype=torch.uint8)
    assert torch.equal(plant(bone, np.random.default_rng(0)), bone)


@pytest.mark.parametrize("seed", range(4))
def test_a_stripped_head_keeps_its_grey_and_white_matter(labels: torch.Tensor, seed: int) -> None:
    kept = strip(labels, labels * (labels < OTHER), np.random.default_rng(seed))
    inner = among(labels, (CORTEX, WHITE))
    assert torch.equal(kept[inner], labels[inner])
    assert (kept > 0).sum() < (labels > 0).sum()


@pytest.mark.parametrize("seed", range(6))
def test_a_ragged_mask_is_most_of_the_brain_and_little_else(seed: int) -> None:
    brain = torch.from_numpy(RADIUS < 22)
    mask = ragged(brain, np.random.default_rng(seed))
    assert mask.dtype == torch.bool
    assert mask.shape == brain.shape
    assert not torch.equal(mask, brain)
    assert mask[RADIUS < 14].float().mean() > 0.99
    assert mask[RADIUS > 30].float().mean() < 0.15


def test_a_ragged_mask_is_as_ragged_in_voxels_of_two_millimetres() -> None:
    fine, coarse = (
        [
            float(ragged(torch.from_numpy(mask), np.random.default_rng(seed), side).sum())
            / mask.sum()
            for seed in range(4)
        ]
        for mask, side in ((RADIUS < 22, 1.0), ((RADIUS < 22)[::2, ::2, ::2], 2.0))
    )
    assert fine == pytest.approx(coarse, rel=0.1)


def test_distance_is_in_millimetres_from_a_voxel_of_the_class(labels: torch.Tensor) -> None:
    fine, coarse = (distance(labels, (WHITE,), np.random.default_rng(5), s) for s in (1.0, 2.0))
    assert fine is not None
    assert coarse is not None
    torch.testing.assert_close(coarse, 2 * fine)
    (seed,) = (fine == 0).nonzero().tolist()
    assert labels[tuple(seed)] == WHITE


def test_distance_grows_at_another_rate_along_each_axis(labels: torch.Tensor) -> None:
    away = distance(labels, (WHITE,), np.random.default_rng(5), 1.0)
    assert away is not None
    x, y, z = (away == 0).nonzero()[0].tolist()
    steps = [float(away[at]) for at in ((x + 1, y, z), (x, y + 1, z), (x, y, z + 1))]
    assert len({round(step, 3) for step in steps}) == 3
    assert all(0.6**0.5 <= step <= 1.6**0.5 for step in steps)


def test_there_is_no_distance_from_a_class_that_is_absent(labels: torch.Tensor) -> None:
    assert distance(labels, (DEEP,), np.random.default_rng(0), 1.0) is None


def test_among_finds_the_voxels_of_some_classes(labels: torch.Tensor) -> None:
    found = among(labels, (CSF, OTHER))
    assert torch.equal(found, (labels == CSF) | (labels == OTHER))
    assert not among(labels, ()).any()
    assert among(torch.tensor([[[CORE, 0]]], dtype=torch.uint8), (CORE,)).tolist() == [
        [[True, False]]
    ]


def test_filling_gives_each_label_its_mean_and_spread(labels: torch.Tensor) -> None:
    mean, spread = np.zeros(256), np.zeros(256)
    mean[[WHITE, CORTEX]] = 0.8, 0.4
    spread[CORTEX] = 0.05
    image = fill(labels, mean, spread, np.random.default_rng(0))
    assert image.dtype == torch.float32
    assert image.shape == labels.shape
    assert not image[labels == OTHER].any()
    white, grey = image[labels == WHITE], image[labels == CORTEX]
    assert float(white.mean()) == pytest.approx(0.8, rel=0.05)
    assert float(grey.mean()) == pytest.approx(0.4, rel=0.05)
    assert float(grey.std()) == pytest.approx(0.05, rel=0.3)


def test_filling_never_goes_below_zero(labels: torch.Tensor) -> None:
    image = fill(labels, np.zeros(256), np.ones(256), np.random.default_rng(0))
    assert image.min() == 0
    assert image.max() > 1


def test_a_structure_has_one_intensity_and_its_spread(labels: torch.Tensor) -> None:
    image = paint(labels, np.random.default_rng(3))
    assert image.min() >= 0
    white, grey = image[labels == WHITE], image[labels == CORTEX]
    assert abs(white.mean() - grey.mean()) > 0.02
    assert white.std() < 0.25


def test_the_same_generator_paints_the_same_image(labels: torch.Tensor) -> None:
    first, again, other = (paint(labels, np.random.default_rng(s)) for s in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("seed", range(4))
def test_what_lies_outside_the_brain_falls_into_pieces(labels: torch.Tensor, seed: int) -> None:
    even = 0.5 * (labels > 0)
    lumpy = lump(even, labels, np.random.default_rng(seed))
    outside = labels == OTHER
    assert lumpy.min() >= 0
    assert len(lumpy[outside].unique()) > 1
    assert torch.equal(lumpy[~outside], even[~outside])


@pytest.mark.parametrize("seed", range(4))
def test_a_contrast_that_is_asked_for_is_painted(labels: torch.Tensor, seed: int) -> None:
    t1, t2 = (paint(labels, np.random.default_rng(seed), name) for name in ("T1", "T2"))
    assert t1[labels == WHITE].mean() > t1[labels == CSF].mean()
    assert t2[labels == WHITE].mean() < t2[labels == CSF].mean()
