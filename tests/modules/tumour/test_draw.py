"""One sample of real people: as they are, healed, or with another patient's tumour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
DRAW = import_file(BUNDLE, "draw.py", "sha256:tumour-tests")
REAL = import_file(BUNDLE, "real.py", "sha256:tumour-tests")
SIDE = 24
BOX = (32, 36, 30)
ALL = (True, True, True, True)
T1, T1C, T2, FLAIR = range(4)
RADIUS = torch.from_numpy(np.sqrt(((np.indices((SIDE,) * 3) - 11.5) ** 2).sum(0)))
Pair = tuple[torch.Tensor, torch.Tensor]


def patient(*regions: bool, present: tuple[bool, ...] = ALL, healed: bool = True) -> Any:
    """A ball of 24 voxels with a cube of 6 that is in the given regions, can be healed or not."""
    tumour = torch.zeros((SIDE,) * 3)
    tumour[12:18, 9:15, 9:15] = 1
    there = torch.tensor(present)[:, None, None, None]
    well = (RADIUS < 12) * there * (0.5 + torch.arange(SIDE) / 100)
    asked = torch.tensor(regions)[:, None, None, None] * tumour
    ill = well + 0.4 * tumour * there
    after = (well, torch.zeros_like(asked)) if healed else (ill, asked)
    return REAL.Patient("", ill, asked, present, *after)


OEDEMA = patient(True, False, False)
ENHANCING = patient(True, True, True)


@pytest.mark.parametrize("seed", range(4))
def test_as_they_are_brain_and_tumour_are_in_the_box(seed: int) -> None:
    images, regions = DRAW.as_is(OEDEMA, BOX, np.random.default_rng(seed))
    assert images.shape == (4, *BOX)
    assert regions.shape == (3, *BOX)
    assert images.dtype == regions.dtype == torch.float32
    assert images.isfinite().all()
    # Turned, and by up to 14 % larger or smaller along each axis.
    assert 0.86**3 * 0.8 < float(regions[0].sum() / OEDEMA.regions[0].sum()) < 1.25 / 0.86**3
    assert not regions[1:].any(), "oedema alone has neither core nor enhancing part"


def test_where_the_box_is_smaller_than_the_brain_it_tends_towards_the_tumour() -> None:
    regions = torch.zeros(3, 48, 48, 48)
    regions[:, 39:45, 21:27, 21:27] = 1
    even = torch.ones(4, 48, 48, 48)
    aside = REAL.Patient("", even, regions, ALL, even, regions)
    for kind in (DRAW.as_is, DRAW.healed):
        drawn = [kind(aside, (6, 6, 6), np.random.default_rng(seed)) for seed in range(40)]
        # Seen from the middle, of 18 voxels the box reaches 3, and is put 5 to and fro.
        assert np.mean([bool(found.any()) for _, found in drawn]) > 0.25


def test_where_a_tumour_was_is_looked_at_when_it_is_healed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DRAW, "finish", lambda images, regions, *_: (images, regions))
    regions = torch.zeros(3, 48, 48, 48)
    regions[:, 39:45, 21:27, 21:27] = 1
    scar = 0.5 + 0.5 * regions[:1].expand(4, -1, -1, -1)
    aside = REAL.Patient("", scar, regions, ALL, scar, torch.zeros_like(regions))
    drawn = [DRAW.healed(aside, (6, 6, 6), np.random.default_rng(seed))[0] for seed in range(40)]
    # Seen from the middle, of 18 voxels the box reaches 3, and is put 5 to and fro.
    assert np.mean([float(images.amax()) > 0.75 for images in drawn]) > 0.25


@pytest.mark.parametrize("kind", ["as_is", "healed"])
@pytest.mark.parametrize("seed", range(6))
def test_a_draw_never_shows_a_contrast_the_patient_lacks(kind: str, seed: int) -> None:
    person = patient(True, False, False, present=(True, False, True, True))
    images, _ = getattr(DRAW, kind)(person, BOX, np.random.default_rng(seed))
    assert not images[T1C].any()
    assert images[FLAIR].any(), "without T1c it is FLAIR that stays"


def test_contrasts_go_missing_from_draw_to_draw() -> None:
    drawn = [DRAW.as_is(OEDEMA, BOX, np.random.default_rng(seed)) for seed in range(24)]
    assert len({tuple(bool(image.any()) for image in images) for images, _ in drawn}) > 4


def test_half_the_draws_are_mirrored() -> None:
    rise = torch.arange(1.0, SIDE + 1)[:, None, None].expand(4, SIDE, SIDE, SIDE) / SIDE
    none = torch.zeros(3, SIDE, SIDE, SIDE)
    rising = REAL.Patient("", rise, none, ALL, rise, none)
    drawn = [DRAW.as_is(rising, (12, 12, 12), np.random.default_rng(s))[0] for s in range(24)]
    slopes = [float(images[:, 6:].sum() - images[:, :6].sum()) for images in drawn]
    assert 0.25 < np.mean(np.array(slopes) > 0) < 0.75


@pytest.mark.parametrize("seed", range(4))
def test_a_healed_draw_asks_for_nothing(seed: int) -> None:
    images, regions = DRAW.healed(OEDEMA, BOX, np.random.default_rng(seed))
    assert images.any()
    assert regions.shape == (3, *BOX)
    assert not regions.any()


def test_a_healed_draw_shows_the_healed_image() -> None:
    darker = REAL.Patient("", OEDEMA.images / 2, OEDEMA.regions, ALL, OEDEMA.healed, OEDEMA.left)
    assert same(DRAW.healed(OEDEMA, BOX, rng()), DRAW.healed(darker, BOX, rng()))


def test_what_cannot_be_healed_keeps_its_labels() -> None:
    images, regions = DRAW.healed(patient(True, True, True, healed=False), BOX, rng())
    assert images.any()
    assert regions[2].any()


def test_a_transplant_replaces_the_tumour_of_one_by_the_other_ones() -> None:
    seen = 0
    for seed in range(16):
        images, regions = DRAW.transplanted(OEDEMA, ENHANCING, BOX, np.random.default_rng(seed))
        assert images.shape == (4, *BOX)
        assert images.isfinite().all()
        # The donor's is in all regions, the host's in the first only.
        assert torch.equal(regions[0], regions[2])
        seen += bool(regions[0].any())
    assert seen > 12, "at the rim it may be cut away with the brain"


def test_the_tumour_that_was_taken_out_is_not_seen_either() -> None:
    darker = REAL.Patient("", OEDEMA.images / 2, OEDEMA.regions, ALL, OEDEMA.healed, OEDEMA.left)
    for seed in range(8):
        found, known = (
            DRAW.transplanted(host, ENHANCING, BOX, np.random.default_rng(seed))
            for host in (darker, OEDEMA)
        )
        assert same(found, known)


def test_a_tumour_that_cannot_be_taken_out_stays_beside_the_new_one() -> None:
    stuck = patient(True, True, True, healed=False)
    drawn = [
        DRAW.transplanted(stuck, OEDEMA, BOX, np.random.default_rng(seed))[1] for seed in range(16)
    ]
    both = [r for r in drawn if r[2].any() and float(r[0].sum()) > 1.3 * float(r[2].sum())]
    assert both, "the host's enhancing one and the donor's oedema"


@pytest.mark.parametrize("seed", range(8))
def test_a_transplant_shows_no_contrast_that_either_lacks(seed: int) -> None:
    pair = [
        patient(True, True, True, present=(False, True, True, True)),
        patient(True, True, True, present=(True, True, False, True)),
    ]
    images, _ = DRAW.transplanted(*pair, BOX, np.random.default_rng(seed))
    assert not images[T1].any()
    assert not images[T2].any()
    assert images.any()


@pytest.mark.parametrize("kind", ["as_is", "healed", "transplanted"])
def test_the_same_generator_draws_alike(kind: str) -> None:
    of = (OEDEMA, ENHANCING) if kind == "transplanted" else (ENHANCING,)
    first, again, other = (
        getattr(DRAW, kind)(*of, BOX, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert same(first, again)
    assert not same(first, other)


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def same(first: Pair, other: Pair) -> bool:
    return all(torch.equal(a, b) for a, b in zip(first, other, strict=True))
