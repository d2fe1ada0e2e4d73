"""Coarsening and refining; that they equal MONAI's is held in test_transforms.py."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from pipeline.bundle.zoom import area, coarsen, linear, pad_to, refine

# Sides no power of two divides, so that work shared among threads is cut unevenly.
CODE = """
import hashlib
import numpy as np
from pipeline.bundle.zoom import coarsen, refine

image = np.random.default_rng(1).normal(size=(3, 95, 117, 93)).astype(np.float32)
print(*(hashlib.sha256(found.tobytes()).hexdigest() for found in (
    coarsen(image, 0.6666667), refine(image, 1.5))))
"""


def by_threads(count: int) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": f"{count}", "OPENBLAS_NUM_THREADS": f"{count}"}
    command = [sys.executable, "-c", CODE]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_any_number_of_threads_gives_the_same_bits() -> None:
    assert by_threads(1) == by_threads(2)


@pytest.mark.parametrize("weights", [area, linear])
@pytest.mark.parametrize(("before", "after"), [(9, 6), (10, 6), (6, 9), (7, 7), (5, 2)])
def test_weights_of_a_voxel_add_up_to_one(weights: object, before: int, after: int) -> None:
    assert callable(weights)
    np.testing.assert_allclose(weights(before, after).sum(1), 1, rtol=1e-6)


def test_padding_reaches_the_next_multiple_and_adds_zeros_only() -> None:
    padded = pad_to(np.ones((2, 5, 16, 17), np.float32), 16)
    assert padded.shape == (2, 16, 16, 32)
    assert padded.sum() == 2 * 5 * 16 * 17


def test_an_even_image_stays_as_it_is() -> None:
    image = np.full((2, 9, 10, 7), 3.0, np.float32)
    assert coarsen(image, 2 / 3).shape == (2, 6, 6, 4)
    np.testing.assert_allclose(coarsen(image, 2 / 3), 3)
    np.testing.assert_allclose(refine(image, 1.5), 3)
