"""Import OpenVINO without its reporter: importing it would tell its makers so over the network."""

from __future__ import annotations

import sys
from typing import Any


def openvino() -> Any:
    """OpenVINO, which falls back to a stub where its telemetry package cannot be imported."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # an import of it fails
    import openvino

    return openvino
