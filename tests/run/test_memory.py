from __future__ import annotations

import sys

import numpy as np
import pytest

from pipeline.run.memory import peak_mib, reset_peak


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a peak begin anew")
def test_a_peak_is_seen_and_forgotten() -> None:
    reset_peak()
    before = peak_mib()
    held = np.ones(200 * 2**17)  # 200 MiB, every page touched
    assert peak_mib() - before > 150
    del held
    reset_peak()
    assert peak_mib() - before < 100
