from __future__ import annotations

import numpy as np

from pipeline.bundle.stock import own_steps
from pipeline.bundle.transforms import transform
from tests.stock import INFERENCE


def names(section: str) -> list[str]:
    return [step["_target_"] for step in own_steps(INFERENCE[section])["transforms"]]


def test_what_concerns_files_and_geometry_is_left_to_the_pipeline() -> None:
    assert names("preprocessing") == ["NormalizeIntensityd"]
    assert names("postprocessing") == ["Activationsd", "AsDiscreted"]


def test_a_chain_of_ones_own_stays_as_it_is() -> None:
    chain = {"_target_": "Compose", "transforms": [{"_target_": "bundle.Own", "keys": "image"}]}
    assert own_steps(chain) == chain
    assert own_steps(None) is None


def test_what_is_left_runs_on_arrays() -> None:
    image = np.random.default_rng(0).normal(100, 20, (1, 6, 6, 6)).astype(np.float32)
    found = transform(INFERENCE, "preprocessing", "image")({"image": image})["image"]
    assert abs(float(np.mean(found))) < 1e-4
    scores = np.array([-3.0, 3.0], np.float32).reshape(1, 1, 1, 2)
    decided = transform(INFERENCE, "postprocessing", "pred")({"pred": scores})["pred"]
    np.testing.assert_array_equal(np.asarray(decided).ravel(), [0, 1])
