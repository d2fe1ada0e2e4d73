from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def trajectory(code):
    return code("trajectory")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("lines", [26, 96, 255])
def test_every_line_is_read_once(trajectory, seed, lines):
    when = trajectory.times(lines, np.random.default_rng(seed))
    np.testing.assert_allclose(np.sort(when), np.arange(lines) / lines)


def test_lines_are_read_in_more_than_one_order(trajectory):
    orders = {tuple(trajectory.times(32, np.random.default_rng(seed))) for seed in range(40)}
    assert len(orders) > 3


@pytest.mark.parametrize("seed", range(4))
def test_every_slice_is_read_once(trajectory, seed):
    when = trajectory.slice_times(21, np.random.default_rng(seed))
    np.testing.assert_allclose(np.sort(when), np.arange(21) / 21)


@pytest.mark.parametrize("number", range(6))
def test_each_path_visits_poses_there_are(trajectory, number):
    path = trajectory.KINDS[number].path
    tables = [path(np.linspace(0, 0.999, 400)[None], np.random.default_rng(n)) for n in range(20)]
    assert all(table.shape == (1, 400) for table in tables)
    assert min(table.min() for table in tables) >= 0
    assert 1 <= max(table.max() for table in tables) <= trajectory.MOST


def test_kinds_are_drawn_as_a_whole(trajectory):
    assert sum(kind.odds for kind in trajectory.KINDS) == pytest.approx(1)


def test_breath_comes_back_and_drift_does_not(trajectory):
    when = np.linspace(0, 0.999, 400)
    breath, drift = (
        path(when, np.random.default_rng(3)) for path in (trajectory.periodic, trajectory.drifting)
    )
    assert (np.diff(drift) >= 0).all()
    assert drift[0] == 0
    assert drift[-1] == trajectory.MOST
    assert (np.diff(breath) < 0).any()
    assert (np.diff(breath) > 0).any()


@pytest.mark.parametrize("seed", range(10))
def test_what_settles_rests_in_the_middle(trajectory, seed):
    when = np.linspace(0, 0.999, 400)
    table = trajectory.settling(when, np.random.default_rng(seed))
    assert not table[190:210].any()
    assert table.any()
