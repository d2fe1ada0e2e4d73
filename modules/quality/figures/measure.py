"""Every figure of a series in its own voxels, and what each is called."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from . import metrics
from .agreement import agreement
from .continuation import continuation
from .detail import acutance, anisotropy, noise_level, ripple
from .ends import flat_ends
from .energy import energy
from .kspace import ghost, spike
from .regions import Image, Mask, Regions, Spacing, block, bounds, find_regions, middle_of
from .texture import texture
from .waves import answers

if TYPE_CHECKING:
    from highdicom import Volume

BLOCK = 96
# Meaning and unit of what is reported, in this order; what waves answer is evidence alone.
QUANTITIES = {
    "snr": ("Signal-to-noise ratio within tissue", "1"),
    "snr_dietrich": ("Signal-to-noise ratio against air", "1"),
    "cnr": ("Contrast-to-noise ratio", "1"),
    "cjv": ("Coefficient of joint variation", "1"),
    "efc": ("Entropy focus criterion", "1"),
    "fber": ("Foreground-to-background energy ratio", "1"),
    "fwhm": ("Smoothness, full width at half maximum", "mm"),
    "shading": ("Range of slow intensity change", "1"),
    "qi1": ("Share of air voxels with artefact", "1"),
    "noise_level": ("Noise over mean signal", "1"),
    "acutance": ("Steepness of the steepest edges", "1/mm"),
    "spike": ("Loudest k-space sample above its surroundings", "1"),
    "ghost": ("Unevenness of k-space from line to line", "1"),
    "anisotropy": ("Roughest over smoothest axis, logarithm", "1"),
    "ripple": ("Second over first differences", "1"),
    "ripple_anisotropy": ("The same, most over least of the axes, logarithm", "1"),
    "flat_feet": ("Part of the head that ends flat at the feet", "1"),
    "flat_elsewhere": ("Part of the head that ends flat elsewhere", "1"),
}


def measure(volume: Volume) -> dict[str, float]:
    """Metrics and waves of a volume in its own voxels, any order of axes; NaN where undefined."""
    # Where the feet are matters: a head may end flat there. Turning axes interpolates nothing.
    volume = unpadded(volume.to_patient_orientation("LPS"))
    spacing = (float(volume.spacing[0]), float(volume.spacing[1]), float(volume.spacing[2]))
    parts = find_regions(volume.array, spacing)
    cube = block(volume.array, parts, BLOCK)
    with ThreadPoolExecutor(1) as other:  # half the work on a second core
        fine = other.submit(_of_block, *cube, spacing)
        whole = _of_image(np.asarray(volume.array, np.float32), parts)
    found = whole | fine.result()
    return {name: found[name] for name in (*QUANTITIES, *found)}


def _of_image(array: Image, parts: Regions) -> dict[str, float]:
    """Metrics of the whole image and its regions."""
    image, bright, air = parts.image, parts.image[parts.bright], parts.image[parts.air]
    dark, (feet, elsewhere) = image[parts.dark], flat_ends(parts.head)
    return {
        "snr": metrics.snr(bright),
        "snr_dietrich": metrics.snr_dietrich(bright, air),
        "cnr": metrics.cnr(dark, bright, air),
        "cjv": metrics.cjv(dark, bright),
        "efc": metrics.efc(image),
        "fber": metrics.fber(image[parts.head], air),
        "shading": metrics.shading(image, parts.core, parts.spacing_mm),
        "qi1": metrics.qi1(image, parts.air),
        "ghost": ghost(array, middle_of(parts)),
        "flat_feet": feet,
        "flat_elsewhere": elsewhere,
    }


def _of_block(middle: Image, inside: Mask, spacing: Spacing) -> dict[str, float]:
    """Metrics and waves of the middle of the head, every voxel of it."""
    ripples, waves = ripple(middle), answers(middle, inside, spacing)
    placed = energy(waves)
    return {
        "fwhm": metrics.fwhm(middle, inside, spacing),
        "noise_level": noise_level(middle, inside),
        "acutance": acutance(middle, inside, spacing),
        "spike": spike(middle),
        "anisotropy": anisotropy(middle),
        "ripple": ripples[0],
        "ripple_anisotropy": ripples[1],
        **texture(waves),
        **agreement(placed),
        **continuation(placed),
    }


def unpadded(volume: Volume) -> Volume:
    """Without what is exactly zero around it: how wide an image was padded says nothing of it."""
    box = bounds(volume.array != 0)
    return volume[box] if box else volume
