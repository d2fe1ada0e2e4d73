"""Tumours grown in the phantom by fronts that run fast in white matter and hardly in CSF."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from pipeline.demo.contrast import Tissue
from pipeline.demo.phantom import Phantom, as_image

REACH_MM = 46
EDGE_MM = 0.6


@dataclass(frozen=True)
class Growth:
    """Where a tumour starts and how large each part grows.

    Attributes
    ----------
    seed_mm : tuple of float
        In MNI space turned to LPS.
    core_ml, enhancing_ml, oedema_ml : float
        Volume of each part in MNI space; an individual's head is smaller.
    """

    seed_mm: tuple[float, float, float]
    core_ml: float
    enhancing_ml: float
    oedema_ml: float


def grow(phantom: Phantom, growth: Growth, generator: np.random.Generator) -> Phantom:
    """Put a tumour into the brain.

    The solid part spreads through all tissue at a speed that varies irregularly, necrosis in its
    middle; from its border oedema runs along white matter. Fronts: fast marching, Sethian, PNAS
    93:1591 (1996).
    """
    near = _neighbourhood(phantom, growth)
    healthy = phantom.fractions[(slice(None), *near)]
    fluid, grey, white = healthy[:3]
    rough = _roughness(fluid.shape, phantom.spacing, generator)
    start = _seed(phantom, near, growth)
    solid = _first(
        _arrival((1 - 0.98 * fluid) * rough, start), growth.core_ml + growth.enhancing_ml, phantom
    )
    inward = ndimage.distance_transform_edt(solid) * (0.6 + 0.4 * rough)
    core = _first(np.where(solid, -inward, np.inf), growth.core_ml, phantom)
    spread = white + 0.12 * grey + 0.005 * fluid
    arrival = _arrival(spread * rough, solid)
    oedema = _first(np.where(solid, np.inf, arrival), growth.oedema_ml, phantom)
    parts = _soft(np.stack([oedema, core, solid & ~core]), phantom.spacing)
    fractions = phantom.fractions.copy()
    # Cisterns and ventricles stay what they are, but for the solid part.
    parts[0] *= 1 - fluid
    fractions[(slice(None), *near)] = np.concatenate([healthy[:3] * (1 - parts.sum(0)), parts])
    return phantom.with_fractions(fractions)


def _neighbourhood(phantom: Phantom, growth: Growth) -> tuple[slice, slice, slice]:
    centre = np.round((np.array(growth.seed_mm) - phantom.box_origin) / phantom.spacing).astype(int)
    reach = round(REACH_MM / phantom.spacing)
    x, y, z = (
        slice(max(0, int(at) - reach), min(size, int(at) + reach))
        for at, size in zip(centre, phantom.fractions.shape[1:], strict=True)
    )
    return x, y, z


def _seed(phantom: Phantom, near: tuple[slice, slice, slice], growth: Growth) -> NDArray[np.bool_]:
    at = np.round((np.array(growth.seed_mm) - phantom.box_origin) / phantom.spacing).astype(int)
    shape = phantom.fractions[(Tissue.WHITE, *near)].shape
    seed = np.zeros(shape, bool)
    seed[tuple(int(a) - part.start for a, part in zip(at, near, strict=True))] = True
    return seed


def _roughness(
    shape: tuple[int, ...], spacing: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Speed factors around 1 that change over about a centimetre."""
    noise = ndimage.gaussian_filter(generator.standard_normal(shape), 5.0 / spacing)
    rough: NDArray[np.float64] = np.exp(0.45 * noise / noise.std())
    return rough


def _arrival(speed: NDArray[np.float64], start: NDArray[np.bool_]) -> NDArray[np.float64]:
    """When the front that leaves `start` arrives, in voxels over speed."""
    origin = np.zeros(3)
    march = sitk.FastMarchingImageFilter()
    edge = start & ~ndimage.binary_erosion(start)
    march.SetTrialPoints([[int(i) for i in point] for point in np.argwhere(edge)])
    times = march.Execute(as_image(np.maximum(speed, 1e-3).astype(np.float32), origin, 1.0))
    arrival: NDArray[np.float64] = sitk.GetArrayFromImage(times).transpose(2, 1, 0).astype(float)
    return arrival


def _first(arrival: NDArray[np.float64], volume_ml: float, phantom: Phantom) -> NDArray[np.bool_]:
    """The voxels reached first, as many as fill `volume_ml`; none for no volume."""
    count = round(volume_ml * 1000 / phantom.spacing**3)
    taken = np.zeros(arrival.size, bool)
    taken[np.argsort(arrival, axis=None, kind="stable")[:count]] = True
    return taken.reshape(arrival.shape) & np.isfinite(arrival)


def _soft(masks: NDArray[np.bool_], spacing: float) -> NDArray[np.float32]:
    sigma = (0, *(EDGE_MM / spacing,) * 3)
    soft: NDArray[np.float32] = ndimage.gaussian_filter(masks.astype(np.float32), sigma)
    return soft
