from __future__ import annotations

import subprocess
import sys

CODE = """
import gc, signal, sys
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

def opened():
    network = OpenVinoNetwork(XML, bytes(1), 1, "openvino-cpu")
    assert network(np.full((1, 8, 8, 8), 2.0)).max() == 2.0
    return network

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


def test_an_interruption_is_none_but_that_after_networks_were_closed() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 130, done.stderr
