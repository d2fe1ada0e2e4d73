"""What two images of any contrast have in common: mutual information."""

from __future__ import annotations

import numpy as np

BINS = 32


def agrees(fixed: np.ndarray, image: np.ndarray) -> bool:
    """Say whether no move of one voxel of 4 mm along an axis raises mutual information."""
    here = mutual_information(fixed, image)
    steps = np.eye(3, dtype=int)
    moved = [np.roll(image, sign * step, (0, 1, 2)) for step in steps for sign in (-1, 1)]
    return here > 0.05 and all(mutual_information(fixed, other) <= here for other in moved)


def mutual_information(fixed: np.ndarray, moving: np.ndarray) -> float:
    """Normalised by the smaller entropy, 0 (nothing in common) to 1; arrays of one shape.

    Intensities are ranked into 32 bins of equal counts above background, which takes out contrast
    curves; after Studholme et al., Pattern Recognition 32:71 (1999).
    """
    inside = (fixed > fixed.mean() * 0.3) | (moving > moving.mean() * 0.3)
    if inside.sum() < 1000:
        return 0.0
    pairs = _ranks(fixed[inside]) * BINS + _ranks(moving[inside])
    joint = np.bincount(pairs, minlength=BINS * BINS).reshape(BINS, BINS) / len(pairs)
    marginal_x, marginal_y = joint.sum(1), joint.sum(0)
    entropy = min(_entropy(marginal_x), _entropy(marginal_y))
    information = _entropy(marginal_x) + _entropy(marginal_y) - _entropy(joint.ravel())
    # An even image has none, but for rounding.
    return float(information / entropy) if entropy > 1e-6 else 0.0


def _ranks(values: np.ndarray) -> np.ndarray:
    edges = np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1])
    return np.searchsorted(edges, values)


def _entropy(probability: np.ndarray) -> float:
    positive = probability[probability > 0]
    return float(-(positive * np.log(positive)).sum())
