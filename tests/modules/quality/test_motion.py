from __future__ import annotations

import numpy as np
import pytest
import torch

SPACING = (1.0, 1.0, 1.0)


@pytest.fixture
def motion(code):
    return code("motion")


@pytest.fixture
def image(head):
    return torch.from_numpy(head)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", range(6))
def test_a_head_that_moved_is_still_where_it_belongs(motion, image, seed):
    spoilt = motion.motion(image, 0.6, rng(seed), SPACING)
    middles = [np.argwhere((found > 0.3).numpy()).mean(0) for found in (spoilt, image)]
    assert np.abs(middles[0] - middles[1]).max() < 3
    assert np.corrcoef(spoilt.ravel(), image.ravel())[0, 1] > 0.7


def test_more_movement_spoils_more(motion, image):
    distances = [
        np.mean(
            [
                float((motion.motion(image, s, rng(n), SPACING) - image).abs().mean())
                for n in range(5)
            ]
        )
        for s in (0.1, 0.5, 1.0)
    ]
    assert distances == sorted(distances)


@pytest.mark.parametrize("seed", range(8))
def test_a_movement_of_any_kind_leaves_a_trace(motion, image, seed):
    spoilt = motion.motion(image, 0.9, rng(seed), SPACING)
    assert float((spoilt - image).abs().mean()) > 0.01 * float(image.mean())


@pytest.mark.parametrize("number", range(6))
def test_lines_that_were_read_at_rest_are_those_of_the_head(motion, image, number, monkeypatch):
    """Whatever the path, what it says was read at rest is left as it was, the middle included."""
    tables = []
    drawn = motion._table

    def remembered(*arguments):
        tables.append(drawn(*arguments))
        return tables[-1]

    monkeypatch.setattr(motion, "_table", remembered)
    monkeypatch.setattr(motion, "KINDS", (motion.KINDS[number],))
    kind = motion.KINDS[0]
    monkeypatch.setattr(motion, "KINDS", (type(kind)(kind.path, 1.0, kind.along),))
    generator = rng(number)
    phase, across = (int(axis) for axis in rng(number).permutation(3)[:2])
    found = torch.Tensor.abs
    monkeypatch.setattr(torch.Tensor, "abs", lambda self: self)
    spoilt = motion.motion(image, 0.9, generator, SPACING)
    monkeypatch.setattr(torch.Tensor, "abs", found)
    change = torch.fft.fftshift(torch.fft.fft(spoilt - image, dim=phase), phase).abs()
    third = 3 - phase - across
    by_line = change.amax(third).numpy()
    by_line = by_line if across < phase else by_line.T
    table = tables[0]
    resting = np.broadcast_to(table == table[len(table) // 2, 48], by_line.shape)
    assert resting.any()
    assert not resting.all()
    assert by_line[resting].max() < 1e-3 * by_line.max()


def test_ghosts_repeat_the_head_at_fractions_of_the_field_of_view(motion, image):
    assert float(motion.ghosting(image, 0.8, rng(1), SPACING)[image == 0].mean()) > 0.02
