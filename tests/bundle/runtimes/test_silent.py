from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from pipeline.bundle.runtimes.silent import openvino
assert openvino().Core() is not None
assert sys.modules["openvino_telemetry"] is None
from openvino.tools.ovc import telemetry_utils
print(telemetry_utils.tm.__name__)
"""


def test_importing_openvino_reports_to_nobody() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "openvino.tools.ovc.telemetry_stub"
