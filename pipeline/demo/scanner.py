"""From a subject to stored pixels: slice profile, coil, motion, noise, quantisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from pipeline.demo.contrast import Sequence, Tissue, signal
from pipeline.demo.stack import Stack
from pipeline.demo.subject import Subject, on_grid

# Share of k-space lines acquired in each pose while the patient moves.
POSES = 9


@dataclass(frozen=True)
class Conditions:
    """What spoils the ideal image.

    Attributes
    ----------
    noise : float
        Standard deviation in each channel, as a share of white matter's signal.
    shading : float
        Sensitivity of the receive coil varies by about this share over the head.
    motion_mm : float
        Standard deviation of in-plane shifts between poses; turns are as many degrees. 0 for none.
    """

    noise: float = 0.025
    shading: float = 0.15
    motion_mm: float = 0.0


def acquire(
    subject: Subject,
    sequence: Sequence,
    stack: Stack,
    into_phantom: sitk.Transform,
    conditions: Conditions,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Scan a subject.

    Parameters
    ----------
    into_phantom : SimpleITK.Transform
        From this series' patient coordinates to the phantom's.

    Returns
    -------
    ndarray of float64, shape (slice, row, column)
        Magnitude in units of white matter's signal. Its noise is Rician: the magnitude of a signal
        with Gaussian noise in both channels; Gudbjartsson and Patz, Magn Reson Med 34:910 (1995).
    """
    ideal = np.abs(_slices(subject, sequence, stack, into_phantom))
    image = ideal / abs(signal(sequence, Tissue.WHITE)) * _sensitivity(stack, conditions, generator)
    if conditions.motion_mm:
        image = _moved(
            image, conditions.motion_mm / stack.pixel_mm, conditions.motion_mm, generator
        )
    noise = conditions.noise * generator.standard_normal((2, *image.shape))
    magnitude: NDArray[np.float64] = np.hypot(image + noise[0], noise[1])
    return magnitude


def quantise(image: NDArray[np.float64], white: float, ceiling: int) -> NDArray[np.uint16]:
    """Stored values with white matter at `white`, clipped at `ceiling`."""
    return np.clip(np.rint(image * white), 0, ceiling).astype(np.uint16)


def _slices(
    subject: Subject, sequence: Sequence, stack: Stack, into_phantom: sitk.Transform
) -> NDArray[np.float32]:
    """Mean over each slice's thickness, shape (slice, row, column)."""
    weighted = subject.weighted(sequence)
    samples = (
        on_grid(weighted, into_phantom, stack.sampling_grid(sample))
        for sample in range(stack.samples)
    )
    total: NDArray[np.float32] = sum(samples, np.zeros((), np.float32))
    return total / np.float32(stack.samples)


def _sensitivity(
    stack: Stack, conditions: Conditions, generator: np.random.Generator
) -> NDArray[np.float32]:
    """Coil shading: the exponential of a random quadratic over the field of view."""
    shape = (stack.slices, stack.rows, stack.columns)
    z, y, x = (np.linspace(-1, 1, size, dtype=np.float32) for size in shape)
    linear, square = generator.normal(0, conditions.shading, (2, 3)).astype(np.float32)
    logarithm = (
        (linear[0] * z + square[0] * z**2)[:, None, None]
        + (linear[1] * y + square[1] * y**2)[None, :, None]
        + (linear[2] * x + square[2] * x**2)[None, None, :]
    )
    field: NDArray[np.float32] = np.exp(logarithm)
    return field


def _moved(
    image: NDArray[np.float64],
    shift_pixels: float,
    turn_degrees: float,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Fill k-space from several poses in blocks of lines; the middle ones come from the first.

    After Shaw et al., MIDL 2019: a composite k-space of rigidly moved copies.
    """
    rows = image.shape[1]
    owner = np.repeat(generator.integers(0, POSES, rows // 6 + 1), 6)[:rows]
    middle = slice(rows // 2 - rows // 40, rows // 2 + rows // 40)
    owner[middle] = 0
    kspace = np.zeros(image.shape, np.complex64)
    for pose in range(POSES):
        moves = generator.normal(0, 1, 3) * (pose > 0)
        copy = _turned(image, moves[0] * turn_degrees, moves[1:] * shift_pixels)
        lines = np.fft.fftshift(np.fft.fft2(copy), axes=(1, 2))
        kspace[:, owner == pose] = lines[:, owner == pose]
    return np.abs(np.fft.ifft2(np.fft.ifftshift(kspace, axes=(1, 2))))


def _turned(
    image: NDArray[np.float64], degrees: float, shift: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Every slice turned about its middle and shifted, in pixels."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = (np.array(image.shape[1:]) - 1) / 2
    offset = middle - turn @ (middle + shift)
    slices = [ndimage.affine_transform(one, turn, offset, order=1) for one in image]
    return np.stack(slices).astype(np.float32)
