"""Tumours taken out, filled from the other hemisphere, and put into other brains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
TRANSPLANT = import_file(BUNDLE, "transplant.py", "sha256:tumour-tests")
SHAPE = (32, 30, 28)
INDEX = np.indices(SHAPE)
GRID = torch.from_numpy(INDEX)
INSIDE = torch.from_numpy(
    ((INDEX - np.reshape([15.5, 14.5, 13.5], (3, 1, 1, 1))) ** 2).sum(0) < 13**2
)
SEEDS = range(12)


def brain() -> torch.Tensor:
    """Four contrasts of a ball that is the same on both sides and brighter towards its back."""
    back = torch.from_numpy(INDEX[1].astype(np.float32)) / 60
    return torch.stack([(grey + back) * INSIDE for grey in (0.5, 0.4, 0.3, 0.2)])


def heal(images: torch.Tensor, tumour: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Of a tumour that is in all three regions: the images, and what is left of one."""
    healed, left = TRANSPLANT.heal(images, tumour.float().expand(3, *images.shape[1:]))
    assert torch.equal(left[0], left[2])
    return healed, left[0]


def mask(x: slice, y: slice = slice(12, 17), z: slice = slice(11, 16)) -> torch.Tensor:
    found = torch.zeros(SHAPE, dtype=torch.bool)
    found[x, y, z] = True
    return found


LEFT, RIGHT = mask(slice(21, 25)), mask(slice(7, 11))
NEAR = mask(slice(18, 28), slice(9, 20), slice(8, 19))
"""Within three voxels, 4.5 mm, of the left one."""


def test_a_tumour_and_the_swelling_around_it_are_filled_from_the_other_side() -> None:
    swollen = mask(slice(20, 26), slice(11, 18), slice(10, 17))
    ill = brain() + 0.3 * LEFT + 0.2 * swollen
    healed, left = heal(ill, LEFT)
    torch.testing.assert_close(healed, brain())
    assert not left.any()


def test_healing_leaves_what_is_far_from_the_tumour_alone() -> None:
    noisy = (brain() + 0.1 * torch.rand(4, *SHAPE)) * INSIDE
    healed, _ = heal(noisy, LEFT)
    far = torch.ones(SHAPE, dtype=torch.bool)
    far[16:30, 7:22, 6:21] = False
    assert torch.equal(healed[:, far], noisy[:, far])
    assert not torch.equal(healed[:, NEAR], noisy[:, NEAR])
    assert not healed[:, ~INSIDE].any()


def test_the_filling_fades_into_what_surrounds_it() -> None:
    halves = torch.where(torch.from_numpy(INDEX[0] > 15), 0.4, 0.8) * INSIDE
    healed = heal(halves.expand(4, *SHAPE), LEFT)[0][0]
    assert healed[LEFT].unique().tolist() == pytest.approx([0.8])
    backwards = healed[22, 14:26, 13]
    assert backwards.tolist() == sorted(backwards.tolist(), reverse=True)
    assert float(backwards[-1]) == pytest.approx(0.4)
    assert float(backwards.diff().abs().max()) < 0.1, "no seam of 0.4"


def test_the_mirror_stands_in_the_middle_of_the_brain_not_of_its_box() -> None:
    ill = torch.nn.functional.pad(brain() + 0.3 * LEFT, (0, 0, 0, 0, 6, 1))
    tumour = torch.nn.functional.pad(LEFT, (0, 0, 0, 0, 6, 1))
    healed, _ = heal(ill, tumour)
    torch.testing.assert_close(healed[:, 6:-1], brain())


def test_a_tumour_at_the_edge_of_the_box_is_filled_whole() -> None:
    edge, well = mask(slice(25, 29))[3:29] & INSIDE[3:29], brain()[:, 3:29]
    healed, _ = heal(well + 0.3 * edge, edge)
    torch.testing.assert_close(healed, well)


def test_nothing_is_filled_in_where_there_is_no_brain() -> None:
    notch = mask(slice(25, 28))
    ill = (brain() + 0.3 * LEFT) * ~notch
    healed, _ = heal(ill, LEFT)
    assert not healed[:, notch].any()
    torch.testing.assert_close(healed, brain() * ~notch)


@pytest.mark.parametrize(
    "tumour", [LEFT | RIGHT, mask(slice(13, 19))], ids=["on both sides", "in the middle"]
)
def test_what_the_other_side_has_as_well_stays_with_its_labels(tumour: torch.Tensor) -> None:
    ill = brain() + 0.3 * tumour
    healed, left = heal(ill, tumour)
    assert torch.equal(left > 0, tumour)
    assert torch.equal(healed[:, tumour], ill[:, tumour])


def test_of_two_tumours_the_one_that_faces_healthy_brain_is_healed() -> None:
    lower = mask(slice(7, 11), slice(12, 17), slice(3, 6)) & INSIDE
    facing = mask(slice(21, 25), slice(12, 17), slice(3, 6)) & INSIDE
    ill = brain() + 0.3 * (LEFT | lower | facing)
    healed, left = heal(ill, LEFT | lower | facing)
    assert torch.equal(left > 0, lower | facing)
    torch.testing.assert_close(healed[:, LEFT], brain()[:, LEFT])


def test_where_the_other_side_was_cut_away_the_tumour_stays() -> None:
    ill = (brain() + 0.3 * LEFT) * ~mask(slice(4, 13), slice(9, 20), slice(8, 19))
    healed, left = heal(ill, LEFT)
    assert torch.equal(left > 0, LEFT)
    assert torch.equal(healed[:, LEFT], ill[:, LEFT])


def test_a_brain_without_a_tumour_needs_no_healing() -> None:
    healed, left = heal(brain(), mask(slice(0)))
    assert torch.equal(healed, brain())
    assert not left.any()


def test_a_missing_contrast_stays_missing_in_the_healed_brain() -> None:
    ill = brain() + 0.3 * LEFT
    ill[0] = 0
    healed, _ = heal(ill, LEFT)
    assert not healed[0].any()
    torch.testing.assert_close(healed[1:], brain()[1:])


def donor() -> tuple[torch.Tensor, torch.Tensor]:
    """A dark brain with a bright tumour: oedema around a core that enhances in its middle."""
    boxes = [mask(slice(c, 12 - c), slice(8 + c, 20 - c), slice(8 + c, 20 - c)) for c in range(3)]
    regions = torch.stack([box & INSIDE for box in boxes]).float()
    return (0.1 * INSIDE + 0.8 * regions[0]).expand(4, *SHAPE), regions


def put(
    seed: int, regions: torch.Tensor, what: tuple[torch.Tensor, torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor]:
    """The donor's tumour in the brain, which has regions of its own."""
    rng = np.random.default_rng(seed)
    images, found = TRANSPLANT.transplant(brain(), regions, what, SHAPE, rng)
    return images, found


NOTHING = torch.zeros(3, *SHAPE)


def test_a_faint_tumour_lets_the_brain_shine_through() -> None:
    faint, clear = (
        TRANSPLANT.transplant(brain(), NOTHING, donor(), SHAPE, np.random.default_rng(4), strength)
        for strength in (0.4, 1.0)
    )
    assert torch.equal(faint[1], clear[1]), "the same labels"
    torch.testing.assert_close(faint[0] - brain(), 0.4 * (clear[0] - brain()))


@pytest.mark.parametrize("seed", SEEDS)
def test_air_around_the_donors_brain_does_not_come_along(seed: int) -> None:
    # As bright as its tumour, which reaches the surface: beside it there is air.
    cut = INSIDE & torch.from_numpy(INDEX[0] > 5)
    bright = 0.9 * cut.float().expand(4, *SHAPE), donor()[1] * cut
    placed, regions = put(seed, NOTHING, bright)
    assert regions[0].any()
    assert (placed >= brain().clamp_max(0.9) - 0.02).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_where_the_tumour_is_put_the_donor_is_seen_and_elsewhere_the_brain(seed: int) -> None:
    images, (whole, _, _) = put(seed, NOTHING, donor())
    assert images.shape == (4, *SHAPE)
    well_inside = whole > 0.99
    assert well_inside.any()
    torch.testing.assert_close(
        images[:, well_inside], torch.full_like(images[:, well_inside], 0.9), atol=0.02, rtol=0
    )
    # Its border is soft: a Gaussian of 0.8 voxels, which ends at three.
    around = torch.nn.functional.max_pool3d(whole[None], 9, 1, 4)[0] > 0
    assert torch.equal(images[:, ~around], brain()[:, ~around])


@pytest.mark.parametrize("seed", SEEDS)
def test_its_regions_stay_nested_and_inside_the_brain(seed: int) -> None:
    images, (whole, core, enhancing) = put(seed, NOTHING, donor())
    assert 0 <= enhancing.min() <= whole.max() <= 1 + 1e-5
    assert (enhancing <= core + 1e-5).all()
    assert (core <= whole + 1e-5).all()
    assert not whole[~INSIDE].any()
    assert not images[:, ~INSIDE].any()


def test_it_is_put_anywhere_in_other_sizes() -> None:
    places, sizes = [], []
    for seed in range(40):
        _, (whole, _, _) = put(seed, NOTHING, donor())
        places.append((whole > 0.5).nonzero().float().mean(0).tolist())
        sizes.append(float(whole.sum()))
    # A uniform ball of 13 voxels spreads by 13 over the root of five along each axis.
    assert np.std(places, axis=0).min() > 3
    own = float(donor()[1][0].sum())
    assert min(sizes) < 0.7 * own
    assert 1.2 * own < max(sizes) < own / 0.75**3


def test_it_is_turned_and_mirrored() -> None:
    halves = torch.stack([mask(slice(4, 12)), mask(slice(4, 8)), mask(slice(4, 8))]).float()
    to_the_half = []
    for seed in range(40):
        _, (whole, core, _) = put(seed, NOTHING, (donor()[0], halves))
        to_the_half.append(
            ((core * GRID).sum((1, 2, 3)) / core.sum()).sub(
                (whole * GRID).sum((1, 2, 3)) / whole.sum()
            )
        )
    x, y, _ = torch.nn.functional.normalize(torch.stack(to_the_half)).T
    assert 0.25 < float((x < 0).float().mean()) < 0.75
    assert float(y.abs().max()) > 0.5, "more than 30 degrees about z"


def test_what_the_brain_has_of_its_own_stays_but_under_the_new_tumour() -> None:
    everywhere = INSIDE.float().expand(3, *SHAPE)
    images, regions = donor()
    oedema = torch.stack((regions[0], torch.zeros(SHAPE), torch.zeros(SHAPE)))
    _, bare = put(3, NOTHING, (images, oedema))
    _, (whole, core, enhancing) = put(3, everywhere, (images, oedema))
    assert torch.equal(whole > 0, INSIDE)
    torch.testing.assert_close(core, (1 - bare[0]) * INSIDE)
    assert torch.equal(core, enhancing)


def test_of_a_donor_without_a_tumour_nothing_is_taken() -> None:
    own = RIGHT.float().expand(3, *SHAPE)
    images, regions = put(0, own, (donor()[0], NOTHING))
    assert torch.equal(images, brain())
    assert torch.equal(regions, own)


def test_the_donor_may_have_another_shape() -> None:
    images, regions = (torch.nn.functional.pad(part, (3, 0, 0, 5, 2, 2)) for part in donor())
    _, (whole, _, _) = put(1, NOTHING, (images, regions))
    assert whole.any()


def test_the_same_generator_puts_it_into_the_same_place() -> None:
    first, again, other = (put(seed, NOTHING, donor())[1] for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
