from __future__ import annotations

import numpy as np
import pytest

from pipeline.grid.information import mutual_information


def test_mutual_information_of_an_image_with_itself_is_one_and_with_noise_near_zero() -> None:
    generator = np.random.default_rng(0)
    image, noise = generator.random((2, 30, 30, 30))
    assert mutual_information(image, image) == pytest.approx(1.0)
    assert mutual_information(image, noise) < 0.06
    assert mutual_information(image, image**3) == pytest.approx(1.0), "contrast curves do not count"
    assert mutual_information(image, np.zeros_like(image)) == 0, "an even image says nothing"
