"""All contrasts, and FLAIR once more: the whole tumour is the mean of both looks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
INFER = import_file(BUNDLE, "infer.py", "sha256:tumour-tests")
SHAPE = (8, 6, 4)


class Counting:
    """Logits that say which contrasts were seen: 1, 2, 4 and 8 for T1, T1c, T2 and FLAIR."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self, image: np.ndarray) -> np.ndarray:
        self.looks += 1
        seen = float(sum(2**n for n, contrast in enumerate(image) if contrast.any()))
        return np.full((3, *SHAPE), seen, np.float32)


def image(*contrasts: int) -> np.ndarray:
    made = np.zeros((4, *SHAPE), np.float32)
    made[list(contrasts)] = np.random.default_rng(0).uniform(1, 2, SHAPE)
    return made


def test_whole_tumour_is_the_mean_of_both_looks_and_core_is_seen_by_all_contrasts() -> None:
    network, given = Counting(), image(0, 1, 2, 3)
    whole, core, enhancing = INFER.infer(network, given)
    assert np.unique(whole).tolist() == [(15 + 8) / 2]
    assert np.unique(core).tolist() == np.unique(enhancing).tolist() == [15]
    assert network.looks == 2
    assert given.all(), "what was given is not written to"


@pytest.mark.parametrize("contrasts", [(3,), (1,), (0, 1, 2)])
def test_flair_by_itself_and_images_without_it_are_looked_at_once(
    contrasts: tuple[int, ...],
) -> None:
    network = Counting()
    output = INFER.infer(network, image(*contrasts))
    assert np.unique(output).tolist() == [sum(2**n for n in contrasts)]
    assert network.looks == 1


def test_the_network_sees_contrasts_of_zero_mean_and_unit_spread_whatever_the_coil() -> None:
    seen = []

    def network(given: np.ndarray) -> np.ndarray:
        seen.append(given)
        return np.zeros((3, *given.shape[1:]), np.float32)

    flair = np.zeros((4, 32, 30, 28), np.float32)
    flair[3, 2:] = np.random.default_rng(0).uniform(1, 2, (30, 30, 28))
    drift = np.exp(np.linspace(-0.2, 0.2, 32))[:, None, None].astype(np.float32)
    INFER.infer(network, flair)
    INFER.infer(network, flair * drift)
    inside = flair[3] > 0
    assert seen[0][3][inside].mean() == pytest.approx(0, abs=1e-4)
    assert seen[0][3][inside].std() == pytest.approx(1, abs=1e-4)
    assert not seen[0][3][~inside].any()
    np.testing.assert_allclose(seen[0], seen[1], atol=1e-2)
