"""Heads that moved while they were scanned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
MOVE = import_file(BUNDLE, "move.py", "sha256:tumour-tests")
SEEDS = range(12)


@pytest.fixture(scope="module")
def ball() -> torch.Tensor:
    """A bright ball with a brighter core, (36, 40, 32)."""
    x, y, z = torch.meshgrid(*(torch.arange(n) - (n - 1) / 2 for n in (36, 40, 32)), indexing="ij")
    radius = (x**2 + (y * 0.9) ** 2 + z**2).sqrt()
    return (radius < 12) * 0.6 + (radius < 5) * 0.4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_moved_head_keeps_its_place_its_signal_and_its_shape(
    ball: torch.Tensor, seed: int
) -> None:
    moved = MOVE.moved(ball, np.random.default_rng(seed))
    assert moved.shape == ball.shape
    assert moved.dtype == ball.dtype
    assert float(moved.min()) >= 0
    assert float(moved.mean()) == pytest.approx(float(ball.mean()), rel=0.25)
    places = [(image > 0.3).nonzero().float().mean(0) for image in (moved, ball)]
    torch.testing.assert_close(places[0], places[1], atol=1.0, rtol=0)


def test_movement_leaves_ripples_where_there_was_air(ball: torch.Tensor) -> None:
    drawn = [MOVE.moved(ball, np.random.default_rng(seed)) for seed in SEEDS]
    ripples = [float(image[ball == 0].mean()) for image in drawn]
    assert max(ripples) > 0.02
    assert len(set(ripples)) == len(ripples), "every draw moves otherwise"


def test_the_same_draw_moves_alike(ball: torch.Tensor) -> None:
    first, second = (MOVE.moved(ball, np.random.default_rng(3)) for _ in range(2))
    torch.testing.assert_close(first, second)
