"""How far two masks' surfaces lie apart, in millimetres; MONAI measures, imported when asked."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.metrics.box import Mask, cropped

if TYPE_CHECKING:
    from torch import Tensor


def nsd(prediction: Mask, truth: Mask, spacing: Sequence[float], tolerance_mm: float) -> float:
    """Share of both surfaces that lies within a tolerance of the other, 0 to 1, higher is better.

    (|S_P within t of S_T| + |S_T within t of S_P|) / (|S_P| + |S_T|), the surface elements weighed
    by their area. Nikolov et al., J Med Internet Res 23:e26151 (2021). Two empty masks: NaN; one
    empty: 0.

    Parameters
    ----------
    prediction, truth : ndarray of bool, shape (x, y, z)
        Of one shape.
    spacing : sequence of float
        Of the voxels along x, y, z, mm.
    tolerance_mm : float
        What two raters would differ by; t in the formula.
    """
    from monai.metrics import compute_surface_dice

    found, known = cropped(prediction, truth)
    if not (found.any() and known.any()):
        return 0.0 if found.size else math.nan
    with _quiet():
        share = compute_surface_dice(
            _batch(found),
            _batch(known),
            class_thresholds=[tolerance_mm],
            include_background=True,
            spacing=list(spacing),
            use_subvoxels=True,
        )
    return min(float(share), 1.0)


def hd95(prediction: Mask, truth: Mask, spacing: Sequence[float]) -> float:
    """95th percentile of the distance from one surface to the other, mm, lower is better.

    max(P95 d(S_P, S_T), P95 d(S_T, S_P)) over the voxels of the surfaces, as Metrics Reloaded
    (Maier-Hein et al., Nature Methods 21:195, 2024) defines it. Where either mask is empty there
    is no distance: NaN, and the comparison of versions reports it as a case without a figure.

    Parameters
    ----------
    prediction, truth : ndarray of bool, shape (x, y, z)
        Of one shape.
    spacing : sequence of float
        Of the voxels along x, y, z, mm.
    """
    from monai.metrics import compute_hausdorff_distance

    found, known = cropped(prediction, truth)
    if not (found.any() and known.any()):
        return math.nan
    with _quiet():
        distance = compute_hausdorff_distance(
            _batch(found),
            _batch(known),
            include_background=True,
            percentile=95,
            spacing=list(spacing),
        )
    return float(distance)


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        # MONAI 1.6 calls its own function with an argument it has deprecated.
        warnings.simplefilter("ignore", FutureWarning)
        yield


def _batch(mask: Mask) -> Tensor:
    import torch

    return torch.from_numpy(mask.copy())[None, None]
