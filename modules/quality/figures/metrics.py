"""Classic image-quality metrics, after MRIQC (Esteban et al., PLoS ONE 12:e0184661, 2017).

Pure functions of voxels. Tissue regions are rough (see regions.py), so figures compare scans of one
protocol and are not interchangeable with another program's. What is undefined is NaN.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .regions import opened

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]

FEWEST = 50
RAYLEIGH = math.sqrt(2 / (4 - math.pi))


def snr(tissue: Values) -> float:
    """Signal-to-noise ratio within one tissue; unit 1, higher is better.

    Mean over sample standard deviation (Magnotta & Friedman, J Digit Imaging 19:140, 2006).
    """
    return _ratio(_mean(tissue), _deviation(tissue))


def snr_dietrich(tissue: Values, air: Values) -> float:
    """Signal-to-noise ratio against air; unit 1, higher is better.

    Mean over √(2 / (4 − π)) times the air's standard deviation, which undoes the Rayleigh
    distribution of magnitude noise (Dietrich et al., JMRI 26:375, 2007). NaN where the air was
    masked out.
    """
    return _ratio(_mean(tissue), RAYLEIGH * _deviation(air))


def cnr(dark: Values, bright: Values, air: Values) -> float:
    """Contrast-to-noise ratio of two tissues; unit 1, higher is better.

    Difference of means over √(σ²dark + σ²bright + σ²air) (Magnotta & Friedman 2006, as in MRIQC).
    The air counts as noiseless where it was masked out.
    """
    noise = _deviation(air) if air.size >= FEWEST else 0.0
    spread = math.hypot(_deviation(dark), _deviation(bright), noise)
    return _ratio(_mean(bright) - _mean(dark), spread)


def cjv(dark: Values, bright: Values) -> float:
    """Coefficient of joint variation; unit 1, lower is better.

    (σdark + σbright) / |μbright − μdark|; rises with shading, noise and motion (Ganzetti et al.,
    Front Neuroinform 10:10, 2016).
    """
    return _ratio(_deviation(dark) + _deviation(bright), abs(_mean(bright) - _mean(dark)))


def efc(image: Values) -> float:
    """Entropy focus criterion; unit 1, 0 to 1, lower is better.

    Shannon entropy of voxel energy over that of an even image; ghosts and blur raise it (Atkinson
    et al., IEEE TMI 16:903, 1997). NaN for an empty image.
    """
    values = np.abs(image[image != 0])
    energy = math.sqrt(float(np.square(values, dtype=np.float64).sum()))
    if image.size < FEWEST or energy == 0:
        return math.nan
    share = values / np.float32(energy)
    share = share[share > 0]
    most = math.sqrt(image.size) * math.log(math.sqrt(image.size))
    return float(-(share * np.log(share)).sum(dtype=np.float64) / most)


def fber(head: Values, air: Values) -> float:
    """Foreground-to-background energy ratio; unit 1, higher is better.

    Median squared intensity in the head over that in the air (Shehzad et al., Front Neurosci,
    doi:10.3389/conf.fnins.2015.91.00047, 2015). NaN where the air was masked out.
    """
    return _ratio(_energy(head), _energy(air))


def fwhm(image: Values, head: Mask, spacing_mm: tuple[float, float, float]) -> float:
    """Smoothness as full width at half maximum; unit mm, lower is sharper.

    Mean over axes of Δ √(−2 ln 2 / ln(1 − s² / 2σ²)), s² the variance of neighbours' differences in
    the head and σ² its variance (Forman et al., MRM 33:636, 1995, as AFNI's 3dFWHMx).
    """
    spread = float(image[head].var()) if head.any() else 0.0
    widths = [_width(image, head, axis, spread) * spacing_mm[axis] for axis in range(3)]
    return float(np.mean(widths))


def shading(image: Values, core: Mask, spacing_mm: tuple[float, float, float]) -> float:
    """Range of the slow intensity change across the brain; unit 1, lower is better.

    Ninety-fifth minus fifth percentile of the image smoothed inside `core` (Gaussian, σ 15 mm),
    over its median: a stand-in for the range of an estimated bias field (INU in MRIQC).
    """
    if np.count_nonzero(core) < FEWEST:
        return math.nan
    step = tuple(slice(None, None, max(1, round(4 / mm))) for mm in spacing_mm)
    sigma = [15 / (mm * (s.step or 1)) for mm, s in zip(spacing_mm, step, strict=True)]
    weight = ndimage.gaussian_filter(core[step].astype(np.float32), sigma)
    smooth = ndimage.gaussian_filter(image[step] * core[step], sigma)
    inside = smooth[core[step]] / np.maximum(weight[core[step]], 1e-6)
    if inside.size == 0:
        return math.nan
    low, middle, high = np.percentile(inside, (5, 50, 95))
    return _ratio(float(high - low), float(middle))


def qi1(image: Values, air: Mask) -> float:
    """Share of air voxels that hold structured artefact; unit 1, 0 to 1, lower is better.

    Voxels above four times the air's median that survive an opening (Mortamet et al., MRM 62:365,
    2009, with the median in place of the histogram's mode). NaN where the air was masked out.
    """
    voxels = image[air]
    if voxels.size < FEWEST:
        return math.nan
    loud = air & (image > 4 * max(float(np.median(voxels)), 1e-6))
    return float(np.count_nonzero(opened(loud)) / voxels.size)


def _width(image: Values, head: Mask, axis: int, spread: float) -> float:
    first, second = ([slice(None)] * 3 for _ in range(2))
    first[axis], second[axis] = slice(None, -1), slice(1, None)
    both = head[tuple(first)] & head[tuple(second)]
    count = np.count_nonzero(both)
    if count < FEWEST:
        return math.nan
    # Zeros elsewhere add nothing to the sums: quicker than to gather the steps.
    steps = (image[tuple(second)] - image[tuple(first)]) * both
    mean = float(steps.sum(dtype=np.float64)) / count
    square = float(np.square(steps).sum(dtype=np.float64)) / count
    share = 1 - _ratio(square - mean**2, 2 * spread)
    # Neighbours that do not resemble each other at all: sharper than one voxel.
    return math.sqrt(-2 * math.log(2) / math.log(share)) if 0 < share < 1 else math.nan


def _mean(values: Values) -> float:
    return float(values.mean()) if values.size >= FEWEST else math.nan


def _deviation(values: Values) -> float:
    return float(values.std(ddof=1)) if values.size >= FEWEST else math.nan


def _energy(values: Values) -> float:
    return float(np.median(np.square(values))) if values.size >= FEWEST else math.nan


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0 else math.nan
