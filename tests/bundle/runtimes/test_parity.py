from __future__ import annotations

import numpy as np

from pipeline.bundle.runtimes.parity import HALF, SINGLE, Parity, compare

OUTPUT = np.random.default_rng(0).normal(0, 5, (3, 20, 20, 20)).astype(np.float32)


def test_the_same_output_agrees() -> None:
    assert compare(OUTPUT, OUTPUT.copy(), 2) == Parity(1.0, 0.0)


def test_labels_are_classes_where_there_is_one_more_than_segments_else_signs() -> None:
    shifted = OUTPUT + 100  # the same largest class everywhere, other signs
    assert compare(OUTPUT, shifted, 2).agreement == 1.0
    assert compare(OUTPUT, shifted, 3).agreement < 0.6


def test_rounding_is_within_and_half_precision_needs_its_own_tolerance() -> None:
    half = compare(OUTPUT, OUTPUT.astype(np.float16).astype(np.float32), 2)
    assert half.within(HALF)
    assert not half.within(SINGLE)
    assert compare(OUTPUT, OUTPUT * np.float32(1 + 1e-6), 2).within(SINGLE)


def test_nan_and_another_shape_are_never_within() -> None:
    assert not compare(OUTPUT, np.full_like(OUTPUT, np.nan), 2).within(HALF)
    assert not compare(OUTPUT, OUTPUT[:, :-1], 2).within(HALF)
