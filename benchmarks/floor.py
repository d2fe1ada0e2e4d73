"""What a study cannot cost less than: its matrix arithmetic, and its bytes read and written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.clock import Spent, clock

SIDE = 2048
# Large enough to fill a data centre's card for two milliseconds.
CARD_SIDE = 8192


def gigaflop(network: Any, shape: tuple[int, ...]) -> float:
    """Billions of operations (two for each multiply-add) of a network on a batch of `shape`."""
    counter = FlopCounterMode(display=False)
    with torch.device("meta"), counter, torch.inference_mode():
        network.to("meta")(torch.empty(shape))
    return counter.get_total_flops() / 1e9


def arithmetic(work: float) -> Spent:
    """Seconds that `work` GFLOP take in numpy's float32 matrix product, the best of five."""
    matrix = np.random.default_rng(0).random((SIDE, SIDE), np.float32)
    runs: list[Spent] = []
    for _ in range(5):
        with clock(runs):
            matrix @ matrix
    products = work * 1e9 / (2 * SIDE**3)
    wall, processor = min(r.wall for r in runs), min(r.processor for r in runs)
    return Spent(products * wall, products * processor)


def arithmetic_on_card(work: float) -> Spent:
    """Seconds that `work` GFLOP take in a float16 matrix product on CUDA, the best of five."""
    matrix = torch.randn(CARD_SIDE, CARD_SIDE, dtype=torch.float16, device="cuda")
    runs: list[Spent] = []
    for _ in range(6):  # the first wakes the card
        torch.cuda.synchronize()
        with clock(runs):
            matrix @ matrix
            torch.cuda.synchronize()
    products = work * 1e9 / (2 * CARD_SIDE**3)
    return Spent(*(products * min(spent) for spent in zip(*runs[1:], strict=True)))


def copy_bytes(sources: Iterable[Path], results: Iterable[Path]) -> None:
    """Read all source files, write as many bytes as the results have, and sync."""
    for path in sources:
        path.read_bytes()
    for path in results:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
