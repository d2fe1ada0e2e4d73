"""Takes a receive coil's field out of a contrast: brightness that drifts across the brain."""

from __future__ import annotations

import numpy as np

# Every so many voxels are looked at, so often are outliers weighed anew.
STEP, ROUNDS = 3, 8
# Fewer voxels than this say nothing of a field.
LEAST = 200
# Standard deviation in the brain of a field's logarithm from which on a quadratic one is believed.
STRONG = 0.2
# Powers of x, y and z in a field's logarithm.
LINEAR = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
QUADRATIC = (*LINEAR, (2, 0, 0), (0, 2, 0), (0, 0, 2), (1, 1, 0), (1, 0, 1), (0, 1, 1))

Terms = tuple[tuple[int, int, int], ...]


def level(image: np.ndarray) -> np.ndarray:
    """Divide by a field fitted to the brain; its logarithm is linear, or quadratic if it is strong.

    N4 takes as long as the network and leaves most of a strong field in place. A large tumour bends
    a quadratic fit towards itself, so a weak one, which may be the tumour's, is not believed.

    Parameters
    ----------
    image : ndarray of float32, shape (x, y, z)
        One contrast, positive in the brain and zero outside.

    Returns
    -------
    ndarray of float32, shape (x, y, z)
        The image without its field, whose logarithm has a mean of zero in the brain.
    """
    inside = image > 0
    if np.count_nonzero(inside[::STEP, ::STEP, ::STEP]) < LEAST:
        return image
    field = smooth_field(image, QUADRATIC)
    if field[inside].std() < STRONG:
        field = smooth_field(image, LINEAR)
    field -= field[inside].mean()
    return np.asarray(np.where(inside, image * np.exp(-field), 0), np.float32)


def smooth_field(image: np.ndarray, terms: Terms) -> np.ndarray:
    """Logarithm of the field nearest to an image's, float32 (x, y, z), up to a constant."""
    return evaluate(fit(image, terms), terms, image.shape)


def fit(image: np.ndarray, terms: Terms) -> np.ndarray:
    """Factors of `terms` in the logarithm of the field nearest to most of the brain's voxels.

    Least squares weighed anew by Cauchy's weights, so that lesions, vessels and CSF count less.
    """
    few = image[::STEP, ::STEP, ::STEP]
    at = few > 0
    x, y, z = (axis[::STEP] for axis in _axes(image.shape))
    powers = ((0, 0, 0), *terms)
    grids = [(x**i)[:, None, None] * (y**j)[:, None] * z**k for i, j, k in powers]
    columns = np.stack([np.broadcast_to(grid, few.shape)[at] for grid in grids], 1)
    brightness = np.log(np.maximum(few[at], 1e-3 * few.max())).astype(np.float64)
    weights = np.ones_like(brightness)
    for _ in range(ROUNDS):
        weighed = columns * weights[:, None]
        found = np.linalg.lstsq(weighed.T @ columns, weighed.T @ brightness, rcond=None)[0]
        rest = brightness - columns @ found
        rest -= np.median(rest)
        spread = 1.4826 * np.median(np.abs(rest)) + 1e-6
        weights = 1 / (1 + (rest / spread) ** 2)
    return np.asarray(found[1:])


def evaluate(factors: np.ndarray, terms: Terms, shape: tuple[int, ...]) -> np.ndarray:
    """The field's logarithm, float32 (x, y, z), up to a constant."""
    x, y, z = _axes(shape)
    field = np.zeros(shape, np.float32)
    for depth in range(3):
        plane = np.zeros(shape[:2])
        for factor, (i, j, k) in zip(factors, terms, strict=True):
            if k == depth:
                plane += factor * (x**i)[:, None] * y**j
        field += (plane[:, :, None] * z**depth).astype(np.float32)
    return field


def _axes(shape: tuple[int, ...]) -> list[np.ndarray]:
    return [np.linspace(-1, 1, n) for n in shape]
