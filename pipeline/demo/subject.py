"""One person: the phantom bent, resized, turned in the scanner, with a tumour or without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from pipeline.demo.contrast import Sequence
from pipeline.demo.phantom import Phantom
from pipeline.demo.tumour import Growth, grow

FIELD_MM = 5.0
# Standard deviation of the bend and the length over which it changes, mm: head shape, then folds.
BENDS = ((3.0, 28.0), (1.4, 9.0))
SIZE = 0.92
TURN_DEGREES = 5.0
SHIFT_MM = 6.0


@dataclass(frozen=True)
class Subject:
    """A head lying in the scanner.

    Attributes
    ----------
    phantom : Phantom
        The head in its own space, tumour included.
    healthy : Phantom
        The same without tumour.
    texture : ndarray of float32, shape (x, y, z)
        What tissue fractions do not explain, a factor around 1, on the phantom's grid.
    into_phantom : SimpleITK.Transform
        Maps a patient position, LPS mm, to the phantom's space.
    """

    phantom: Phantom
    healthy: Phantom
    texture: NDArray[np.float32]
    into_phantom: sitk.Transform

    def weighted(self, sequence: Sequence) -> sitk.Image:
        """Signal in the phantom's space; negative where inversion has not recovered."""
        return self.phantom.weighted(sequence, self.texture)


def make_subject(
    phantom: Phantom, growth: Growth | None, generator: np.random.Generator
) -> Subject:
    """Vary the phantom; every random choice comes from `generator`."""
    diseased = grow(phantom, growth, generator) if growth else phantom
    return Subject(diseased, phantom, _texture(phantom, generator), _into(phantom, generator))


def rigid(
    degrees: tuple[float, float, float], shift_mm: tuple[float, float, float]
) -> sitk.Euler3DTransform:
    """Turn about the patient's x, y, z axes through the origin, then shift; LPS."""
    transform = sitk.Euler3DTransform()
    transform.SetRotation(*(float(np.deg2rad(angle)) for angle in degrees))
    transform.SetTranslation(shift_mm)
    return transform


def after(first: sitk.Transform, then: sitk.Transform) -> sitk.CompositeTransform:
    """Map a point by `first`, the outcome by `then`."""
    return sitk.CompositeTransform([then, first])


def _texture(phantom: Phantom, generator: np.random.Generator) -> NDArray[np.float32]:
    """The phantom's texture somewhere else, which no two subjects then share."""
    moved = generator.integers(0, phantom.texture.shape)
    return np.roll(phantom.texture, tuple(int(step) for step in moved), (0, 1, 2))


def _into(phantom: Phantom, generator: np.random.Generator) -> sitk.Transform:
    turn = generator.uniform(-TURN_DEGREES, TURN_DEGREES, 3)
    shift = generator.uniform(-SHIFT_MM, SHIFT_MM, 3)
    size = 1 / (SIZE * generator.uniform(0.96, 1.04, 3))
    pose = rigid(tuple(turn), tuple(shift))
    scale = sitk.AffineTransform(np.diag(size).ravel().tolist(), (0.0, 0.0, 0.0))
    return _baked(after(after(pose, scale), _bend(phantom, generator)), phantom)


def _baked(transform: sitk.Transform, phantom: Phantom) -> sitk.DisplacementFieldTransform:
    """The same map as one field, which is read many times faster than a chain of maps."""
    count, first = _lattice(phantom)
    return sitk.DisplacementFieldTransform(
        sitk.TransformToDisplacementField(
            transform, sitk.sitkVectorFloat64, count, first, [FIELD_MM] * 3
        )
    )


def _lattice(phantom: Phantom) -> tuple[list[int], list[float]]:
    """Size and origin of a grid of FIELD_MM with room for the head to lie elsewhere, LPS mm."""
    room = np.full(3, 8 * FIELD_MM)
    extent = np.array(phantom.surround.shape) * phantom.spacing + 2 * room
    count = [int(n) for n in np.ceil(extent / FIELD_MM)]
    return count, [float(value) for value in phantom.origin - room]


def _bend(phantom: Phantom, generator: np.random.Generator) -> sitk.DisplacementFieldTransform:
    count, first = _lattice(phantom)
    bends = [_smooth_vectors(tuple(count), *bend, generator) for bend in BENDS]
    field = np.sum(bends, axis=0)
    image = sitk.GetImageFromArray(field.transpose(2, 1, 0, 3), isVector=True)
    image.SetOrigin(first)
    image.SetSpacing([FIELD_MM] * 3)
    return sitk.DisplacementFieldTransform(image)


def _smooth_vectors(
    shape: tuple[int, ...], deviation_mm: float, length_mm: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Displacements, shape (x, y, z, 3), mm."""
    noise = generator.standard_normal((*shape, 3))
    smooth = ndimage.gaussian_filter(noise, (*(length_mm / FIELD_MM,) * 3, 0), mode="wrap")
    field: NDArray[np.float64] = deviation_mm * smooth / smooth.std()
    return field


def on_grid(image: sitk.Image, transform: sitk.Transform, grid: sitk.Image) -> NDArray[np.float32]:
    """Read a phantom-space image linearly at a patient grid's points, axes (z, y, x)."""
    read: NDArray[np.float32] = sitk.GetArrayFromImage(
        sitk.Resample(image, grid, transform, sitk.sitkLinear, 0.0)
    )
    return read
