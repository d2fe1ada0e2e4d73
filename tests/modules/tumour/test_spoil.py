"""What is done to a brain's contrasts: some go missing, the others are spoilt and normalised."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file
from pipeline.train.smooth import dilate

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
SPOIL = import_file(BUNDLE, "spoil.py", "sha256:tumour-tests")
T1C, FLAIR = 1, 3
ALL = (True, True, True, True)
ENOUGH = [p for p in product((True, False), repeat=4) if p[T1C] or p[FLAIR]]
SEEDS = range(40)


@pytest.fixture(scope="module")
def brain() -> torch.Tensor:
    """Four contrasts of a ball of two tissues, (4, 36, 40, 32)."""
    shape = (36, 40, 32)
    middle = np.reshape([(n - 1) / 2 for n in shape], (3, 1, 1, 1))
    radius = torch.from_numpy(np.sqrt(((np.indices(shape) - middle) ** 2).sum(0)))
    inside = (radius < 12).float()
    return torch.stack([inside * (grey + (radius < 8) * 0.3) for grey in (0.5, 0.6, 0.4, 0.3)])


@pytest.mark.parametrize("present", ENOUGH)
def test_t1c_or_flair_always_stays_of_those_there_are(present: tuple[bool, ...]) -> None:
    for seed in SEEDS:
        kept = SPOIL.drop(present, np.random.default_rng(seed))
        assert len(kept) == 4
        assert kept[T1C] or kept[FLAIR]
        assert not any(k and not p for k, p in zip(kept, present, strict=True))


def test_t1c_alone_comes_up_in_every_fifth_draw_and_more() -> None:
    rng = np.random.default_rng(0)
    drawn = Counter(SPOIL.drop(ALL, rng) for _ in range(4000))
    assert set(drawn) == set(ENOUGH), "every subset that is enough comes up"
    # What is left over of the shares is spread evenly over the twelve.
    rest = (1 - SPOIL.COMPLETE - 0.2 - 0.12) / 12
    wanted = dict.fromkeys(ENOUGH, rest)
    wanted[ALL] += SPOIL.COMPLETE
    wanted[False, True, False, False] += 0.2
    wanted[False, False, False, True] += 0.12
    assert {kept: n / 4000 for kept, n in drawn.items()} == pytest.approx(wanted, abs=0.02)


def test_without_t1c_its_share_goes_to_flair_alone() -> None:
    rng = np.random.default_rng(0)
    drawn = Counter(SPOIL.drop((True, False, False, True), rng) for _ in range(4000))
    alone = drawn[False, False, False, True] / 4000
    assert alone == pytest.approx(0.32 + (1 - 0.32 - SPOIL.COMPLETE) / 2, abs=0.03)
    assert len(drawn) == 2


def test_with_neither_t1c_nor_flair_nothing_is_dropped() -> None:
    only = (True, False, True, False)
    assert {SPOIL.drop(only, np.random.default_rng(seed)) for seed in SEEDS} == {only}


def test_the_only_contrast_there_is_always_stays() -> None:
    flair = (False, False, False, True)
    assert {SPOIL.drop(flair, np.random.default_rng(seed)) for seed in SEEDS} == {flair}


def test_normalised_contrasts_have_zero_mean_and_unit_deviation_where_not_zero(
    brain: torch.Tensor,
) -> None:
    image = brain[0] + torch.rand(brain[0].shape) * (brain[0] > 0)
    done = SPOIL.normalise(image)
    inside = image != 0
    assert float(done[inside].mean()) == pytest.approx(0, abs=1e-4)
    assert float(done[inside].std(correction=0)) == pytest.approx(1, abs=1e-4)
    assert not done[~inside].any()


def test_an_empty_or_even_contrast_is_normalised_to_zero() -> None:
    assert not SPOIL.normalise(torch.zeros(6, 6, 6)).any()
    assert float(SPOIL.normalise(torch.full((4, 4, 4), 0.5)).abs().max()) < 1e-3


@pytest.mark.parametrize("seed", range(6))
def test_spoiling_keeps_the_shape_and_stays_above_zero(brain: torch.Tensor, seed: int) -> None:
    found = SPOIL.spoil(brain[1], 2, np.random.default_rng(seed))
    assert found.shape == brain[1].shape
    assert found.isfinite().all()
    assert found.min() > 0


def finish(images: torch.Tensor, kept: tuple[bool, ...], seed: int) -> torch.Tensor:
    """The spoilt images; a truth of nothing goes with them."""
    nothing = torch.zeros((3, *images.shape[1:]))
    done: torch.Tensor = SPOIL.finish(images, nothing, kept, np.random.default_rng(seed))[0]
    return done


def test_where_the_brain_was_cut_away_no_tumour_is_asked_for(brain: torch.Tensor) -> None:
    everywhere = torch.ones((3, *brain.shape[1:]))
    cut = 0
    for seed in range(30):
        done, truth = SPOIL.finish(brain, everywhere, ALL, np.random.default_rng(seed))
        gone = (brain[0] > 0) & (done[0] == 0)
        assert float(truth[:, gone].sum()) <= 0.001 * gone.numel()
        cut += bool(gone.any())
    assert cut


@pytest.mark.parametrize("kept", [ALL, (False, True, False, False), (True, False, False, True)])
def test_missing_contrasts_are_zero_and_the_others_are_not(
    brain: torch.Tensor, kept: tuple[bool, ...]
) -> None:
    for seed in range(5):
        done = finish(brain, kept, seed)
        assert done.shape == brain.shape
        assert tuple(bool(channel.any()) for channel in done) == kept


def test_outside_the_brain_there_is_nothing_but_a_rim_at_times(brain: torch.Tensor) -> None:
    inside = brain[0] > 0
    near = dilate(inside, 8)
    rims = 0
    for seed in range(60):
        done = finish(brain, ALL, seed)
        assert not done[:, ~near].any()
        rims += bool(done[:, ~inside].any())
    assert 0 < rims < 12


def test_every_kept_contrast_is_normalised(brain: torch.Tensor) -> None:
    for seed in range(5):
        for channel in finish(brain, ALL, seed):
            seen = channel[channel != 0]
            assert float(seen.mean()) == pytest.approx(0, abs=1e-3)
            assert float(seen.std(correction=0)) == pytest.approx(1, abs=1e-3)


def test_a_brain_cut_out_badly_loses_some_but_not_much(brain: torch.Tensor) -> None:
    inside = brain[0] > 0
    lost = []
    for seed in range(60):
        done = finish(brain, ALL, seed)
        lost.append(float((done[0][inside] == 0).float().mean()))
    assert np.mean(np.array(lost) < 0.001) > 0.75, "most draws leave the brain whole"
    assert 0.01 < max(lost) < 0.6


def test_the_same_generator_spoils_alike(brain: torch.Tensor) -> None:
    first, again, other = (finish(brain, ALL, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
