"""Labels drawn over a grey image, and the marks that say which way the patient lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import binary_erosion

from pipeline.report.plane import Plane
from pipeline.types import Segment

INK = (240, 240, 240)
ACCENT = (90, 200, 215)
BAR_MM = 50.0
TICK_PIXELS = 10


@dataclass(frozen=True)
class Style:
    """How labels are drawn: opacity of the fill, 0 to 1, and width of the outline in pixels."""

    fill: float = 0.18
    outline: int = 2


def enlarge(
    piece: NDArray[np.uint8], pixel: tuple[float, float], smooth: Image.Resampling
) -> Image.Image:
    """Resize a (row, column) slice by `pixel`, screen pixels per row and per column."""
    rows, columns = piece.shape
    size = (max(round(columns * pixel[1]), 1), max(round(rows * pixel[0]), 1))
    return Image.fromarray(np.ascontiguousarray(piece)).resize(size, smooth)


def paint(
    image: NDArray[np.uint8], masks: Sequence[tuple[Segment, NDArray[np.bool_]]], style: Style
) -> NDArray[np.uint8]:
    """Blend each segment's mask into an RGB image of the same rows and columns."""
    painted = image.astype(np.float32)
    for segment, mask in masks:
        colour = np.array(segment.colour, np.float32)
        painted[mask] += style.fill * (colour - painted[mask])
        if style.outline:
            painted[mask & ~binary_erosion(mask, iterations=style.outline)] = colour
    return painted.round().astype(np.uint8)


def write_letters(image: Image.Image, plane: Plane, inset: int = 4) -> None:
    """Write the patient's directions `inset` pixels from the four edges of the screen."""
    width, height = image.size
    size = max(round(min(width, height) / 20), 12)
    spots = (
        (inset, height // 2, "lm"),
        (width - inset, height // 2, "rm"),
        (width // 2, inset, "mt"),
        (width // 2, height - inset, "mb"),
    )
    for (x, y, anchor), letter in zip(spots, plane.edges, strict=True):
        _text(image, (x, y), letter, size, anchor)


def draw_bar(image: Image.Image, pixels_per_mm: float) -> None:
    """Draw a scale bar of 5 cm at the bottom left, where the image is wide enough to hold it."""
    width, height = image.size
    length = round(BAR_MM * pixels_per_mm)
    if length > width - 20:
        return
    left, bottom = 10, height - 10
    draw = ImageDraw.Draw(image)
    draw.line([(left, bottom), (left + length, bottom)], fill=INK, width=2)
    for end in (left, left + length):
        draw.line([(end, bottom - 4), (end, bottom + 4)], fill=INK, width=2)
    _text(image, (left, bottom - 7), "5 cm", max(round(height / 30), 12), "lb")


def draw_ticks(image: Image.Image, row: float, column: float) -> None:
    """Mark at the edges where the other two planes cut this one, leaving the anatomy free."""
    width, height = image.size
    length = TICK_PIXELS
    draw = ImageDraw.Draw(image)
    for x in (0, width - length):
        draw.line([(x, row), (x + length, row)], fill=ACCENT, width=2)
    for y in (0, height - length):
        draw.line([(column, y), (column, y + length)], fill=ACCENT, width=2)


def _text(image: Image.Image, spot: tuple[int, int], text: str, size: int, anchor: str) -> None:
    ImageDraw.Draw(image).text(
        spot,
        text,
        fill=INK,
        font=ImageFont.load_default(size),
        anchor=anchor,
        stroke_width=1,
        stroke_fill=(0, 0, 0),
    )
