"""Scanner artefacts of known severity, made the way the scanner makes them.

Every function takes an image, float32 (x, y, z) with foreground about 1, on any device, a severity
from 0 (none) to 1 (unusable), a generator whose state alone decides the rest, and the acquired
voxels' sides in mm. None waits for the device.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from pipeline.train.smooth import blur as blurred
from pipeline.train.smooth import field_like, noise_like, thick

from .motion import ghosting, motion, motion_or_ghosting
from .series import Spacing

Artefact = Callable[[torch.Tensor, float, np.random.Generator, Spacing], torch.Tensor]


def noise(
    image: torch.Tensor, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> torch.Tensor:
    """Rician noise with a standard deviation of 25 % of the mean signal at severity 1.

    At times stronger where parallel imaging has to guess most, or smooth, as after interpolation.
    """
    real, imaginary = noise_like(image, rng), noise_like(image, rng)
    if rng.random() < 0.2:
        sigma = [rng.uniform(0, 0.6) for _ in range(3)]
        real, imaginary = (_unit(blurred(grain, sigma)) for grain in (real, imaginary))
    scale = level(image) * (0.25 * severity)
    if rng.random() < 0.2:
        scale = scale * torch.exp(field_like(image, int(rng.integers(2, 5)), rng) * 0.3)
    return torch.hypot(image + real * scale, imaginary * scale)


def bias(
    image: torch.Tensor, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> torch.Tensor:
    """A smooth receive field; its logarithm has a standard deviation of 0.6 at severity 1."""
    x, y, z = (torch.linspace(-1, 1, n, device=image.device) for n in image.shape)
    x, y = x[:, None, None], y[:, None]
    one = rng.standard_normal(8).tolist()
    field = (one[0] * x + one[1] * x**2) + (one[2] * y + one[3] * y**2 + one[4] * x * y)
    field = field + (one[5] * z + one[6] * z**2) + one[7] * y * z
    # Where there is hardly any foreground, the whole field counts.
    inside = (image > 0.1) + 1e-6
    count = inside.sum()
    middle = (field * inside).sum() / count
    spread = (((field - middle).square() * inside).sum() / count).sqrt().clamp_min(1e-3)
    return image * torch.exp((field - middle) * (0.6 * severity / spread))


def blur(
    image: torch.Tensor, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> torch.Tensor:
    """Blur in all directions, in a plane or of the slices; a matrix too small for the voxels.

    Gaussian, sigma 0.8 to 3.2 mm; slices of 3 to 8 mm interpolated to those there are; or samples
    of k-space missing beyond what resolves 2 to 6 mm.
    """
    fine = [axis for axis, side in enumerate(spacing_mm) if side <= 2]
    kind = rng.random()
    if kind < 0.35 and fine:
        axis = int(rng.choice(fine))
        return thick(image, axis, (3 + 5 * severity) / spacing_mm[axis])
    if kind < 0.5 and fine:
        axes = fine if rng.random() < 0.5 else [int(rng.choice(fine))]
        return truncated(image, axes, 2 + 4 * severity, spacing_mm)
    sigma = np.full(3, 0.8 + 2.4 * severity)
    if rng.random() < 0.3:
        sigma[int(rng.integers(3))] = 0.6
    return blurred(image, (sigma / spacing_mm).tolist())


def truncated(
    image: torch.Tensor, axes: list[int], finest_mm: float, spacing_mm: Spacing
) -> torch.Tensor:
    """Nothing of k-space beyond what resolves `finest_mm` along some axes: blur, and ringing."""
    spectrum = torch.fft.fftn(image, dim=axes)
    for axis in axes:
        frequency = torch.fft.fftfreq(image.shape[axis], spacing_mm[axis], device=image.device)
        shape = [-1 if a == axis else 1 for a in range(3)]
        spectrum = spectrum * (frequency.abs() <= 0.5 / finest_mm).reshape(shape)
    return torch.fft.ifftn(spectrum, dim=axes).abs()


def spikes(
    image: torch.Tensor, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> torch.Tensor:
    """Bad k-space samples: each lays a plane wave over the image, or over a few of its slices."""
    count, flat = int(rng.integers(1, 4)), bool(rng.random() < 0.45)
    return waved(image, severity, rng, count, flat)


def slice_spikes(
    image: torch.Tensor, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> torch.Tensor:
    """`spikes` in a few slices only, as of a scan in two dimensions."""
    return waved(image, severity, rng, int(rng.integers(1, 4)), flat=True)


def waved(
    image: torch.Tensor, severity: float, rng: np.random.Generator, count: int, flat: bool
) -> torch.Tensor:
    """`count` plane waves over the image; if `flat`, within slices and over few of them."""
    across = int(rng.integers(3))
    waves = torch.zeros(image.shape, dtype=torch.complex64, device=image.device)
    for _ in range(count):
        direction = rng.standard_normal(3) * [axis != across or not flat for axis in range(3)]
        steps = 2 * np.pi * rng.uniform(0.06, 0.45) * direction / np.linalg.norm(direction)
        height = severity * rng.uniform(0.35, 0.6) / np.sqrt(count)
        parts = [np.exp(1j * k * np.arange(n)) for k, n in zip(steps, image.shape, strict=True)]
        parts[across] = parts[across] * np.exp(1j * rng.uniform(0, 2 * np.pi))
        if flat:
            parts[across] = parts[across] * _few(image.shape[across], rng)
        x, y, z = (torch.from_numpy(p.astype(np.complex64)).to(image.device) for p in parts)
        waves += (height * x)[:, None, None] * (y[:, None] * z)
    return (image + waves * level(image)).abs()


def level(image: torch.Tensor) -> torch.Tensor:
    """Mean signal of the foreground, of no dimension."""
    inside = image > 0.1
    return (image * inside).sum() / inside.sum().clamp_min(1)


# In the order of the scanner: what reaches the coil, then what the coil and the receiver add.
ARTEFACTS: dict[str, Artefact] = {
    "bias": bias,
    "blur": blur,
    "motion_ghosting": motion_or_ghosting,
    "spikes": spikes,
    "noise": noise,
}
# Kinds of two of these, each by itself: to be tested on apart.
KINDS: dict[str, Artefact] = {
    "motion": motion,
    "ghosting": ghosting,
    "spikes in few slices": slice_spikes,
}


def _few(slices: int, rng: np.random.Generator) -> np.ndarray:
    """1 for some slices, next to each other or anywhere, each with a phase of its own; else 0."""
    touched = max(1, round(slices * rng.uniform(0.01, 0.25) ** rng.uniform(1, 1.5)))
    if rng.random() < 0.6:
        # Near the middle, where there is head to see them in.
        first = int(slices * rng.uniform(0.15, 0.8))
        chosen = np.arange(first, min(first + touched, slices))
    else:
        chosen = rng.integers(slices // 8, max(slices - slices // 8, slices // 8 + 1), touched)
    found = np.zeros(slices, np.complex64)
    found[chosen] = np.exp(1j * rng.uniform(0, 2 * np.pi, len(chosen)))
    return found


def _unit(grain: torch.Tensor) -> torch.Tensor:
    return grain / grain.std().clamp_min(1e-6)
