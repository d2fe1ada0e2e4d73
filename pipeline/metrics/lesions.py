"""How many lesions were found: detection, counted by connected component."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from pipeline.metrics.box import Mask, cropped

TOUCHING = np.ones((3, 3, 3), bool)  # faces, edges and corners join: 26 neighbours


@dataclass(frozen=True)
class Lesions:
    """Counts of lesions, and the figures that follow from them.

    Attributes
    ----------
    found, missed : int
        Lesions of the truth that were, and were not, detected.
    true, false : int
        Predicted lesions that lie, and do not lie, on a lesion of the truth.
    """

    found: int
    missed: int
    true: int
    false: int

    @property
    def sensitivity(self) -> float:
        """Share of the lesions that were found, 0 to 1, higher is better; NaN without a lesion."""
        return _share(self.found, self.missed)

    @property
    def precision(self) -> float:
        """Share of predicted lesions that are true, 0 to 1, higher is better; NaN without one."""
        return _share(self.true, self.false)

    @property
    def f1(self) -> float:
        """Harmonic mean of sensitivity and precision, 0 to 1, higher is better.

        NaN where neither truth nor prediction holds a lesion; 0 where only one of them does.
        """
        if math.isnan(self.sensitivity) and math.isnan(self.precision):
            return math.nan
        if not (self.found and self.true):
            return 0.0
        return 2 * self.sensitivity * self.precision / (self.sensitivity + self.precision)


def count_lesions(
    prediction: Mask, truth: Mask, overlap: float = 0.1, least_voxels: int = 1
) -> Lesions:
    """Match lesions of two masks.

    A lesion is a component connected by faces, edges or corners. One of the truth is found where
    the prediction covers at least `overlap` of its voxels; a predicted one is true where the truth
    covers at least `overlap` of its voxels. Lesions that merge or split are so counted once on
    each side. Metrics Reloaded (Maier-Hein et al., Nature Methods 21:195, 2024) asks that the rule
    be stated; a share of the lesion, unlike a single voxel, does not reward chance contact.

    Parameters
    ----------
    prediction, truth : ndarray of bool, shape (x, y, z)
        Of one shape.
    overlap : float
        Above 0, at most 1.
    least_voxels : int
        Smaller components are not counted on either side, though they still cover others; specks
        at a label's border are no lesions.

    Raises
    ------
    ValueError
        The shapes differ, or `overlap` is out of range.
    """
    if not 0 < overlap <= 1:
        raise ValueError(f"an overlap of {overlap}, not above 0 and at most 1")
    predicted, known = cropped(prediction, truth)
    found, missed = _covered(known, predicted, overlap, least_voxels)
    true, false = _covered(predicted, known, overlap, least_voxels)
    return Lesions(found, missed, true, false)


def _covered(lesions: Mask, other: Mask, overlap: float, least: int) -> tuple[int, int]:
    components, number = ndimage.label(lesions, TOUCHING)
    sizes = _sizes(components, number)
    counted = sizes >= least
    hit = _sizes(components[other], number) >= overlap * sizes
    return int(np.count_nonzero(hit & counted)), int(np.count_nonzero(~hit & counted))


def _sizes(components: NDArray[np.int32], number: int) -> NDArray[np.int64]:
    return np.bincount(components.ravel(), minlength=number + 1)[1:]


def _share(hits: int, others: int) -> float:
    return hits / (hits + others) if hits + others else math.nan
