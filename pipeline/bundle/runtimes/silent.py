"""Import OpenVINO without its reporter: importing it would tell its makers so over the network."""

from __future__ import annotations

import functools
import sys
from typing import Any


def openvino() -> Any:
    """OpenVINO, which falls back to a stub where its telemetry package cannot be imported."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # an import of it fails
    import openvino

    return openvino


@functools.cache
def core() -> Any:
    """OpenVINO's core, one for as long as the process lives.

    Each core lays a stack for signals and takes it away when it goes: where one of several goes out
    of turn, the next interruption finds a stack that is no more, and the process crashes.
    """
    return openvino().Core()
