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
    made[list(contrasts)] = 1
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
