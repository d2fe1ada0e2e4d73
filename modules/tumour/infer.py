"""The network looks at all contrasts, levelled, and at FLAIR once more by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .level import level

FLAIR, WHOLE = 3, 0


def infer(network: Callable[[np.ndarray], np.ndarray], image: np.ndarray) -> np.ndarray:
    """Lead the network over an image; whole tumour is the mean of both looks where there are two.

    Experts draw the whole tumour by FLAIR. Beside contrasts in which it does not show, a faint one
    is overlooked that FLAIR alone gives away.

    Parameters
    ----------
    network : callable
        Maps float32 (4, x, y, z) to logits, float32 (3, x, y, z).
    image : ndarray of float32, shape (4, x, y, z)
        T1, T1c, T2, FLAIR, as bright as they were scanned; zero outside the brain and where a
        contrast is missing.

    Returns
    -------
    ndarray of float32, shape (3, x, y, z)
        Logits of whole tumour, core and enhancing part, the latter two by all contrasts.
    """
    image = np.stack([normalised(level(contrast)) for contrast in image])
    output = network(image)
    if image[FLAIR].any() and image[:FLAIR].any():
        alone = np.zeros_like(image)
        alone[FLAIR] = image[FLAIR]
        output[WHOLE] = (output[WHOLE] + network(alone)[WHOLE]) / 2
    return output


def normalised(contrast: np.ndarray) -> np.ndarray:
    """Zero mean and unit spread (x, y, z) where it is not zero, as in training."""
    inside = contrast != 0
    if not inside.any():
        return contrast
    values = contrast[inside]
    spread = max(float(values.std()), 1e-6)
    return np.asarray(np.where(inside, (contrast - values.mean()) / spread, 0), np.float32)
