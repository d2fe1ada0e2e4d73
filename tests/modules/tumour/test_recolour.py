"""A tumour shifted towards light or dark, part by part."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
RECOLOUR = import_file(BUNDLE, "recolour.py", "sha256:tumour-tests")
SHAPE = (12, 12, 12)
# Along x: healthy, oedema, core, enhancing.
STEPS = torch.arange(12)[:, None, None].expand(SHAPE)
REGIONS = torch.stack([STEPS.ge(first) for first in (3, 6, 9)]).float()
IMAGES = torch.full((4, *SHAPE), 0.5)


def shifts(seed: int) -> torch.Tensor:
    """By how much, (4 contrasts, 4 steps along x)."""
    changed = RECOLOUR.recolour(IMAGES, REGIONS, np.random.default_rng(seed)) - IMAGES
    assert torch.equal(changed, changed[:, :, :1, :1].expand_as(changed))
    return changed[:, ::3, 0, 0]


def test_every_other_draw_shifts_each_part_of_each_contrast_on_its_own() -> None:
    drawn = torch.stack([shifts(seed) for seed in range(200)])
    shifted = drawn.flatten(1).any(1)
    assert 0.4 < float(shifted.float().mean()) < 0.6
    assert not drawn[:, :, 0].any(), "what is healthy stays"
    parts = drawn[shifted][:, :, 1:].flatten(1)
    assert parts.std(0).numpy() == pytest.approx(RECOLOUR.SPREAD, rel=0.3)
    between = torch.corrcoef(parts.T) - torch.eye(parts.shape[1])
    assert float(between.abs().max()) < 0.5


def test_a_voxel_half_in_the_tumour_is_shifted_half() -> None:
    whole, half = (
        RECOLOUR.recolour(IMAGES, share * REGIONS, np.random.default_rng(0)) - IMAGES
        for share in (1.0, 0.5)
    )
    assert whole.any()
    torch.testing.assert_close(half, whole / 2)


@pytest.mark.parametrize("seed", range(8))
def test_where_there_is_no_image_none_comes(seed: int) -> None:
    images = IMAGES.clone()
    images[1] = 0
    images[:, :, 6:] = 0
    changed = RECOLOUR.recolour(images, REGIONS, np.random.default_rng(seed))
    assert torch.equal(changed > 0, images > 0)
