"""What the tumour module makes of probabilities: nested labels, lesions, volumes, positions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from highdicom import Volume
from scipy.special import expit, logit

from pipeline.bundle.code import import_file
from pipeline.bundle.configuration import read_json
from pipeline.bundle.transforms import transform
from pipeline.types import Inputs, Prediction, Role

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
PREDICT = import_file(BUNDLE, "predict.py", "sha256:tumour-tests")
PARAMETERS = {
    "whole_threshold": 0.5,
    "core_threshold": 0.6,
    "enhancing_threshold": 0.7,
    "smallest_lesion_ml": 0.1,
    "confidence_slope": 1.0,
    "confidence_volume_slope": 0.0,
    "confidence_offset": 0.0,
}
SHAPE = (30, 32, 34)
ORIGIN = (-50.0, 10.0, 7.0)
Box = tuple[slice, slice, slice]
# 8 mm³ a voxel: 4.096, 0.512 and 0.064 ml.
LARGE: Box = (slice(4, 12), slice(4, 12), slice(4, 12))
SMALL: Box = (slice(18, 22), slice(20, 24), slice(22, 26))
SPECK: Box = (slice(26, 28), slice(26, 28), slice(2, 4))


def scores(shape: tuple[int, int, int] = SHAPE) -> np.ndarray:
    return np.full((3, *shape), 0.05, np.float32)


def predict(
    output: np.ndarray, shape: tuple[int, int, int] = SHAPE, **changed: float
) -> Prediction:
    """On voxels of 2 mm whose first lies at ORIGIN."""
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = ORIGIN
    volume = Volume(np.ones(shape, np.float32), affine, coordinate_system="PATIENT")
    inputs = Inputs({Role.FLAIR: volume}, {Role.FLAIR: volume}, {}, PARAMETERS | changed)
    found: Prediction = PREDICT.predict(output, inputs)
    return found


def numbers(prediction: Prediction) -> set[int]:
    assert prediction.labels is not None
    return set(prediction.labels.ravel().tolist())


def one_tumour() -> np.ndarray:
    """Oedema of 8 voxels a side around a core of 6, which enhances in 4."""
    output = scores()
    for channel, cut in enumerate((0, 1, 2)):
        output[channel][tuple(slice(s.start + cut, s.stop - cut) for s in LARGE)] = 0.9
    return output


def test_regions_become_labels_from_the_outside_in() -> None:
    labels = predict(one_tumour()).labels
    assert labels is not None
    assert labels.dtype == np.uint8
    assert labels.shape == SHAPE
    assert np.bincount(labels[LARGE].ravel(), minlength=4).tolist() == [0, 296, 152, 64]
    assert np.count_nonzero(labels) == 8**3


def test_what_enhances_outside_the_core_or_tumour_is_neither() -> None:
    output = one_tumour()
    output[2][4] = 0.9  # enhancing in the oedema
    output[1][SMALL] = 0.9  # a core without a tumour
    labels = predict(output).labels
    np.testing.assert_array_equal(labels, predict(one_tumour()).labels)


def test_each_region_has_its_own_threshold() -> None:
    output = scores()
    output[:, *LARGE] = 0.65
    assert numbers(predict(output)) == {0, 2}
    assert numbers(predict(output, core_threshold=0.66)) == {0, 1}
    assert numbers(predict(output, enhancing_threshold=0.6)) == {0, 3}
    assert numbers(predict(output, whole_threshold=0.66)) == {0}


def test_specks_are_dropped_from_labels_volumes_and_findings() -> None:
    output = one_tumour()
    output[:, *SPECK] = 0.9
    with_speck, without = predict(output), predict(one_tumour())
    np.testing.assert_array_equal(with_speck.labels, without.labels)
    assert with_speck.measurements == without.measurements
    assert with_speck.findings == without.findings
    assert len(predict(output, smallest_lesion_ml=0.05).findings) == 2


def test_voxels_that_touch_at_a_corner_are_one_lesion() -> None:
    output = scores()
    for start in (5, 9):
        output[0, start : start + 4, start : start + 4, start : start + 4] = 0.9
    (lesion,) = predict(output).findings
    assert lesion.volume_ml == pytest.approx(2 * 4**3 * 0.008)


def test_volumes_add_up() -> None:
    found = {m.name: m for m in predict(one_tumour()).measurements}
    ml = {name: measured.value for name, measured in found.items()}
    assert ml["whole tumour volume"] == pytest.approx(512 * 0.008)
    assert ml["tumour core volume"] == pytest.approx(216 * 0.008)
    assert ml["enhancing volume"] == pytest.approx(64 * 0.008)
    assert ml["oedema volume"] == pytest.approx(296 * 0.008)
    assert ml["non-enhancing core volume"] == pytest.approx(152 * 0.008)
    assert {m.unit for m in found.values()} == {"mL"}
    assert found["oedema volume"].segment == "oedema"
    assert found["whole tumour volume"].segment == ""


def test_findings_are_numbered_from_the_largest_with_positions_in_the_patient() -> None:
    output = scores()
    output[0][SMALL] = output[0][LARGE] = 0.9
    large, small = predict(output).findings
    assert (large.number, small.number) == (1, 2)
    assert large.volume_ml == pytest.approx(4.096)
    assert small.volume_ml == pytest.approx(0.512)
    # Voxels 4 to 11 are centred on 7.5.
    assert large.centroid_mm == pytest.approx([o + 2 * 7.5 for o in ORIGIN])
    wanted = [o + 2 * c for o, c in zip(ORIGIN, (19.5, 21.5, 23.5), strict=True)]
    assert small.centroid_mm == pytest.approx(wanted)
    # From corner to corner of voxels' centres.
    assert large.longest_diameter_mm == pytest.approx(7 * 2 * 3**0.5)
    assert small.longest_diameter_mm == pytest.approx(3 * 2 * 3**0.5)


def test_a_lesion_one_voxel_thin_has_a_diameter() -> None:
    output = scores()
    output[0, 3:23, 10, 5] = 0.9
    (line,) = predict(output).findings
    assert line.longest_diameter_mm == pytest.approx(19 * 2)


@pytest.mark.parametrize("more", [(1, 0, 0), (0, 1, 2), (2, 2, 2)])
def test_voxels_beyond_the_volumes_are_cut_off(more: tuple[int, int, int]) -> None:
    x, y, z = (side - m for side, m in zip(SHAPE, more, strict=True))
    inside = one_tumour()[:, :x, :y, :z].copy()
    beyond = np.pad(inside, [(0, 0), *((0, m) for m in more)], constant_values=0.9)
    found = predict(beyond, (x, y, z))
    assert found.labels is not None
    assert found.labels.shape == (x, y, z)
    kept = predict(inside, (x, y, z))
    np.testing.assert_array_equal(found.labels, kept.labels)
    assert found.measurements == kept.measurements
    assert found.findings == kept.findings


@pytest.mark.parametrize("shape", [(48, 51, 54), (49, 50, 52)])
def test_between_coarser_voxels_and_back_a_place_stays_where_it_is(
    shape: tuple[int, int, int],
) -> None:
    configuration = read_json(BUNDLE, "inference.json")
    there, back = (
        transform(configuration, f"{when}processing", key)
        for when, key in (("pre", "image"), ("post", "pred"))
    )
    at = np.indices(shape) - np.reshape([20.0, 28.0, 25.0], (3, 1, 1, 1))
    image = np.repeat(np.exp(-(at**2).sum(0) / 100)[None].astype(np.float32), 4, 0)
    coarse = np.asarray(there({"image": image})["image"])
    assert coarse.shape[1:] == tuple(2 * -(-side // 3) for side in shape)
    # As if the network said how bright the image is.
    output = np.asarray(back({"pred": 24 * coarse[:3] - 8})["pred"])
    (lesion,) = predict(output, shape).findings
    wanted = [o + 2 * c for o, c in zip(ORIGIN, (20, 28, 25), strict=True)]
    assert lesion.centroid_mm == pytest.approx(wanted, abs=0.5)


def test_confidence_is_the_mean_probability_of_whole_tumour_calibrated() -> None:
    output = scores()
    output[0][LARGE] = 0.6
    output[0, 4:8, 4:12, 4:12] = 0.8
    (plain,) = predict(output).findings
    assert plain.confidence == pytest.approx(0.7, abs=1e-4)
    (moved,) = predict(output, confidence_slope=0.5, confidence_offset=-1.0).findings
    wanted = expit(-1 + 0.5 * logit(0.7))
    assert moved.confidence == pytest.approx(wanted, abs=1e-4)


def test_calibration_moves_confidence_alone() -> None:
    plain, moved = predict(one_tumour()), predict(one_tumour(), confidence_offset=2.0)
    np.testing.assert_array_equal(plain.labels, moved.labels)
    assert plain.measurements == moved.measurements
    assert plain.findings[0].centroid_mm == moved.findings[0].centroid_mm
    assert plain.findings[0].confidence < moved.findings[0].confidence


def test_a_healthy_brain_has_no_findings_and_no_volume() -> None:
    found = predict(scores())
    assert found.labels is not None
    assert not found.labels.any()
    assert found.findings == ()
    assert {m.value for m in found.measurements} == {0.0}
