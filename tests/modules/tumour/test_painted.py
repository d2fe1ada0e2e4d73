"""Painted brains with planted tumours: nested regions, four contrasts, and healthy ones too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file
from pipeline.train.heads import CORTEX, CSF, OTHER, VENTRICLE, WHITE, Head

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
PAINTED = import_file(BUNDLE, "painted.py", "sha256:tumour-tests")
BOX = (48, 56, 52)


def rings(sides: int, scale: float) -> torch.Tensor:
    """A ventricle in white matter in grey in CSF in bone."""
    radius = np.sqrt(((np.indices((sides,) * 3) - (sides - 1) / 2) ** 2).sum(0)) * scale
    table = [radius < 6, radius < 30, radius < 38, radius < 41, radius < 46]
    labels = np.select(table, [VENTRICLE, WHITE, CORTEX, CSF, OTHER], 0)
    return torch.from_numpy(labels.astype(np.uint8))


@pytest.fixture(scope="module")
def ball() -> Head:
    return Head("ball", rings(96, 1.0), np.array([47.5] * 3))


@pytest.fixture(scope="module")
def labels() -> torch.Tensor:
    """The same head at 1.5 mm."""
    return rings(64, 1.5)


@pytest.fixture(scope="module")
def drawn(ball: Head) -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [PAINTED.synthesise(ball, BOX, np.random.default_rng(seed)) for seed in range(16)]


def test_shapes_are_those_of_the_box(drawn: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    for images, regions in drawn:
        assert images.shape == (4, *BOX)
        assert regions.shape == (3, *BOX)
        assert images.dtype == regions.dtype == torch.float32
        assert images.isfinite().all()


def test_regions_are_shares_and_each_lies_within_the_one_before(
    drawn: list[tuple[torch.Tensor, torch.Tensor]],
) -> None:
    for _, (whole, core, enhancing) in drawn:
        assert enhancing.min() >= 0
        assert whole.max() <= 1 + 1e-5
        assert (enhancing <= core + 1e-5).all()
        assert (core <= whole + 1e-5).all()
    assert any(region[2].max() > 0.5 for _, region in drawn), "some enhance"
    assert any(region[0].max() > 0.5 > region[2].max() for _, region in drawn), "some do not"


def test_the_border_of_a_tumour_lies_inside_voxels(
    drawn: list[tuple[torch.Tensor, torch.Tensor]],
) -> None:
    ill = [regions[0] for _, regions in drawn if regions[0].any()]
    assert len(ill) > 6
    assert all(((whole > 0.1) & (whole < 0.9)).any() for whole in ill)


def test_voxels_are_of_1_5_mm(drawn: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    # A brain of 82 mm in a box of 72 by 84 by 78 mm; at 1 mm it would fill the box.
    shares = [float((images != 0).any(0).float().mean()) for images, _ in drawn]
    assert np.median(shares) == pytest.approx(0.6, abs=0.15)


def test_contrasts_go_missing_but_t1c_or_flair_is_there(
    drawn: list[tuple[torch.Tensor, torch.Tensor]],
) -> None:
    seen = [tuple(bool(image.any()) for image in images) for images, _ in drawn]
    assert len(set(seen)) > 4
    assert all(t1c or flair for _, t1c, _, flair in seen)


def test_a_quarter_of_the_draws_is_healthy_and_asks_for_nothing(
    drawn: list[tuple[torch.Tensor, torch.Tensor]],
) -> None:
    healthy = [(images, regions) for images, regions in drawn if not regions[0].any()]
    assert 1 <= len(healthy) <= 8
    for images, regions in healthy:
        assert not regions.any()
        assert images.any()


def test_the_same_generator_gives_the_same_brain(ball: Head) -> None:
    first, again = (PAINTED.synthesise(ball, BOX, np.random.default_rng(2)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("seed", range(8))
def test_a_tumour_grows_in_grey_and_white_matter_only(labels: torch.Tensor, seed: int) -> None:
    grown = PAINTED.tumour(labels, np.random.default_rng(seed))
    changed = grown != labels
    assert changed.any()
    assert set(grown[changed].tolist()) <= {PAINTED.OEDEMA, PAINTED.CORE, PAINTED.RING}
    assert set(labels[changed].tolist()) <= {WHITE, CORTEX}


def test_tumours_are_of_several_kinds(labels: torch.Tensor) -> None:
    kinds = {
        tuple(label in PAINTED.tumour(labels, np.random.default_rng(seed)).unique() for label in ks)
        for ks in [(PAINTED.OEDEMA, PAINTED.CORE, PAINTED.RING)]
        for seed in range(24)
    }
    assert (True, True, True) in kinds
    assert (True, True, False) in kinds, "a core that does not enhance"


def test_no_tumour_grows_where_there_is_no_tissue() -> None:
    bone = torch.full((16, 16, 16), OTHER, dtype=torch.uint8)
    assert torch.equal(PAINTED.tumour(bone, np.random.default_rng(0)), bone)


def test_spots_lie_in_white_matter_in_a_third_of_the_draws(labels: torch.Tensor) -> None:
    spotted = 0
    for seed in range(60):
        found = PAINTED.spots(labels, np.random.default_rng(seed))
        changed = found != labels
        assert set(found[changed].tolist()) <= {PAINTED.SPOT}
        assert set(labels[changed].tolist()) <= {WHITE}
        spotted += bool(changed.any())
    assert spotted / 60 == pytest.approx(0.35, abs=0.2)


def test_spots_are_no_tumour() -> None:
    assert PAINTED.SPOT < PAINTED.OEDEMA < PAINTED.CORE < PAINTED.RING


def test_the_ring_is_bright_after_contrast_and_oedema_is_bright_in_flair(
    labels: torch.Tensor,
) -> None:
    grown = labels.clone()
    grown[19:32, 27:37, 27:37] = PAINTED.OEDEMA
    grown[22:29, 29:35, 29:35] = PAINTED.RING
    rises, stands_out = [], []
    for seed in range(8):
        images = PAINTED.contrasts(grown, np.random.default_rng(seed))
        t1, t1c, _, flair = images
        assert len(images) == 4
        assert min(float(image.min()) for image in images) >= 0
        assert not any(image[grown == 0].mean() > 0.1 for image in images), "air is dark"
        ring, oedema = grown == PAINTED.RING, grown == PAINTED.OEDEMA
        rises.append(float(t1c[ring].mean() - t1[ring].mean()))
        stands_out.append(float(flair[oedema].mean() - flair[grown == WHITE].mean()))
    assert np.mean(rises) > 0.4
    assert np.mean(stands_out) > 0.2
