from __future__ import annotations

import socket

import numpy as np
import pytest

from pipeline.demo.contrast import Tissue
from pipeline.demo.phantom import Phantom, load_phantom


@pytest.fixture(scope="module")
def phantom() -> Phantom:
    return load_phantom(3)


def test_brain_has_a_brain_s_volume(phantom: Phantom) -> None:
    inside = phantom.surround[phantom.box] == Tissue.CSF
    litres = float((phantom.fractions[1:3].sum(0) * inside).sum()) * 27 / 1e6
    assert 1.4 < litres < 1.9


def test_a_skull_lies_between_brain_and_scalp(phantom: Phantom) -> None:
    # From the vertex down: air, scalp, skull, fluid.
    x, y = (round((0 - phantom.origin[axis]) / phantom.spacing) for axis in (0, 1))
    column = phantom.surround[x + 8, y, ::-1]
    seen = [Tissue(int(value)) for value in column]
    order = [seen.index(t) for t in (Tissue.AIR, Tissue.FAT, Tissue.SKULL, Tissue.CSF)]
    assert order == sorted(order)


def test_left_and_right_eye_mirror_each_other(phantom: Phantom) -> None:
    eyes = np.argwhere(phantom.surround == Tissue.EYE) * phantom.spacing + phantom.origin
    left, right = eyes[eyes[:, 0] > 0].mean(0), eyes[eyes[:, 0] < 0].mean(0)
    assert left[0] == pytest.approx(-right[0], abs=3)
    assert left[1] < -40, "eyes lie in front; LPS y runs backward"


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the phantom reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert load_phantom(8).fractions.shape[0] == 6
