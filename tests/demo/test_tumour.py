from __future__ import annotations

import numpy as np
import pytest

from pipeline.demo.contrast import Tissue
from pipeline.demo.phantom import Phantom, load_phantom
from pipeline.demo.tumour import Growth, grow

GROWTH = Growth((-30.0, -20.0, 28.0), 10.0, 16.0, 60.0)


@pytest.fixture(scope="module")
def phantom() -> Phantom:
    return load_phantom(3)


@pytest.fixture(scope="module")
def diseased(phantom: Phantom) -> Phantom:
    return grow(phantom, GROWTH, np.random.default_rng(0))


def _volume(phantom: Phantom, tissue: Tissue) -> float:
    return float(phantom.fractions[tissue].sum()) * phantom.spacing**3 / 1000


def test_parts_have_the_volume_asked_for(diseased: Phantom) -> None:
    assert _volume(diseased, Tissue.CORE) == pytest.approx(10, rel=0.02)
    assert _volume(diseased, Tissue.ENHANCING) == pytest.approx(16, rel=0.02)
    assert _volume(diseased, Tissue.OEDEMA) == pytest.approx(60, rel=0.1)


def test_fractions_still_add_up_to_one(diseased: Phantom) -> None:
    assert diseased.fractions.sum(0) == pytest.approx(1, abs=1e-4)
    assert diseased.fractions.min() >= 0


def test_oedema_follows_white_matter(phantom: Phantom, diseased: Phantom) -> None:
    oedema = diseased.fractions[Tissue.OEDEMA]
    under = [
        float((oedema * phantom.fractions[t]).sum() / phantom.fractions[t].sum()) for t in range(3)
    ]
    csf, grey, white = under
    assert white > 2 * grey > 2 * csf


def test_necrosis_lies_inside_the_enhancing_rim(diseased: Phantom) -> None:
    core = diseased.fractions[Tissue.CORE] > 0.5
    rim = diseased.fractions[Tissue.ENHANCING] > 0.5
    places = [np.argwhere(mask) for mask in (core, rim)]
    middle = places[0].mean(0)
    inner, outer = (np.linalg.norm(place - middle, axis=1).mean() for place in places)
    assert inner < outer


def test_another_seed_grows_another_outline(phantom: Phantom, diseased: Phantom) -> None:
    other = grow(phantom, GROWTH, np.random.default_rng(1))
    assert not np.array_equal(other.fractions, diseased.fractions)
