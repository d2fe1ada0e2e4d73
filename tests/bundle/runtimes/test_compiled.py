from __future__ import annotations

import os
import subprocess
import sys

import pytest

NETWORK = """
import gc, os, signal, sys
import numpy as np
from pipeline.bundle.runtimes.compiled import OpenVinoNetwork
from pipeline.bundle.runtimes.silent import openvino

XML = '''<net name="n" version="11"><layers>
<layer id="0" name="given" type="Parameter" version="opset1">
<data shape="1,1,8,8,8" element_type="f32"/><output><port id="0" precision="FP32">
<dim>1</dim><dim>1</dim><dim>8</dim><dim>8</dim><dim>8</dim></port></output></layer>
<layer id="1" name="above" type="ReLU" version="opset1"><input><port id="0" precision="FP32">
<dim>1</dim><dim>1</dim><dim>8</dim><dim>8</dim><dim>8</dim></port></input>
<output><port id="1" precision="FP32">
<dim>1</dim><dim>1</dim><dim>8</dim><dim>8</dim><dim>8</dim></port></output></layer>
<layer id="2" name="result" type="Result" version="opset1"><input><port id="0" precision="FP32">
<dim>1</dim><dim>1</dim><dim>8</dim><dim>8</dim><dim>8</dim></port></input></layer>
</layers><edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
<edge from-layer="1" from-port="1" to-layer="2" to-port="0"/></edges></net>'''

def opened(threads=1, side=8):
    network = OpenVinoNetwork(XML, bytes(1), threads, "openvino-cpu")
    assert network(np.full((1, side, side, side), 2.0)).max() == 2.0
    return network
"""

CLOSED = """
signal.signal(signal.SIGINT, signal.default_int_handler)
first, second = opened(), opened()
del first
gc.collect()
third = opened()
del second, third
gc.collect()
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    sys.exit(130)
"""

TIED = """
network = opened(threads=2, side=128)
threads = [int(name) for name in os.listdir("/proc/self/task")]
assert len({frozenset(os.sched_getaffinity(thread)) for thread in threads}) == 1
"""


def test_an_interruption_is_none_but_that_after_networks_were_closed() -> None:
    done = run(NETWORK + CLOSED)
    assert done.returncode == 130, done.stderr


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="tells threads' cores: Linux")
def test_no_thread_is_tied_to_a_core_that_other_processes_use_too() -> None:
    done = run(NETWORK + TIED)
    assert done.returncode == 0, done.stderr


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
