from __future__ import annotations

from dataclasses import replace

import pytest

import pipeline
from pipeline.versions.drift import Drift, drift
from pipeline.versions.environment import environment
from pipeline.versions.lock import Lock


@pytest.fixture
def lock() -> Lock:
    return Lock({}, pipeline.__version__, environment())


def test_no_drift_against_what_is_installed(lock: Lock) -> None:
    assert drift(lock) == ()


def test_every_drift_is_named(lock: Lock) -> None:
    libraries = {**lock.libraries, "torch": "1.0.0"}
    numpy = libraries.pop("numpy")
    torch = lock.libraries["torch"]
    assert drift(replace(lock, pipeline="0.0.1", libraries=libraries)) == (
        Drift("pipeline", "0.0.1", pipeline.__version__),
        Drift("numpy", None, numpy),
        Drift("torch", "1.0.0", torch),
    )
