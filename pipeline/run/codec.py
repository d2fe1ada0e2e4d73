"""A prediction as bytes and back; JSON and zlib, so that nothing in it can run."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from pipeline.types import Assessment, Concept, Finding, Measurement, Prediction, Role, Verdict


def encode(prediction: Prediction) -> bytes:
    """Bytes that depend on the prediction's content alone."""
    labels = prediction.labels
    record = {
        "shape": None if labels is None else list(labels.shape),
        "measurements": [asdict(m) for m in prediction.measurements],
        "findings": [asdict(f) for f in prediction.findings],
        "assessments": [asdict(a) for a in prediction.assessments],
    }
    head = json.dumps(record, sort_keys=True).encode()
    body = b"" if labels is None else zlib.compress(np.ascontiguousarray(labels).tobytes(), 1)
    return len(head).to_bytes(8, "little") + head + body


def decode(data: bytes) -> Prediction:
    """Inverse of `encode`; raises ValueError or KeyError on bytes it did not write."""
    size = int.from_bytes(data[:8], "little")
    record = json.loads(data[8 : 8 + size])
    labels = None
    if record["shape"] is not None:
        raw = zlib.decompress(data[8 + size :])
        labels = np.frombuffer(raw, np.uint8).reshape(record["shape"])
    return Prediction(
        labels=labels,
        measurements=tuple(measurement_from(m) for m in record["measurements"]),
        findings=tuple(_finding(f) for f in record["findings"]),
        assessments=tuple(
            Assessment(Role(a["role"]), Verdict(a["verdict"]), a["reason"])
            for a in record["assessments"]
        ),
    )


def measurement_from(entry: Mapping[str, Any]) -> Measurement:
    """Inverse of ``asdict``; raises KeyError, TypeError or ValueError on anything else."""
    role = Role(entry["role"]) if entry["role"] else None
    return Measurement(**{**entry, "concept": Concept(**entry["concept"]), "role": role})


def _finding(entry: dict[str, Any]) -> Finding:
    x, y, z = entry["centroid_mm"]
    return Finding(**{**entry, "centroid_mm": (x, y, z)})
