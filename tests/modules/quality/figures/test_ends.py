from __future__ import annotations

import math

import numpy as np
import pytest


@pytest.fixture
def flat_ends(code):
    return code("figures.ends").flat_ends


def test_a_round_head_ends_flat_nowhere(flat_ends, head):
    feet, elsewhere = flat_ends(head > 0.02)
    assert feet < 0.15
    assert elsewhere < 0.15


def test_a_neck_is_told_from_a_missing_vertex(flat_ends, head):
    inside = head > 0.02
    neck, vertex = inside.copy(), inside.copy()
    neck[:, :, :30] = False
    vertex[:, :, -30:] = False
    assert flat_ends(neck)[0] > 0.5 > 0.15 > flat_ends(neck)[1]
    assert flat_ends(vertex)[1] > 0.5 > 0.15 > flat_ends(vertex)[0]


def test_emptied_slices_and_slices_that_are_not_there_are_one_to_it(flat_ends, head):
    inside = head > 0.02
    emptied = inside.copy()
    emptied[:25] = False
    assert flat_ends(emptied) == flat_ends(inside[25:])


def test_no_head_has_no_ends(flat_ends):
    assert all(math.isnan(value) for value in flat_ends(np.zeros((4, 4, 4), bool)))
