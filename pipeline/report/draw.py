"""Draw one slice of a scene."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.report.overlay import Style, enlarge, paint
from pipeline.report.plane import Plane, cut
from pipeline.report.scene import Scene
from pipeline.types import Segment


def draw(shown: Scene, plane: Plane, index: int, pixels_per_mm: float, style: Style) -> Image.Image:
    """Draw one slice with its labels, top left of the screen first."""
    spacing = shown.volume.spacing
    pixel = (spacing[plane.down] * pixels_per_mm, spacing[plane.across] * pixels_per_mm)
    levels = shown.window.grey(cut(shown.volume.array, plane, index))
    grey = enlarge(levels, pixel, Image.Resampling.BICUBIC).convert("RGB")
    masks = _masks(shown, plane, index, pixel)
    return Image.fromarray(paint(np.asarray(grey), masks, style))


def _masks(
    shown: Scene, plane: Plane, index: int, pixel: tuple[float, float]
) -> list[tuple[Segment, NDArray[np.bool_]]]:
    # Enlarged smoothly and cut at a half, an outline follows the lesion rather than its voxels.
    piece = cut(shown.labels, plane, index)
    masks = []
    for segment in shown.segments:
        mask = (piece == segment.number).astype(np.uint8) * 255
        masks.append((segment, np.asarray(enlarge(mask, pixel, Image.Resampling.BILINEAR)) > 127))
    return masks
