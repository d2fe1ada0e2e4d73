from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from monai.bundle import ConfigParser
from monai.data import MetaTensor

from pipeline.bundle.stock import own_steps, require_spacing
from pipeline.bundle.transforms import transform
from pipeline.errors import BundleError
from tests.stock import INFERENCE

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
NORMALISE = {"_target_": "NormalizeIntensityd", "keys": "image", "channel_wise": True}
# Of each axis and direction another result, so that a flip cannot be missed.
CROP = {"_target_": "SpatialCropd", "keys": "image", "roi_start": [0, 1, 2], "roi_end": [4, 5, 6]}


def names(section: str, key: str) -> list[str]:
    chain = own_steps(INFERENCE, section, key)
    return [step["_target_"].rpartition(".")[2] for step in chain["transforms"]]


def oriented(**arguments: Any) -> dict[str, Any]:
    return {"_target_": "Orientationd", "keys": "image", **arguments}


def compose(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"_target_": "Compose", "transforms": list(steps)}


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(0).normal(100, 20, (1, 6, 7, 8)).astype(np.float32)


def test_what_concerns_files_and_geometry_is_left_to_the_pipeline() -> None:
    assert names("preprocessing", "image") == ["Flipd", "NormalizeIntensityd"]
    assert names("postprocessing", "pred") == ["Activationsd", "Flipd", "AsDiscreted"]


def test_a_chain_of_ones_own_stays_as_it_is() -> None:
    chain = {"_target_": "Compose", "transforms": [{"_target_": "bundle.Own", "keys": "image"}]}
    for section in ("preprocessing", "postprocessing"):
        assert own_steps({section: chain}, section, "image") == chain
        assert own_steps({}, section, "image") is None


def test_what_is_left_runs_on_arrays(image: np.ndarray) -> None:
    found = transform(INFERENCE, "preprocessing", "image")({"image": image})["image"]
    assert abs(float(np.mean(found))) < 1e-4
    scores = np.array([-3.0, 3.0], np.float32).reshape(1, 2, 1, 1)
    decided = transform(INFERENCE, "postprocessing", "pred")({"pred": scores})["pred"]
    np.testing.assert_array_equal(np.asarray(decided).ravel(), [1, 0])


@pytest.mark.parametrize(
    "steps",
    [
        [oriented(axcodes="RAS")],
        [oriented(axcodes="RAS"), CROP],
        [CROP, oriented(axcodes=["L", "A", "I"]), NORMALISE],
        [oriented(axcodes="LPS"), NORMALISE],
        [oriented(axcodes="RPS"), CROP, oriented(axcodes="LPI"), NORMALISE],
        [oriented(as_closest_canonical=True), CROP],
        [oriented(axcodes="RAS", labels=[["L", "R"], ["P", "A"], ["I", "S"]]), CROP],
    ],
)
@pytest.mark.filterwarnings("ignore:monai.transforms.spatial.dictionary Orientationd:FutureWarning")
@pytest.mark.filterwarnings("ignore:using as_closest_canonical:UserWarning")
def test_the_network_sees_what_monai_would_show_it(
    image: np.ndarray, steps: list[dict[str, Any]]
) -> None:
    configuration = {"preprocessing": compose(*steps)}
    ours = transform(configuration, "preprocessing", "image")({"image": image})["image"]
    theirs = ConfigParser(configuration).get_parsed_content("preprocessing")
    shown = theirs({"image": MetaTensor(image.copy(), affine=LPS_TO_RAS)})["image"]
    np.testing.assert_allclose(np.asarray(ours), np.asarray(shown), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "after",
    [
        None,
        {"_target_": "AsDiscreted", "keys": "pred", "threshold": 0.5},
        compose(),
        compose({"_target_": "Invertd", "keys": "pred", "transform": "@preprocessing"}),
    ],
)
@pytest.mark.parametrize("code", ["RAS", "LPS", "LAI"])
def test_its_output_lies_as_the_image_did(code: str, after: object) -> None:
    configuration = {"preprocessing": compose(oriented(axcodes=code)), "postprocessing": after}
    labels = (np.random.default_rng(1).random((1, 4, 5, 6)) > 0.5).astype(np.float32)
    shown = transform(configuration, "preprocessing", "image")({"image": labels})["image"]
    found = transform(configuration, "postprocessing", "pred")({"pred": shown})["pred"]
    np.testing.assert_array_equal(np.asarray(found), labels)


def test_a_classifiers_scores_are_not_turned() -> None:
    configuration = {"preprocessing": compose(oriented(axcodes="RAS"))}
    scores = np.array([1.0, 2.0], np.float32)
    found = transform(configuration, "postprocessing", "pred")({"pred": scores})["pred"]
    np.testing.assert_array_equal(found, scores)


@pytest.mark.parametrize(
    "asked",
    [
        {"axcodes": "SPL"},
        {"axcodes": "LPP"},
        {"axcodes": "@orientation"},
        {"axcodes": "RAS", "keys": "@image_key"},
        {"axcodes": "RAS", "labels": [["R", "L"], ["A", "P"], ["I", "S"]]},
        {},
    ],
)
def test_any_other_turn_is_refused_by_name(asked: dict[str, Any]) -> None:
    configuration = {"preprocessing": compose(oriented(**asked))}
    for section, key in (("preprocessing", "image"), ("postprocessing", "pred")):
        with pytest.raises(BundleError, match=r"Orientationd .* images come as LPS"):
            own_steps(configuration, section, key)


@pytest.mark.parametrize("pixdim", [[1.5, 1.5, 2.0], [1.5, 1.5, 2], (1.5, 1.5, 2.0001)])
def test_voxels_of_the_contracts_size_are_made_by_the_pipeline(pixdim: Any) -> None:
    spacing = {"_target_": "Spacingd", "keys": "image", "pixdim": pixdim}
    configuration = {"preprocessing": compose(spacing)}
    require_spacing(configuration, (1.5, 1.5, 2.0))
    assert own_steps(configuration, "preprocessing", "image")["transforms"] == []


@pytest.mark.parametrize("pixdim", [[1.0, 1.0, 1.0], 1.5, [1.5], [2.0, 1.5, 1.5], "@spacing", None])
def test_voxels_of_another_size_are_refused_with_both(pixdim: Any) -> None:
    spacing = {"_target_": "Spacingd", "keys": "image", "pixdim": pixdim}
    with pytest.raises(BundleError, match=r"Spacingd .* says \[1\.5, 1\.5, 2\.0\]"):
        require_spacing({"preprocessing": compose(spacing)}, (1.5, 1.5, 2.0))


def test_one_number_is_the_size_of_every_side() -> None:
    spacing = {"_target_": "Spacingd", "keys": "image", "pixdim": 2.0}
    require_spacing({"preprocessing": compose(spacing)}, (2.0, 2.0, 2.0))
