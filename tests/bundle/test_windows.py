"""Windows over an image: MONAI's own results."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from monai.inferers import SlidingWindowInferer

from pipeline.bundle.windows import Windows, places, slide
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
    np.testing.assert_allclose(slide(network, image, windows), expected[0].detach(), atol=1e-5)


def test_windows_cover_every_voxel() -> None:
    seen = np.zeros((30, 17, 64), int)
    for place in places(seen.shape, Windows((16, 16, 16), 0.5)):
        seen[place] += 1
    assert seen.min() >= 1


def test_a_network_without_a_value_for_each_voxel_is_refused() -> None:
    class Halved(Sharpened):
        def __call__(self, image: np.ndarray) -> np.ndarray:
            return super().__call__(image)[:, ::2, ::2, ::2]

    with pytest.raises(BundleError, match="window of"):
        slide(Halved(), np.zeros((2, 20, 20, 20), np.float32), Windows((16, 16, 16)))
