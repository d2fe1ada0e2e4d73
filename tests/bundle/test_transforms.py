from __future__ import annotations

import numpy as np
import pytest

from pipeline.bundle.transforms import known, transform

NORMALISE = {"_target_": "NormalizeIntensityd", "nonzero": True, "channel_wise": True}
PERCENTILES = {"_target_": "ScaleIntensityRangePercentilesd", "lower": 0, "upper": 99.5}
SCALE = {**PERCENTILES, "b_min": 0.0, "b_max": 1.0}
SIGMOID = {"_target_": "Activationsd", "sigmoid": True}
ARGMAX = {"_target_": "AsDiscreted", "argmax": True}
PAD = {"_target_": "DivisiblePadd", "k": 2, "method": "end"}
HALVE = {"_target_": "Zoomd", "zoom": 0.5, "mode": "area", "keep_size": False}
DOUBLE = {"_target_": "Zoomd", "zoom": 2.0, "mode": "trilinear", "keep_size": False}
TO_TWO_THIRDS = {**HALVE, "zoom": 0.6666667}
FLIP = {"_target_": "Flipd", "spatial_axis": [0, 2]}
AND_BACK = {**DOUBLE, "zoom": 1.5}


def chain(*steps: dict) -> dict:
    listed = [{**step, "keys": "image"} for step in steps]
    return {"section": {"_target_": "Compose", "transforms": listed}}


def by_monai(configuration: dict, array: np.ndarray) -> np.ndarray:
    from monai.bundle import ConfigParser

    parsed = ConfigParser(configuration).get_parsed_content("section")
    return np.asarray(parsed({"image": array.copy()})["image"])


def image(kind: str) -> np.ndarray:
    noise = np.random.default_rng(3).normal(100, 30, (2, 12, 10, 8)).astype(np.float32)
    if kind == "zeros":
        return np.zeros_like(noise)
    if kind == "constant":
        return np.full_like(noise, 7)
    noise[noise < 90] = 0
    if kind == "one empty channel":
        noise[1] = 0
    return noise


@pytest.mark.parametrize("kind", ["noise", "zeros", "constant", "one empty channel"])
@pytest.mark.parametrize(
    "steps",
    [
        *([NORMALISE], [SCALE], [SIGMOID], [ARGMAX], [FLIP]),
        *([PAD], [PAD, HALVE], [DOUBLE], [TO_TWO_THIRDS]),
    ],
    ids=lambda steps: steps[-1]["_target_"],
)
@pytest.mark.filterwarnings("ignore:Divide by zero")
def test_a_known_step_does_what_monai_does(steps: list[dict], kind: str) -> None:
    configuration = chain(*steps)
    assert known(configuration["section"], "image") is not None
    ours = transform(configuration, "section", "image")({"image": image(kind)})["image"]
    theirs = by_monai(configuration, image(kind))
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "step",
    [
        {"_target_": "NormalizeIntensityd", "nonzero": True},
        {"_target_": "AsDiscreted", "argmax": True, "to_onehot": 3},
        {**SCALE, "clip": True},
        {**SCALE, "lower": "$1 + 1"},
        {"_target_": "GaussianSmoothd"},
    ],
)
def test_what_is_not_known_to_the_last_argument_is_monais(step: dict) -> None:
    assert known(chain(NORMALISE, step)["section"], "image") is None


@pytest.mark.parametrize("steps", [[HALVE], [PAD, HALVE], [TO_TWO_THIRDS, AND_BACK], [AND_BACK]])
@pytest.mark.parametrize("cut", [(0, 0, 0), (1, 0, 3), (5, 3, 1)])
def test_any_sides_are_zoomed_as_monai_does(steps: list[dict], cut: tuple[int, ...]) -> None:
    x, y, z = cut
    array = image("noise")[:, x:, y:, z:]
    assert known(chain(*steps)["section"], "image") is not None
    ours = transform(chain(*steps), "section", "image")({"image": array})["image"]
    np.testing.assert_allclose(ours, by_monai(chain(*steps), array), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize(
    "step",
    [{**HALVE, "mode": "nearest"}, {**HALVE, "keep_size": True}, {**HALVE, "zoom": [2, 2, 2]}],
)
def test_other_ways_to_zoom_are_monais(step: dict) -> None:
    assert known(chain(step)["section"], "image") is None


def test_an_unknown_step_runs_all_the_same() -> None:
    configuration = chain({"_target_": "ScaleIntensityd", "minv": 0.0, "maxv": 1.0})
    found = transform(configuration, "section", "image")({"image": image("noise")})["image"]
    assert float(found.min()) == 0.0
    assert float(found.max()) == pytest.approx(1.0)


def test_an_absent_section_changes_nothing() -> None:
    array = image("noise")
    assert transform({}, "section", "image")({"image": array})["image"] is array


def test_the_input_is_left_as_it_was() -> None:
    array = image("noise")
    before = array.copy()
    transform(chain(NORMALISE, SCALE, SIGMOID), "section", "image")({"image": array})
    np.testing.assert_array_equal(array, before)
