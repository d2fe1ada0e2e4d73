from __future__ import annotations

import os
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from highdicom import Volume
from numpy.typing import NDArray
from PIL import Image

from pipeline.report.overlay import INK, Style, paint
from pipeline.report.picture import PIXELS_PER_MM, TILES, contrasts, mosaic, planes
from pipeline.types import Concept, Role, Segment

from .phantom import LESION_MM, head, on_grid, tumour

DATA = Path(os.environ.get("TESSERA_DATA", Path(__file__).parents[2] / "../shared/data"))
ODD = Concept("49755003", "SCT", "Morphologically abnormal structure")
MAGENTA = Segment(1, "marker", ODD, ODD, (255, 0, 255))


def where(image: Image.Image) -> NDArray[np.float64]:
    """Centre of all that is magenta as a share of height and width, from the top left."""
    red, green, blue = np.moveaxis(np.asarray(image).astype(int), -1, 0)
    marked = np.argwhere((red - green > 40) & (blue - green > 40))
    return marked.mean(axis=0) / (image.height, image.width)


def test_what_lies_on_the_patients_left_is_seen_on_the_right() -> None:
    # The lesion lies left, anterior and superior of the head's middle.
    labels = on_grid((tumour().array > 0).astype(np.uint8))
    axial, coronal, sagittal = planes(head(800.0), labels, (MAGENTA,), LESION_MM)
    down, across = where(axial.image)
    assert across > 0.6, "patient left on the viewer's right"
    assert down < 0.45, "anterior up"
    down, across = where(coronal.image)
    assert across > 0.6, "patient left on the viewer's right"
    assert down < 0.48, "superior up"
    down, across = where(sagittal.image)
    assert across < 0.45, "anterior on the viewer's left"
    assert down < 0.48, "superior up"


def test_the_picture_does_not_depend_on_how_the_volume_is_stored() -> None:
    stored = head(800.0).to_patient_orientation("HRA")
    for one, other in zip(
        planes(head(800.0), tumour(), (MAGENTA,), LESION_MM),
        planes(stored, tumour(), (MAGENTA,), LESION_MM),
        strict=True,
    ):
        assert np.array_equal(np.asarray(one.image), np.asarray(other.image))


def test_the_scale_bar_is_five_centimetres_long() -> None:
    # A black image holds nothing but letters, ticks and the bar.
    black = on_grid(np.zeros((80, 80, 80), np.float32))
    for picture in planes(black, None, (), (0.0, 0.0, 0.0)):
        line = np.asarray(picture.image)[picture.image.height - 10]
        assert (line == INK).all(axis=1).sum() == pytest.approx(50 * PIXELS_PER_MM, abs=3)


def test_all_three_planes_share_one_scale() -> None:
    assert len({picture.image.size for picture in planes(head(800.0), None, (), LESION_MM)}) == 1


def test_thick_slices_are_drawn_in_their_true_proportions() -> None:
    thick = Volume(np.zeros((80, 80, 16), np.float32), np.diag([1.0, 1.0, 5.0, 1.0]), "PATIENT")
    for picture in planes(thick, None, (), (0.0, 0.0, 0.0)):
        assert picture.image.size == (80 * PIXELS_PER_MM, 80 * PIXELS_PER_MM)


def test_the_words_name_what_is_drawn() -> None:
    with_lesion, *_ = planes(head(800.0), tumour(), (MAGENTA,), LESION_MM)
    without, *_ = planes(head(800.0), None, (), LESION_MM)
    assert "marker marked" in with_lesion.alt
    assert "patient R on the viewer's left" in with_lesion.alt
    assert "nothing marked" in without.alt


def test_the_address_holds_the_image_itself() -> None:
    picture, *_ = planes(head(800.0), None, (), LESION_MM)
    content = b64decode(picture.uri.removeprefix("data:image/png;base64,"))
    assert np.array_equal(np.asarray(Image.open(BytesIO(content))), np.asarray(picture.image))


def test_every_contrast_shows_the_lesion_in_the_same_place() -> None:
    volumes = {Role.T1: head(300.0), Role.FLAIR: head(900.0)}
    one, other = contrasts(volumes, tumour(), (MAGENTA,), LESION_MM)
    assert (one.caption, other.caption) == ("T1", "FLAIR")
    assert where(one.image) == pytest.approx(where(other.image))


def test_the_mosaic_runs_from_foot_to_head() -> None:
    # A cone, point up: its slices shrink towards the head.
    x, y, z = np.indices((60, 72, 56))
    labels = on_grid((np.hypot(x - 30, y - 36) < (56 - z) / 2).astype(np.uint8))
    image = np.asarray(mosaic(head(800.0), labels, (MAGENTA,)).image).astype(int)
    magenta = (image[..., 0] - image[..., 1] > 40) & (image[..., 2] - image[..., 1] > 40)
    tiles = [
        tile
        for row in np.array_split(magenta, TILES[0], axis=0)
        for tile in np.array_split(row, TILES[1], axis=1)
    ]
    areas = [int(tile.sum()) for tile in tiles]
    assert areas == sorted(areas, reverse=True)
    assert areas[0] > 5 * areas[-1] > 0


def test_an_outline_leaves_the_inside_to_the_image() -> None:
    mask = np.zeros((20, 20), bool)
    mask[5:15, 5:15] = True
    grey = np.full((20, 20, 3), 100, np.uint8)
    drawn = paint(grey, [(MAGENTA, mask)], Style(fill=0.0, outline=2))
    assert tuple(drawn[5, 5]) == MAGENTA.colour
    assert tuple(drawn[10, 10]) == (100, 100, 100)
    assert tuple(drawn[4, 10]) == (100, 100, 100)


@pytest.mark.skipif(not (DATA / "tumour").is_dir(), reason="TESSERA_DATA is not there")
def test_a_real_tumour_on_the_patients_right_is_seen_on_the_left() -> None:
    nibabel = pytest.importorskip("nibabel")
    folder = DATA / "tumour" / "BraTS2021_01479"
    image, truth = (nibabel.load(folder / f"{name}.nii.gz") for name in ("t1c", "seg"))
    to_lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    volume = Volume(np.asarray(image.dataobj, np.float32), to_lps, "PATIENT")
    labels = Volume((np.asarray(truth.dataobj) > 0).astype(np.uint8), to_lps, "PATIENT")
    inside = np.argwhere(labels.array).mean(axis=0)
    x, y, z = volume.map_indices_to_reference(inside[np.newaxis])[0]
    brain = np.argwhere(volume.array[::4, ::4, ::4]).mean(axis=0) * 4
    assert x < volume.map_indices_to_reference(brain[np.newaxis])[0][0], "lies to the right"
    axial, coronal, _ = planes(volume, labels, (MAGENTA,), (float(x), float(y), float(z)))
    assert where(axial.image)[1] < 0.5
    assert where(coronal.image)[1] < 0.5
