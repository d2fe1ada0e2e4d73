"""What a study cannot cost less than: its matrix arithmetic, and its bytes read and written."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

SIDE = 2048


def gigaflop(network: Any, shape: tuple[int, ...]) -> float:
    """Billions of operations (two for each multiply-add) of a network on a batch of `shape`."""
    counter = FlopCounterMode(display=False)
    with torch.device("meta"), counter, torch.inference_mode():
        network.to("meta")(torch.empty(shape))
    return counter.get_total_flops() / 1e9


def sgemm_rate() -> float:
    """Billions of operations a second of numpy's float32 matrix product, the best of five."""
    matrix = np.random.default_rng(0).random((SIDE, SIDE), np.float32)
    best = min(_timed(matrix) for _ in range(5))
    return 2 * SIDE**3 / 1e9 / best


def copy_seconds(sources: Iterable[Path], results: Iterable[Path]) -> float:
    """Read all source files, write as many bytes as the results have, and sync."""
    started = time.perf_counter()
    for path in sources:
        path.read_bytes()
    for path in results:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    return time.perf_counter() - started


def _timed(matrix: np.ndarray) -> float:
    started = time.perf_counter()
    matrix @ matrix
    return time.perf_counter() - started
