from __future__ import annotations

import numpy as np
import pytest
from scipy import fft, ndimage

SPACING = (2.0, 2.0, 2.0)


@pytest.fixture
def placed(code):
    """Where the waves answer in an image of voxels of 2 mm."""

    def place(image, inside=None):
        inside = np.ones(image.shape, bool) if inside is None else inside
        return code("figures.energy").energy(code("figures.waves").answers(image, inside, SPACING))

    return place


@pytest.fixture
def blobs():
    """Even tissue with sharp borders, as anatomy is: all detail lies on edges."""
    rough = ndimage.gaussian_filter(np.random.default_rng(0).standard_normal((64,) * 3), 4)
    return np.where(rough > 0, 1.0, 0.7).astype(np.float32)


@pytest.fixture
def moved(blobs):
    """Low frequencies along the last axis of one place, high ones of another."""
    still, elsewhere = (
        fft.fft(image, axis=2) for image in (blobs, np.roll(blobs, (5, 3, 4), (0, 1, 2)))
    )
    high = np.abs(fft.fftfreq(blobs.shape[2])) > 0.16
    return np.abs(fft.ifft(np.where(high, elsewhere, still), axis=2)).astype(np.float32)
