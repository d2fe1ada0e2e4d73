"""Pictures in radiological convention: three planes, every contrast, a mosaic of slices."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray
from PIL import Image

from pipeline.report.draw import draw
from pipeline.report.overlay import (
    TICK_PIXELS,
    Style,
    draw_bar,
    draw_ticks,
    write_letters,
)
from pipeline.report.plane import AXIAL, PLANES, Index, Plane, locate, on_screen
from pipeline.report.scene import Scene, scene
from pipeline.types import Point, Role, Segment

PIXELS_PER_MM = 2.5
TILE_PIXELS_PER_MM = 1.5
TILES = (2, 4)
LINES = Style(fill=0.25, outline=1)
THIN = Style(fill=0.0, outline=1)
FILLED = Style(fill=0.5, outline=1)


@dataclass(frozen=True)
class Picture:
    """An RGB image with the words for those who cannot see it and those who can."""

    image: Image.Image
    alt: str
    caption: str

    @property
    def uri(self) -> str:
        """The image as a PNG inside a ``data:`` address."""
        buffer = BytesIO()
        self.image.save(buffer, "PNG", compress_level=3)  # the best one takes 15 times as long
        return "data:image/png;base64," + b64encode(buffer.getvalue()).decode("ascii")


def planes(
    volume: Volume, labels: Volume | None, segments: tuple[Segment, ...], at_mm: Point
) -> tuple[Picture, Picture, Picture]:
    """Cut axial, coronal and sagittal planes through a patient point.

    Parameters
    ----------
    volume : highdicom.Volume
        The image; 1 mm and axes (x, y, z) to patient left, posterior, superior are the custom, any
        other order or spacing is turned and scaled.
    labels : highdicom.Volume or None
        Label map on the same grid, outlined in the segments' colours.
    segments : tuple of Segment
        The labels to draw.
    at_mm : tuple of float
        Patient position, LPS, in mm; held inside the volume.

    Returns
    -------
    tuple of Picture
        Patient right is on the viewer's left, sagittal planes look from the patient's left
        with anterior on the viewer's left.
    """
    shown = scene(volume, labels, segments)
    index = locate(shown.volume, at_mm)
    cuts = [draw(shown, plane, index[plane.through], PIXELS_PER_MM, LINES) for plane in PLANES]
    # One canvas for all three, so that a centimetre is the same length in each.
    canvas = max(image.width for image in cuts), max(image.height for image in cuts)
    axial, coronal, sagittal = (
        _marked(image, canvas, shown, plane, index)
        for image, plane in zip(cuts, PLANES, strict=True)
    )
    return axial, coronal, sagittal


def contrasts(
    volumes: Mapping[Role, Volume],
    labels: Volume | None,
    segments: tuple[Segment, ...],
    at_mm: Point,
) -> tuple[Picture, ...]:
    """Cut the same axial plane in every contrast, the labels outlined thinly."""
    pictures = []
    for role, volume in volumes.items():
        shown = scene(volume, labels, segments)
        index = locate(shown.volume, at_mm)[AXIAL.through]
        image = draw(shown, AXIAL, index, TILE_PIXELS_PER_MM, THIN)
        write_letters(image, AXIAL)
        draw_bar(image, TILE_PIXELS_PER_MM)
        pictures.append(Picture(image, f"Axial {role} slice, {_legend(shown)}", role.value))
    return tuple(pictures)


def mosaic(volume: Volume, labels: Volume, segments: tuple[Segment, ...]) -> Picture:
    """Tile axial slices from foot to head through the labelled part, the labels filled."""
    shown = scene(volume, labels, segments)
    rows, columns = TILES
    tiles = [
        draw(shown, AXIAL, index, TILE_PIXELS_PER_MM, FILLED)
        for index in _spread(shown.labels, rows * columns)
    ]
    width, height = tiles[0].size
    image = Image.new("RGB", (columns * width, rows * height))
    for number, tile in enumerate(tiles):
        write_letters(tile, AXIAL)
        image.paste(tile, (number % columns * width, number // columns * height))
    draw_bar(image, TILE_PIXELS_PER_MM)
    alt = f"{rows * columns} axial slices from foot to head, {_legend(shown)}"
    return Picture(image, alt, "Axial slices from foot to head")


def _marked(
    image: Image.Image, canvas: tuple[int, int], shown: Scene, plane: Plane, index: Index
) -> Picture:
    framed = Image.new("RGB", canvas)
    left, top = (canvas[0] - image.width) // 2, (canvas[1] - image.height) // 2
    framed.paste(image, (left, top))
    row, column = on_screen(index, plane, shown.volume.spatial_shape)
    spacing = shown.volume.spacing
    draw_ticks(
        framed,
        top + (row + 0.5) * spacing[plane.down] * PIXELS_PER_MM,
        left + (column + 0.5) * spacing[plane.across] * PIXELS_PER_MM,
    )
    write_letters(framed, plane, inset=TICK_PIXELS + 4)
    draw_bar(framed, PIXELS_PER_MM)
    return Picture(framed, f"{_edges(plane)}, {_legend(shown)}", plane.name.capitalize())


def _edges(plane: Plane) -> str:
    left, right, top, bottom = plane.edges
    return (
        f"{plane.name.capitalize()} slice, patient {left} on the viewer's left, {right} right, "
        f"{top} up, {bottom} down"
    )


def _spread(labels: NDArray[np.uint8], count: int) -> list[int]:
    (inside,) = np.nonzero(labels.any(axis=(0, 1)))
    low, high = (inside[0], inside[-1]) if inside.size else (0, labels.shape[2] - 1)
    # The first and last slices of a head show next to nothing.
    return [int(i) for i in np.linspace(low, high, count + 2)[1:-1].round()]


def _legend(shown: Scene) -> str:
    names = [segment.name for segment in shown.marked]
    return f"with {', '.join(names)} marked" if names else "nothing marked"
