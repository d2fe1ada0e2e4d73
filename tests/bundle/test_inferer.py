"""Windows over an image: MONAI's own results, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from monai.inferers import SlidingWindowInferer

from pipeline.bundle.inferer import Windows, infer, places, read_inferer
from pipeline.errors import BundleError


class Sharpened:
    """A network of one layer whose output depends on where a window begins."""

    name = "torch-cpu"

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.layer = torch.nn.Conv3d(2, 3, 5, padding=2)

    def __call__(self, image: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return self.layer(torch.from_numpy(image)[None])[0].numpy()


@pytest.mark.parametrize("mode", ["constant", "gaussian"])
@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.6])
@pytest.mark.parametrize("shape", [(20, 21, 22), (16, 33, 16), (9, 24, 40)])
def test_windows_give_what_monai_gives(shape: tuple[int, ...], overlap: float, mode: str) -> None:
    image = np.random.default_rng(0).random((2, *shape), np.float32)
    network = Sharpened()
    expected = SlidingWindowInferer((16, 12, 14), overlap=overlap, mode=mode)(
        torch.from_numpy(image)[None], network.layer
    )
    windows = Windows((16, 12, 14), overlap, mode == "gaussian")
    np.testing.assert_allclose(infer(network, image, windows), expected[0].detach(), atol=1e-5)


def test_a_simple_inferer_is_one_call() -> None:
    image = np.random.default_rng(0).random((2, 8, 9, 10), np.float32)
    network = Sharpened()
    assert read_inferer({"inferer": {"_target_": "SimpleInferer"}}) is None
    assert read_inferer({}) is None
    np.testing.assert_array_equal(infer(network, image, None), network(image))


def test_windows_cover_every_voxel() -> None:
    seen = np.zeros((30, 17, 64), int)
    for place in places(seen.shape, Windows((16, 16, 16), 0.5)):
        seen[place] += 1
    assert seen.min() >= 1


def test_settings_are_read_and_those_of_speed_passed_over() -> None:
    entry = {
        "_target_": "monai.inferers.SlidingWindowInferer",
        "roi_size": [96, 96, 64],
        "sw_batch_size": 4,
        "overlap": 0.5,
        "mode": "gaussian",
    }
    assert read_inferer({"inferer": entry}) == Windows((96, 96, 64), 0.5, True)


@pytest.mark.parametrize(
    "entry",
    [
        {"_target_": "SaliencyInferer"},
        {"_target_": "SlidingWindowInferer", "roi_size": [96, 96]},
        {"_target_": "SlidingWindowInferer", "roi_size": "@size"},
        {"_target_": "SlidingWindowInferer", "roi_size": [96, 96, 96], "overlap": 1.0},
        {"_target_": "SlidingWindowInferer", "roi_size": [96, 96, 96], "padding_mode": "reflect"},
    ],
)
def test_what_would_be_ignored_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(BundleError):
        read_inferer({"inferer": entry})
