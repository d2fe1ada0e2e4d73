"""A network of OpenVINO as its two files; it writes them nowhere but to the disk."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from pipeline.bundle.runtimes.silent import openvino
from pipeline.disk import temporary
from pipeline.errors import OutputError


def serialise(model: Any) -> tuple[str, bytes]:
    """The description of an OpenVINO model and the weights it points into, none made float16.

    Raises
    ------
    OutputError
        The folder for temporary files is full or cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "network.xml"
            openvino().save_model(model, path, compress_to_fp16=False)
            return path.read_text(encoding="utf-8"), path.with_suffix(".bin").read_bytes()
    except (OSError, RuntimeError) as error:  # the second is OpenVINO's word for a full disk
        raise OutputError(
            f"A converted network cannot be written to {temporary()}.",
            "Free disk space there, or name another folder in TMPDIR.",
        ) from error
