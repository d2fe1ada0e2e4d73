"""A training's state on the disk: written whole or not at all, read on any machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch


def save(path: Path, step: int, *parts: Any) -> None:
    """Write how far a training has come and the state of each of its parts.

    Folds that are trained side by side may write the same file, so each process has a partial file
    of its own; what takes the file's place is on the disk before it does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            torch.save({"step": step, "parts": [part.state_dict() for part in parts]}, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def restore(path: Path, *parts: Any) -> int:
    """Give each part its state back and return the step that comes next, 0 without a checkpoint."""
    if not path.exists():
        return 0
    # What a GPU has written is read without one too; each part takes its state to its own device.
    state = torch.load(path, map_location="cpu", weights_only=True)
    for part, values in zip(parts, state["parts"], strict=True):
        part.load_state_dict(values)
    return int(state["step"])
