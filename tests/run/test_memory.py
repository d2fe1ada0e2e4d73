from __future__ import annotations

import subprocess
import sys

import pytest

# In a process of its own: one that has worked already holds memory it can use again.
CODE = """
from pipeline.run.memory import peak_mib, reset_peak
reset_peak()
before = peak_mib()
held = bytearray(b"x") * (300 * 2**20)
during = peak_mib()
del held
reset_peak()
print(during - before, peak_mib() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a peak begin anew")
def test_a_peak_is_seen_and_forgotten() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    during, after = map(float, done.stdout.split())
    assert 290 < during < 400
    assert after < 50
